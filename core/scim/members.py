"""What a write changes about a group's members, as a value: who comes, who goes, who is called otherwise.

Members are compared and only the differences are written, so that a change costs what it changes. The users that come
or go are the ones that targets must look at; all others of the group stay as they are.
"""

from dataclasses import dataclass

from scim2_models import Group, InvalidValueException
from sqlalchemy import Connection

from core.store import Transaction, member_rows
from core.store.identities import Stored


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """The differences between a group's members as they are and as they are to be."""

    put: tuple[tuple[bool, int, str | None], ...] = ()
    """New ones, and those whose name at the IdP changed: is a group, row number, what the IdP calls it."""
    gone: tuple[tuple[bool, int], ...] = ()
    """Is a group, row number."""
    users: frozenset[str] = frozenset()
    """Ids of the users that come or go."""

    def __bool__(self) -> bool:
        return bool(self.put or self.gone)

    def write(self, tx: Transaction, group: Stored, exchange: int | None) -> None:
        """Make it so."""
        member_rows.add(tx, group.key, self.put, exchange)
        member_rows.remove(tx, group.key, self.gone)
        moved = [(nested, key) for nested, key, _ in self.put] + list(self.gone)
        member_rows.count_users_up(tx, (key for nested, key in moved if not nested))


def member_changes(connection: Connection, provider: str, group: Stored, wanted: Group) -> MemberChanges:
    """Compare the stored members of a group with those it is to have.

    :raises InvalidValueException: when a member's value is no id of a live user or group of this provider.
    """
    called = {member.value: member.display for member in wanted.members or [] if member.value}
    known = member_rows.resolve(connection, provider, list(called))
    unknown = sorted(called.keys() - known.keys())
    if unknown:
        raise InvalidValueException(detail=f"members: no user or group has the id {unknown[0]!r}; use our ids")
    before = {member.id: member for member in member_rows.members(connection, group.key)}
    came, went = known.keys() - before.keys(), before.keys() - known.keys()
    renamed = {id for id in known.keys() & before.keys() if called[id] not in (None, before[id].display)}
    return MemberChanges(
        put=tuple((*known[id], called[id]) for id in sorted(came | renamed)),
        gone=tuple((before[id].nested, before[id].key) for id in sorted(went)),
        users=frozenset(id for id in came if not known[id][0]) | {id for id in went if not before[id].nested},
    )
