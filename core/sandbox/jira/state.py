"""The whole state of one simulated Jira. Whoever touches it holds `lock`."""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence

from core.sandbox.embedded_crowd import Account, Directory, EmbeddedCrowd, UserKeys, numbered_keys
from core.sandbox.jira.application_roles import Seats
from core.sandbox.jira.effects import Effect, EffectKind
from core.sandbox.jira.nesting import outer_groups
from core.sandbox.jira.projects import Projects
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.settings import Settings
from core.sandbox.version import Version


class State:
    """Users and groups, seats, projects, credentials, and the records of what was asked and done."""

    def __init__(
        self, version: Version, context: str, quirks: Quirks, settings: Settings, directories: Sequence[Directory]
    ) -> None:
        self.lock = threading.RLock()
        self.version = version
        self.context = context
        """The context path: empty, or `/jira`."""
        self.quirks = quirks
        self.settings = settings
        self.seats = Seats()
        self.crowd = EmbeddedCrowd(
            directories,
            UserKeys(numbered_keys()),
            aggregate_memberships=quirks.aggregate_memberships,
            on_change=self.reassess_seats,
        )
        self.projects = Projects()
        self.busy: set[str] = set()
        """User keys of those who reported, commented or were assigned issues, and so cannot be deleted."""
        self.passwords: dict[str, str] = {}
        """User key → password."""
        self.tokens: dict[str, str] = {}
        """Personal access token → user key of its owner."""
        self.failed_logins: Counter[str] = Counter()
        """Username → failed logins since the last good one."""
        self.effects: list[Effect] = []
        self.requests: Counter[tuple[str, str]] = Counter()

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

    def record(self, kind: EffectKind, subject: str, detail: str = "") -> None:
        """Add an effect."""
        self.effects.append(Effect(kind, subject, detail))
