"""Memberships row by row: who of some is a member of a group, and the versions of the users whose groups change.

The cost is that of the members asked about, whatever the size of the group.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

from core.store.parts import parts, rows_of
from core.store.tables import MEMBERSHIPS, USERS
from core.store.writer import Transaction

Row = tuple[bool, int]
"""Whether it is a group, and its row number."""


def present(connection: Connection, group: int, rows: Iterable[Row]) -> dict[Row, str | None]:
    """Those of `rows` that are members of the group, and what the IdP calls them."""
    columns = select(MEMBERSHIPS.c.nested, MEMBERSHIPS.c.member_key, MEMBERSHIPS.c.display)
    of_group = columns.where(MEMBERSHIPS.c.group_key == group)
    wanted = set(rows)
    members = rows_of(connection, of_group, MEMBERSHIPS.c.member_key, {key for _, key in wanted})
    return {(nested, key): display for nested, key, display in members if (nested, key) in wanted}


def count_users_up(tx: Transaction, user_keys: Iterable[int]) -> None:
    """Note that the groups of these users changed: they are part of a user's representation, and so of its version."""
    for part in parts(set(user_keys)):
        changed = update(USERS).where(USERS.c.key.in_(part))
        tx.execute(changed.values(version=USERS.c.version + 1, modified_at=tx.now))
