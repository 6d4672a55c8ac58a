"""The whole state of one simulated Jira. Whoever touches it holds `lock`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.sandbox.embedded_crowd import Account, Directory, EmbeddedCrowd, UserKeys, numbered_keys
from core.sandbox.instance import Instance
from core.sandbox.jira.application_roles import Seats
from core.sandbox.jira.nesting import outer_groups
from core.sandbox.jira.projects import Projects
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.settings import Settings
from core.sandbox.version import Version

Duplicates = Mapping[str, tuple[tuple[int, str, bool], ...]]
"""Username → id and name of each directory that has it, and whether the account there is active."""


class State(Instance[Settings]):
    """Besides what every instance keeps: seats and projects."""

    def __init__(
        self, version: Version, context: str, quirks: Quirks, settings: Settings, directories: Sequence[Directory]
    ) -> None:
        crowd = EmbeddedCrowd(
            directories,
            UserKeys(numbered_keys()),
            aggregate_memberships=quirks.aggregate_memberships,
            on_change=self.reassess_seats,
        )
        super().__init__(version, context, settings, crowd)
        self.quirks = quirks
        self.seats = Seats()
        self.projects = Projects()
        self.busy: set[str] = set()
        """User keys of those who reported, commented or were assigned issues, and so cannot be deleted."""
        self.duplicates: tuple[Duplicates, float] | None = None
        """The names in several directories as last looked for, and until when that holds."""
        self.failed_logins: Counter[str] = Counter()
        """Username → failed logins since the last good one."""

    def groups_of(self, name: str) -> set[str]:
        """Keys of the groups of a user as Jira tells and counts them."""
        direct = self.crowd.groups_of(name)
        return outer_groups(self.crowd, direct) if self.quirks.groups_include_parents else direct

    def reassess_seats(self, names: Iterable[str]) -> None:
        """Work out anew which of these users take seats."""
        for name in names:
            account = self.crowd.account(name)
            groups = outer_groups(self.crowd, self.crowd.groups_of(name)) if account and account.active else ()
            self.seats.reassess(name, groups, self.settings.applications)

    def account_with_key(self, user_key: str | None) -> Account | None:
        """The account of that user key."""
        return self.crowd.account_with_key(user_key) if user_key is not None else None
