"""Users together with their groups, in one statement: one look at the store, so both are of one moment."""

from sqlalchemy import Connection, Select, bindparam, literal, null, select, union_all

from core.store.identities import Indexed, Stored, equality, live
from core.store.identity_columns import exact_key, name_key, storable
from core.store.member_rows import Member
from core.store.prepared import Prepared
from core.store.tables import GROUPS, MEMBERSHIPS, USERS

UserWithGroups = tuple[Stored, list[Member]]


def find(connection: Connection, provider: str, attribute: Indexed, value: str) -> list[UserWithGroups]:
    """Live users whose indexed attribute equals `value`, in the order of creation, and their groups in that order.

    :raises KeyError: when the attribute is `email`, by which several are found.
    """
    if not storable(value):
        return []
    key = exact_key(value) if attribute in ("id", "externalId") else name_key(value)
    rows = _FOUND[attribute].all(connection, provider=provider, value=key)
    users = {row[0]: Stored(*row[:6]) for row in rows if row[6] is None}
    if len(users) == len(rows):
        return [(users[number], []) for number in sorted(users)]
    groups: dict[int, list[Member]] = {number: [] for number in users}
    for number, ident, _, _, _, _, member, name in sorted((row for row in rows if row[6] is not None), key=_number):
        groups[member].append(Member(number, ident, name, True))
    return [(users[number], groups[number]) for number in sorted(users)]


def _number(row: tuple[int, ...]) -> int:
    return row[0]


def _finding(attribute: Indexed) -> Prepared:
    """Rows of users, and rows of groups that name the user; they are told apart by that."""
    chosen = equality("User", attribute)
    users = live("User").add_columns(null().label("member"), null().label("name")).where(chosen)
    groups: Select[tuple[object, ...]] = (
        select(
            GROUPS.c.key,
            GROUPS.c.id,
            null(),
            literal(0),
            literal(0),
            literal(0),
            MEMBERSHIPS.c.member_key,
            GROUPS.c.display_name,
        )
        .join(MEMBERSHIPS, MEMBERSHIPS.c.group_key == GROUPS.c.key)
        .join(USERS, USERS.c.key == MEMBERSHIPS.c.member_key)
        .where(
            MEMBERSHIPS.c.nested.is_(False),
            USERS.c.provider == bindparam("provider"),
            USERS.c.deleted_at.is_(None),
            chosen,
        )
    )
    return Prepared(union_all(users, groups))


_ATTRIBUTES: tuple[Indexed, ...] = ("id", "userName", "externalId", "displayName")
_FOUND = {attribute: _finding(attribute) for attribute in _ATTRIBUTES}
