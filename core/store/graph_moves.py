"""From the mirror's memberships to those of the identity store, many rows at a time: who comes, who goes.

Rows are taken in the order of their key, so many at a time as one transaction bears, whatever the size of the groups.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from core.store import member_rows, tables
from core.store.graph_members import MEMBERS
from core.store.graph_objects import OBJECTS
from core.store.parts import parts, rows_of
from core.store.prepared import Prepared
from core.store.tables import GROUPS, MEMBERSHIPS, USERS
from core.store.writer import Transaction

Place = tuple[str, str]
"""A group and a member, by their object ids."""

_MOVED = tables.GraphMoved.metadata.tables["graph_moved"]
_GROUP_OBJECTS = OBJECTS.alias("group_objects")


class Move(NamedTuple):
    """A user who comes into a group of the identity store, or leaves it."""

    group_key: int
    user_key: int
    user_id: str
    comes: bool
    exchange: int | None
    """The exchange that told of it."""


def next_place(connection: Connection, provider: str, after: Place, rows: int) -> Place | None:
    """Where the next `rows` memberships end that are to be looked at; `None` where there are none."""
    place = select(MEMBERS.c.group, MEMBERS.c.member).where(*_waiting(provider, after))
    found = connection.execute(place.order_by(MEMBERS.c.group, MEMBERS.c.member).limit(rows)).all()
    return (found[-1].group, found[-1].member) if found else None


def moves(connection: Connection, provider: str, after: Place, last: Place) -> list[Move]:
    """What the memberships between two places change in the identity store, in the order of its own keys.

    Whoever is in the recycle bin keeps what is there, as by SCIM, until restored or gone for good.
    """
    is_there = MEMBERSHIPS.c.member_key.is_not(None)
    comes = and_(MEMBERS.c.present, ~is_there)
    goes = and_(MEMBERS.c.present.is_(False), is_there, OBJECTS.c.state != "deleted")
    found = (
        select(GROUPS.c.key, USERS.c.key, USERS.c.id, MEMBERS.c.present, MEMBERS.c.exchange)
        .select_from(MEMBERS)
        .join(_GROUP_OBJECTS, _object_of(_GROUP_OBJECTS, MEMBERS.c.group))
        .join(GROUPS, and_(GROUPS.c.id == _GROUP_OBJECTS.c.identity, GROUPS.c.deleted_at.is_(None)))
        .join(OBJECTS, _object_of(OBJECTS, MEMBERS.c.member))
        .join(USERS, and_(USERS.c.id == OBJECTS.c.identity, USERS.c.deleted_at.is_(None)))
        .outerjoin(
            MEMBERSHIPS,
            and_(
                MEMBERSHIPS.c.group_key == GROUPS.c.key,
                MEMBERSHIPS.c.nested.is_(False),
                MEMBERSHIPS.c.member_key == USERS.c.key,
            ),
        )
        .where(*_waiting(provider, after), _upto(last), MEMBERS.c.kind == "user", or_(comes, goes))
    )
    return sorted(Move(*row) for row in connection.execute(found))


def settle(tx: Transaction, provider: str, after: Place, last: Place) -> None:
    """Note that the memberships between two places are looked at. Those that ended are forgotten, but for those of
    users in the recycle bin, who may come back and have not lost them yet."""
    these = (*_waiting(provider, after), _upto(last))
    binned = select(OBJECTS.c.id).where(_object_of(OBJECTS, MEMBERS.c.member), OBJECTS.c.state == "deleted")
    tx.execute(delete(MEMBERS).where(*these, MEMBERS.c.present.is_(False), ~binned.exists()))
    tx.execute(update(MEMBERS).where(*these).values(dirty=False))


def make(tx: Transaction, provider: str, done: Sequence[Move]) -> None:
    """Have these users in their groups, or not in them any more; their groups' versions count up, and they themselves
    stand among the moved."""
    come = [
        {"group_key": each.group_key, "nested": False, "member_key": each.user_key, "exchange": each.exchange}
        for each in done
        if each.comes
    ]
    if come:
        tx.execute(insert(MEMBERSHIPS), come)
    for each in done:
        if not each.comes:
            _END.change(tx.connection, group=each.group_key, user=each.user_key)
    tx.has_written = tx.has_written or bool(done)
    for part in parts({each.group_key for each in done}):
        changed = update(GROUPS).where(GROUPS.c.key.in_(part))
        tx.execute(changed.values(version=GROUPS.c.version + 1, modified_at=tx.now))

    _note_moved(tx, provider, done)


def _note_moved(tx: Transaction, provider: str, done: Sequence[Move]) -> None:
    exchanges: dict[int, int | None] = {}
    for each in done:
        known = exchanges.get(each.user_key)
        exchanges[each.user_key] = each.exchange if known is None else max(known, each.exchange or 0)
    rows = [{"provider": provider, "user_key": key, "exchange": exchanges[key]} for key in sorted(exchanges)]
    if rows:
        tx.execute(tx.backend.upsert(_MOVED, ["provider", "user_key"]), rows)


def take_moved(tx: Transaction, provider: str, limit: int) -> dict[int | None, list[str]]:
    """Count up the versions of the next users who moved, at most `limit`, and forget that they did; returns their ids
    by the exchange that told of it."""
    found = select(_MOVED.c.user_key, USERS.c.id, _MOVED.c.exchange).outerjoin(USERS, USERS.c.key == _MOVED.c.user_key)
    rows = tx.connection.execute(
        found.where(_MOVED.c.provider == provider).order_by(_MOVED.c.user_key).limit(limit)
    ).all()
    if not rows:
        return {}
    keys = [row.user_key for row in rows]
    tx.execute(delete(_MOVED).where(_MOVED.c.provider == provider, _MOVED.c.user_key <= keys[-1]))
    member_rows.count_users_up(tx, keys)
    ids: dict[int | None, list[str]] = {}
    for row in rows:
        if row.id is not None:
            ids.setdefault(row.exchange, []).append(row.id)
    return ids


def user_keys(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """The row numbers of the live users with these ids."""
    found = select(USERS.c.id, USERS.c.key).where(USERS.c.deleted_at.is_(None))
    return dict(rows_of(connection, found, USERS.c.id, ids))


def _waiting(provider: str, after: Place) -> Sequence[ColumnElement[bool]]:
    behind = tuple_(MEMBERS.c.group, MEMBERS.c.member) > after
    return (MEMBERS.c.provider == provider, MEMBERS.c.dirty, behind)


def _upto(last: Place) -> ColumnElement[bool]:
    return tuple_(MEMBERS.c.group, MEMBERS.c.member) <= last


def _object_of(objects: FromClause, ident: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(objects.c.provider == MEMBERS.c.provider, objects.c.id == ident)


_END = Prepared(
    delete(MEMBERSHIPS).where(
        MEMBERSHIPS.c.group_key == bindparam("group"),
        MEMBERSHIPS.c.nested.is_(False),
        MEMBERSHIPS.c.member_key == bindparam("user"),
    )
)
