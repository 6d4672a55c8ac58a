"""The whole state of one simulated Confluence. Whoever touches it holds `lock`."""

from collections.abc import Callable, Iterable, Sequence

from core.sandbox.confluence.longtask import LongTasks
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.seats import Seats
from core.sandbox.confluence.settings import Settings
from core.sandbox.embedded_crowd import Account, Directory, EmbeddedCrowd, UserKeys, random_keys
from core.sandbox.instance import Instance
from core.sandbox.version import Version


class State(Instance[Settings]):
    """Besides what every instance keeps: seats, long tasks and the search index."""

    def __init__(
        self,
        version: Version,
        context: str,
        quirks: Quirks,
        settings: Settings,
        directories: Sequence[Directory],
        seed: int,
        clock: Callable[[], float],
    ) -> None:
        crowd = EmbeddedCrowd(
            directories,
            UserKeys(random_keys(seed)),
            aggregate_memberships=quirks.aggregate_memberships,
            on_change=self.reassess_seats,
        )
        super().__init__(version, context, settings, crowd)
        self.quirks = quirks
        self.seats = Seats()
        self.tasks = LongTasks(quirks, clock)
        self.search_index: tuple[Account, ...] = ()
        """The licensed users when the search index was last built."""

    def reassess_seats(self, names: Iterable[str]) -> None:
        """Work out anew which of these users take a seat."""
        self.seats.reassess(names, self.settings, self.crowd.account, self.crowd.groups_of)
