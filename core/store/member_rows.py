"""Memberships row by row: who is a member of a group, who comes and goes, and the groups of a user.

Changing members costs what is changed, whatever the size of the group; only reading all of them costs all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, insert, select, update

from core.store.identity_columns import storable
from core.store.parts import parts, rows_of
from core.store.prepared import Prepared
from core.store.tables import GROUPS, MEMBERSHIPS, USERS
from core.store.writer import Transaction

Row = tuple[bool, int]
"""Whether it is a group, and its row number."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a group, or one group of a user: its id, what it is called, and what it is."""

    key: int
    id: str
    display: str
    nested: bool


def members(connection: Connection, group: int) -> list[Member]:
    """The members of a group: users first, each kind in the order of creation."""
    users = [Member(key, ident, name, False) for key, ident, name in _USERS_IN.all(connection, group=group)]
    return users + [Member(key, ident, name, True) for key, ident, name in _GROUPS_IN.all(connection, group=group)]


def groups_of(connection: Connection, user: int) -> list[Member]:
    """The groups that a user is a direct member of."""
    return [Member(key, ident, name, True) for key, ident, name in _GROUPS_OF.all(connection, user=user)]


def resolve(connection: Connection, provider: str, ids: Iterable[str]) -> dict[str, Row]:
    """For each id of a live user or group of this provider: whether it is a group, and its row number."""
    asked, found = {id for id in ids if storable(id)}, dict[str, Row]()
    for nested, table in ((False, USERS), (True, GROUPS)):
        missing = asked - found.keys()
        if len(missing) == 1:
            (only,) = missing
            row = _KEY_OF[nested].first(connection, provider=provider, id=only)
            found |= {only: (nested, row[0])} if row else {}
        elif missing:
            statement = select(table.c.id, table.c.key).where(
                table.c.provider == provider, table.c.deleted_at.is_(None)
            )
            found |= {id: (nested, key) for id, key in rows_of(connection, statement, table.c.id, missing)}
    return found


def called(connection: Connection, group: int, rows: Iterable[Row] | None) -> dict[Row, str]:
    """The members of a group and what they are called: those of `rows` that are members, or all."""
    if rows is None:
        return {(member.nested, member.key): member.display for member in members(connection, group)}
    wanted, found = set(rows), dict[Row, str]()
    for nested in (False, True):
        keys = {key for is_group, key in wanted if is_group is nested}
        if len(keys) == 1:
            shown = _ONE_IN[nested].all(connection, group=group, member=keys.pop())
        else:
            statement = _in_group(nested=nested).params(group=group)
            shown = [tuple(row) for row in rows_of(connection, statement, MEMBERSHIPS.c.member_key, keys)]
        found |= {(nested, key): name for key, _, name in shown}
    return found


def user_ids(connection: Connection, keys: Iterable[int]) -> set[str]:
    """The ids of the users with these row numbers."""
    wanted = set(keys)
    if len(wanted) == 1:
        row = _USER_ID.first(connection, key=wanted.pop())
        return {row[0]} if row else set()
    return {ident for (ident,) in rows_of(connection, select(USERS.c.id), USERS.c.key, wanted)}


def group_ids(connection: Connection, keys: Iterable[int]) -> set[str]:
    """The ids of the groups with these row numbers."""
    wanted = set(keys)
    if not wanted:
        return set()
    return {ident for (ident,) in rows_of(connection, select(GROUPS.c.id), GROUPS.c.key, wanted)}


def add(
    tx: Transaction, group: int, added: Iterable[tuple[bool, int, str | None]], exchange: int | None = None
) -> None:
    """Add members: (is a group, row number, what the IdP calls it). Of those already there only that name changes."""
    rows = [
        {"group": group, "nested": nested, "member": key, "display": display, "exchange": exchange}
        for nested, key, display in added
    ]
    tx.has_written = tx.has_written or bool(rows)
    for row in rows:
        if not _RENAME.change(tx.connection, **{f"to_{name}": value for name, value in row.items()}):
            _ADD.change(tx.connection, **row)


def remove(tx: Transaction, group: int, removed: Iterable[Row]) -> None:
    """Remove members; those that are not members change nothing."""
    for nested, key in removed:
        tx.has_written = True
        _REMOVE.change(tx.connection, group=group, nested=nested, member=key)


def end_memberships(tx: Transaction, key: int, *, is_group: bool) -> None:
    """End all memberships of a user or a group: its own in others and, of a group, those of others in it."""
    own = delete(MEMBERSHIPS).where(MEMBERSHIPS.c.nested == is_group, MEMBERSHIPS.c.member_key == key)
    tx.execute(own)
    if is_group:
        tx.execute(delete(MEMBERSHIPS).where(MEMBERSHIPS.c.group_key == key))


def count_users_up(tx: Transaction, user_keys: Iterable[int]) -> None:
    """Note that the groups of these users changed: they are part of a user's representation, and so of its version."""
    keys = set(user_keys)
    if len(keys) == 1:
        tx.has_written = True
        _USER_UP.change(tx.connection, user=keys.pop(), now=tx.now)
    for part in parts(keys):
        changed = update(USERS).where(USERS.c.key.in_(part))
        tx.execute(changed.values(version=USERS.c.version + 1, modified_at=tx.now))


def _in_group(*, nested: bool) -> Select[Any]:
    table, name = (GROUPS, GROUPS.c.display_name) if nested else (USERS, USERS.c.user_name)
    return (
        select(table.c.key, table.c.id, func.coalesce(MEMBERSHIPS.c.display, table.c.display_name, name))
        .join(MEMBERSHIPS, MEMBERSHIPS.c.member_key == table.c.key)
        .where(MEMBERSHIPS.c.group_key == bindparam("group"), MEMBERSHIPS.c.nested.is_(nested))
        .order_by(table.c.key)
    )


def _key_of(table: Table) -> Prepared:
    wanted = (table.c.id == bindparam("id"), table.c.provider == bindparam("provider"), table.c.deleted_at.is_(None))
    return Prepared(select(table.c.key).where(*wanted))


def _of_one(prefix: str) -> tuple[Any, ...]:
    return (
        MEMBERSHIPS.c.group_key == bindparam(f"{prefix}group"),
        MEMBERSHIPS.c.nested == bindparam(f"{prefix}nested"),
        MEMBERSHIPS.c.member_key == bindparam(f"{prefix}member"),
    )


_USERS_IN, _GROUPS_IN = (Prepared(_in_group(nested=nested)) for nested in (False, True))
_ONE_IN = {
    nested: Prepared(_in_group(nested=nested).where(MEMBERSHIPS.c.member_key == bindparam("member")))
    for nested in (False, True)
}
_GROUPS_OF = Prepared(
    select(GROUPS.c.key, GROUPS.c.id, GROUPS.c.display_name)
    .join(MEMBERSHIPS, MEMBERSHIPS.c.group_key == GROUPS.c.key)
    .where(MEMBERSHIPS.c.nested.is_(False), MEMBERSHIPS.c.member_key == bindparam("user"))
    .order_by(GROUPS.c.key)
)
_KEY_OF = {False: _key_of(USERS), True: _key_of(GROUPS)}
_USER_ID = Prepared(select(USERS.c.id).where(USERS.c.key == bindparam("key")))
_REMOVE = Prepared(delete(MEMBERSHIPS).where(*_of_one("")))
_RENAME = Prepared(update(MEMBERSHIPS).where(*_of_one("to_")).values(display=bindparam("to_display")))
_ADD = Prepared(
    insert(MEMBERSHIPS).values(
        group_key=bindparam("group"),
        nested=bindparam("nested"),
        member_key=bindparam("member"),
        display=bindparam("display"),
        exchange=bindparam("exchange"),
    )
)
_USER_UP = Prepared(
    update(USERS)
    .where(USERS.c.key == bindparam("user"))
    .values(version=USERS.c.version + 1, modified_at=bindparam("now"))
)
