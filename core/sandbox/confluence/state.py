"""The whole state of one simulated Confluence. Whoever touches it holds `lock`."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from core.sandbox.confluence.effects import Effect, EffectKind
from core.sandbox.confluence.longtask import LongTasks
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.seats import Seats
from core.sandbox.confluence.settings import Settings
from core.sandbox.embedded_crowd import Account, Directory, EmbeddedCrowd, UserKeys, random_keys
from core.sandbox.version import Version


class State:
    """Users and groups, seats, credentials, long tasks, and the records of what was asked and done."""

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
        self.lock = threading.RLock()
        self.version = version
        self.context = context
        """The context path: empty, or `/confluence`."""
        self.quirks = quirks
        self.settings = settings
        self.seats = Seats()
        self.crowd = EmbeddedCrowd(
            directories,
            UserKeys(random_keys(seed)),
            aggregate_memberships=quirks.aggregate_memberships,
            on_change=self.reassess_seats,
        )
        self.tasks = LongTasks(quirks, clock)
        self.passwords: dict[str, str] = {}
        """User key → password."""
        self.tokens: dict[str, str] = {}
        """Personal access token → user key of its owner."""
        self.search_index: tuple[Account, ...] = ()
        """The licensed users when the search index was last built."""
        self.effects: list[Effect] = []
        self.requests: Counter[tuple[str, str]] = Counter()

    def reassess_seats(self, names: Iterable[str]) -> None:
        """Work out anew which of these users take a seat."""
        self.seats.reassess(names, self.settings, self.crowd.account, self.crowd.groups_of)

    def record(self, kind: EffectKind, subject: str, detail: str = "") -> None:
        """Add an effect."""
        self.effects.append(Effect(kind, subject, detail))
