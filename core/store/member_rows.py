"""Memberships row by row: who of some is a member of a group, and the versions of the users whose groups change.

The cost is that of the members asked about, whatever the size of the group.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

from core.store.tables import MEMBERSHIPS, USERS
from core.store.writer import Transaction

Row = tuple[bool, int]
"""Whether it is a group, and its row number."""
_PART = 500
"""Databases limit the parameters of one statement."""


def present(connection: Connection, group: int, rows: Iterable[Row]) -> dict[Row, str | None]:
    """Those of `rows` that are members of the group, and what the IdP calls them."""
    found: dict[Row, str | None] = {}
    columns = select(MEMBERSHIPS.c.nested, MEMBERSHIPS.c.member_key, MEMBERSHIPS.c.display)
    of_group = columns.where(MEMBERSHIPS.c.group_key == group)
    wanted = set(rows)
    keys = sorted({key for _, key in wanted})
    for start in range(0, len(keys), _PART):
        part = of_group.where(MEMBERSHIPS.c.member_key.in_(keys[start : start + _PART]))
        found |= {(nested, key): display for nested, key, display in connection.execute(part)}
    return {row: display for row, display in found.items() if row in wanted}


def count_users_up(tx: Transaction, user_keys: Iterable[int]) -> None:
    """Note that the groups of these users changed: they are part of a user's representation, and so of its version."""
    keys = sorted(user_keys)
    for start in range(0, len(keys), _PART):
        changed = update(USERS).where(USERS.c.key.in_(keys[start : start + _PART]))
        tx.execute(changed.values(version=USERS.c.version + 1, modified_at=tx.now))
