"""Lists of users and groups: those that meet a condition, counted, in an order, page by page, and what belongs to them.

A page begins where its number says, or behind a place in the order that a cursor holds; the latter costs the same at
any depth. Rows are found by their key first and only those of the page are read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from core.store.identities import TABLES, Kind, Stored, live
from core.store.matching import Condition
from core.store.member_rows import Member
from core.store.prepared import Prepared
from core.store.tables import GROUPS, MEMBERSHIPS

CHUNK = 500
"""Rows that are in memory at once while many are looked at."""
_SIZES = (10, 100, 1000)
"""For how many keys a statement is prepared; the rest of its places stay empty."""
_NO_KEY = -1
_KINDS: tuple[Kind, ...] = ("User", "Group")
_SORTED: dict[str, str] = {
    "id": "id",
    "externalId": "external_id",
    "displayName": "display_name_key",
    "userName": "user_name_key",
    "active": "active",
    "meta.created": "created_at",
    "meta.lastModified": "modified_at",
}


@dataclass(frozen=True, slots=True)
class Order:
    """An order by a column; resources without a value are last, or first when descending. Ties are as created."""

    name: str
    """The attribute; one that `is_sortable`."""
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A resource's place in an order: the value it is ordered by, and its key."""

    key: int
    value: Any = None


def is_sortable(kind: Kind, name: str) -> bool:
    """Whether a column holds the order of this attribute."""
    return name in _SORTED and _SORTED[name] in TABLES[kind].c


def count(connection: Connection, provider: str, kind: Kind, condition: Condition) -> int:
    """How many live resources meet a condition."""
    statement = _live_keys(kind, condition).with_only_columns(func.count())
    return int(connection.execute(statement, {"provider": provider}).scalar_one())


def places(
    connection: Connection,
    provider: str,
    kind: Kind,
    condition: Condition,
    limit: int,
    *,
    order: Order | None = None,
    offset: int = 0,
    after: Place | None = None,
) -> list[Place]:
    """Where the resources of a page are, in order: those from `offset` on, or those behind a place."""
    table = TABLES[kind].c
    column = table[_SORTED[order.name]] if order else table.key
    statement = (
        _live_keys(kind, condition).add_columns(column).order_by(*_ordering(kind, condition, order)).limit(limit)
    )
    if offset:
        statement = statement.offset(offset)
    if after is not None:
        statement = statement.where(_behind(kind, order, after))
    found = connection.execute(statement, {"provider": provider})
    return [Place(key, value if order else None) for key, value in found]


def at(connection: Connection, kind: Kind, keys: Sequence[int]) -> list[Stored]:
    """The live resources with these keys, in the order of the keys."""
    rows = {row[0]: Stored(*row) for row in _of_many(_AT[kind], connection, keys)}
    return [rows[key] for key in keys if key in rows]


def every(
    connection: Connection, provider: str, kind: Kind, condition: Condition, after: int = 0
) -> Iterator[list[tuple[Stored, bool]]]:
    """All that meet a condition, `CHUNK` at a time, in the order of creation; of each also whether it is active."""
    table = TABLES[kind].c
    active = table.active if kind == "User" else table.key
    key = _key(kind, condition)
    statement = live(kind).add_columns(active).where(condition.sql, key > bindparam("after")).order_by(key).limit(CHUNK)
    while rows := connection.execute(statement, {"provider": provider, "after": after}).all():
        yield [(Stored(*row[:6]), bool(row[6])) for row in rows]
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def groups_of(connection: Connection, users: Sequence[int]) -> dict[int, list[Member]]:
    """The groups that each of these users is a direct member of; those of a page are read at once."""
    found: dict[int, list[Member]] = {}
    for user, key, ident, name in _of_many(_GROUPS_OF, connection, users):
        found.setdefault(user, []).append(Member(key, ident, name, True))
    return found


def _live_keys(kind: Kind, condition: Condition) -> Select[Any]:
    table = TABLES[kind].c
    return select(table.key).where(table.provider == bindparam("provider"), table.deleted_at.is_(None), condition.sql)


def _key(kind: Kind, condition: Condition) -> ColumnElement[Any]:
    """The key to sort by: where the condition leads to few, no index of keys may tempt the database away from it."""
    key = TABLES[kind].c.key
    return key + 0 if condition.is_selective else key


def _ordering(kind: Kind, condition: Condition, order: Order | None) -> list[ColumnElement[Any]]:
    table = TABLES[kind].c
    if order is None:
        return [_key(kind, condition)]
    column = table[_SORTED[order.name]]
    directed = column.desc() if order.is_descending else column.asc()
    if column.nullable:
        directed = directed.nulls_first() if order.is_descending else directed.nulls_last()
    return [directed, table.key]


def _behind(kind: Kind, order: Order | None, after: Place) -> ColumnElement[bool]:
    key = TABLES[kind].c.key
    if order is None:
        return key > after.key
    column = TABLES[kind].c[_SORTED[order.name]]
    if after.value is None:
        tied = and_(column.is_(None), key > after.key)
        return or_(tied, column.is_not(None)) if order.is_descending else tied
    value = bindparam(None, after.value, type_=column.type)
    tied = and_(column == value, key > after.key)
    return or_(column < value, tied) if order.is_descending else or_(column > value, tied, column.is_(None))


def _of_many(statements: dict[int, Prepared], connection: Connection, keys: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    """The rows of a statement for each of these keys, by the smallest statement that takes so many."""
    for begin in range(0, len(keys), _SIZES[-1]):
        part = keys[begin : begin + _SIZES[-1]]
        size = next(size for size in _SIZES if size >= len(part))
        padded = [*part, *[_NO_KEY] * (size - len(part))]
        yield from statements[size].all(connection, **{f"key_{at}": key for at, key in enumerate(padded)})


def _for_many(statement: Select[Any], column: ColumnElement[Any]) -> dict[int, Prepared]:
    return {
        size: Prepared(statement.where(column.in_([bindparam(f"key_{at}") for at in range(size)]))) for size in _SIZES
    }


def _by_keys(kind: Kind) -> dict[int, Prepared]:
    table = TABLES[kind].c
    names = ("key", "id", "document", "version", "created_at", "modified_at")
    return _for_many(select(*(table[name] for name in names)).where(table.deleted_at.is_(None)), table.key)


_AT = {kind: _by_keys(kind) for kind in _KINDS}
_GROUPS_OF = _for_many(
    select(MEMBERSHIPS.c.member_key, GROUPS.c.key, GROUPS.c.id, GROUPS.c.display_name)
    .join(GROUPS, GROUPS.c.key == MEMBERSHIPS.c.group_key)
    .where(MEMBERSHIPS.c.nested.is_(False))
    .order_by(MEMBERSHIPS.c.member_key, GROUPS.c.key),
    MEMBERSHIPS.c.member_key,
)
