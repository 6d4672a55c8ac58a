"""What a write wants of a group's members, and what that changes: who comes, who goes, who is called otherwise.

Only differences are written, so that a change costs what it changes. The users that come or go are the ones that
targets must look at; all others of the group stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scim2_models import InvalidValueException
from sqlalchemy import Connection

from core.store import Transaction, member_rows
from core.store.identities import Stored
from core.store.member_rows import Row


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """The differences between a group's members as they are and as they are to be."""

    put: tuple[tuple[bool, int, str | None], ...] = ()
    """New ones, and those whose name at the IdP changed: is a group, row number, what the IdP calls it."""
    gone: tuple[Row, ...] = ()
    users: frozenset[str] = frozenset()
    """Ids of the users that come or go."""
    groups: frozenset[str] = frozenset()
    """Ids of the groups that come or go: their members do so with them, where targets flatten groups."""

    def __bool__(self) -> bool:
        return bool(self.put or self.gone)

    def write(self, tx: Transaction, group: Stored, exchange: int | None) -> None:
        """Make it so."""
        member_rows.add(tx, group.key, self.put, exchange)
        member_rows.remove(tx, group.key, self.gone)
        moved = [(nested, key) for nested, key, _ in self.put] + list(self.gone)
        member_rows.count_users_up(tx, (key for nested, key in moved if not nested))


@dataclass(slots=True)
class WantedMembers:
    """Who is to be a member; the last word about each counts. Of everybody else, `whole` says whether they stay."""

    whole: bool = False
    """Whether only those named are to be members."""
    come: dict[str, str | None] = field(default_factory=dict)
    """Id → what the IdP calls it; `None` where it says nothing, and a name that was given before stays."""
    go: set[str] = field(default_factory=set)

    def add(self, members: Mapping[str, str | None]) -> None:
        """Have these as well."""
        self.come |= members
        self.go -= members.keys()

    def remove(self, ids: set[str]) -> None:
        """Have these no more."""
        self.go |= ids
        for ident in ids & self.come.keys():
            del self.come[ident]

    def replace(self, members: Mapping[str, str | None]) -> None:
        """Have these and no others."""
        self.whole, self.come, self.go = True, dict(members), set()

    def changes(self, connection: Connection, provider: str, group: Stored) -> MemberChanges:
        """What differs from the members that are stored.

        :raises InvalidValueException: when somebody to be added is not known.
        """
        known = member_rows.resolve(connection, provider, self.come.keys() | self.go)
        if unknown := sorted(self.come.keys() - known.keys()):
            raise InvalidValueException(detail=f"members: no user or group has the id {unknown[0]!r}; use our ids")
        there = member_rows.called(connection, group.key, None if self.whole else known.values())
        wanted = {known[ident]: display for ident, display in self.come.items()}
        put = {row: display for row, display in wanted.items() if _is_news(row, display, there)}
        gone = there.keys() - wanted.keys() if self.whole else {known[i] for i in self.go & known.keys()} & there.keys()
        moved = [row for row in put if row not in there] + list(gone)
        return MemberChanges(
            put=tuple((*row, put[row]) for row in sorted(put)),
            gone=tuple(sorted(gone)),
            users=frozenset(member_rows.user_ids(connection, (key for nested, key in moved if not nested))),
            groups=frozenset(member_rows.group_ids(connection, (key for nested, key in moved if nested))),
        )


def _is_news(row: Row, display: str | None, there: Mapping[Row, str]) -> bool:
    return row not in there or display not in (None, there[row])
