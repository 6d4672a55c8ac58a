"""Users together with their groups, in one statement: one look at the store, so both are of one moment."""

from typing import Any

from sqlalchemy import Connection, and_

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
    if len(rows) > 1:
        rows.sort(key=_place)
    found: dict[int, UserWithGroups] = {}
    for row in rows:
        if row[0] not in found:
            found[row[0]] = (Stored(*row[:6]), [])
        if row[6] is not None:
            found[row[0]][1].append(Member(row[6], row[7], row[8], True))
    return list(found.values())


def _place(row: tuple[Any, ...]) -> tuple[int, int]:
    return row[0], row[6] or 0


def _finding(attribute: Indexed) -> Prepared:
    """A row per user and group; one without a group for a user who is in none."""
    found = (
        live("User").where(equality("User", attribute)).add_columns(GROUPS.c.key, GROUPS.c.id, GROUPS.c.display_name)
    )
    direct = and_(MEMBERSHIPS.c.member_key == USERS.c.key, MEMBERSHIPS.c.nested.is_(False))
    users = USERS.outerjoin(MEMBERSHIPS, direct).outerjoin(GROUPS, GROUPS.c.key == MEMBERSHIPS.c.group_key)
    return Prepared(found.select_from(users))


_ATTRIBUTES: tuple[Indexed, ...] = ("id", "userName", "externalId", "displayName")
_FOUND = {attribute: _finding(attribute) for attribute in _ATTRIBUTES}
