"""The whole state of one simulated Bitbucket. Whoever touches it holds `lock`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from core.sandbox.bitbucket.permissions import NO_PERMISSION, Grants, Seats
from core.sandbox.bitbucket.quirks import Quirks
from core.sandbox.bitbucket.settings import Settings
from core.sandbox.embedded_crowd import Directory, EmbeddedCrowd, UserKeys, name_key
from core.sandbox.instance import Instance
from core.sandbox.version import Version

_BASIC_OFF_SINCE = Version(10, 4)
_FIRST_ID = 101


class State(Instance[Settings]):
    """Besides what every instance keeps: global permissions, seats, and OAuth 2.0 tokens. User keys are numbers."""

    def __init__(
        self, version: Version, context: str, quirks: Quirks, settings: Settings, directories: Sequence[Directory]
    ) -> None:
        crowd = EmbeddedCrowd(
            directories,
            UserKeys(str(number) for number in count(_FIRST_ID)),
            aggregate_memberships=quirks.aggregate_memberships,
            on_change=self.reassess_seats,
        )
        super().__init__(version, context, settings, crowd)
        self.quirks = quirks
        self.grants = Grants()
        self.seats = Seats()
        self.scopes: dict[str, str] = {}
        """Those of `tokens` that are OAuth 2.0 access tokens → their scope; the others are HTTP access tokens."""
        self.failed_logins: Counter[str] = Counter()
        """Name key → failed logins since the last good one."""

    @property
    def takes_passwords(self) -> bool:
        """Whether user name and password are accepted."""
        basic = self.settings.basic
        return self.version < _BASIC_OFF_SINCE if basic is None else basic

    def groups_of(self, name: str) -> set[str]:
        """Keys of the groups that count for a user's permissions: his own, and those these are nested in."""
        found, waiting = set[str](), list(self.crowd.groups_of(name))
        while waiting:
            group = waiting.pop()
            if group not in found:
                found.add(group)
                waiting += [outer for outer, inside in self._nested() if group in inside]
        return found

    def level_of(self, name: str) -> int:
        """The highest global permission of a user, `NO_PERMISSION` for an inactive one."""
        account = self.crowd.account(name)
        if account is None or not account.active:
            return NO_PERMISSION
        return self.grants.level(account.user_key, self.groups_of(name))

    def is_full(self) -> bool:
        """Whether the licence has no seat left."""
        return self.settings.seats is not None and self.seats.taken >= self.settings.seats

    def reassess_seats(self, names: Iterable[str]) -> None:
        """Work out anew which of these users take seats."""
        for name in names:
            self.seats.note(name, takes=self.level_of(name) > NO_PERMISSION)

    def reassess_members(self, group: str) -> None:
        """Work out anew who takes a seat by this group: its members, and those of groups inside it."""
        seen, waiting = set[str](), [name_key(group)]
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                self.reassess_seats(self.crowd.members(key))
                waiting += self.crowd.nested_groups(key)

    def _nested(self) -> Iterator[tuple[str, set[str]]]:
        """Group key → keys of the groups inside it, in every active directory."""
        active = (content for content in self.crowd.contents if content.directory.active)
        return (pair for content in active for pair in list(content.nested.items()))
