"""Global permissions, and who takes a seat of the licence by them.

Source: Bitbucket Data Center documentation, Global permissions. A user has the highest of what he and his groups were
granted; everybody who has any, and is active, takes a seat and may log in.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum

from core.sandbox.embedded_crowd import name_key


class Permission(IntEnum):
    """A global permission; each includes those before it. What has no name is no permission."""

    LICENSED_USER = 1
    PROJECT_CREATE = 2
    ADMIN = 3
    SYS_ADMIN = 4


NO_PERMISSION = 0


class Grants:
    """What was granted to users (by user key) and to groups (by group key)."""

    def __init__(self) -> None:
        self.users: dict[str, Permission] = {}
        self.groups: dict[str, Permission] = {}

    def level(self, user_key: str, groups: Iterable[str]) -> int:
        """The highest of what a user and these groups have."""
        granted: list[int] = [self.groups[group] for group in groups if group in self.groups]
        return max([*granted, self.users.get(user_key, NO_PERMISSION)], default=NO_PERMISSION)


class Seats:
    """Who takes a seat, kept current user by user, so that a creation never counts them all."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    @property
    def taken(self) -> int:
        """How many seats are taken."""
        return len(self._taken)

    def has(self, user: str) -> bool:
        """Whether that user takes one."""
        return name_key(user) in self._taken

    def note(self, user: str, *, takes: bool) -> None:
        """Note whether that user takes one."""
        (self._taken.add if takes else self._taken.discard)(name_key(user))


def permission_named(name: str) -> Permission | None:
    """The permission of that name; None when there is none."""
    names: Mapping[str, Permission] = Permission.__members__
    return names.get(name)
