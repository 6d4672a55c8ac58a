"""The users and groups of a directory as its feeds told them: the mirror, kept apart from the identity store."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Literal

import orjson
from sqlalchemy import ColumnElement, Connection, case, delete, func, null, select, update

from core.store import tables
from core.store.parts import parts, rows_of
from core.store.tables import GROUPS, USERS
from core.store.writer import Transaction

ObjectKind = Literal["user", "group"]
State = Literal["present", "unseen", "missing", "deleted", "gone"]

OBJECTS = tables.GraphObject.metadata.tables["graph_objects"]


@dataclass(frozen=True, slots=True)
class Mirrored:
    """One user or group; the fields are those of `core.store.tables.pulled.GraphObject`."""

    provider: str
    id: str
    kind: ObjectKind
    properties: bytes = b"{}"
    manager: str | None = None
    state: State = "present"
    missed: int = 0
    round: int = 0
    dirty: bool = True
    identity: str | None = None
    problem: str | None = None
    exchange: int | None = None

    @property
    def document(self) -> dict[str, Any]:
        """Its properties as a new object."""
        document: dict[str, Any] = orjson.loads(self.properties)
        return document


_COLUMNS = [field.name for field in fields(Mirrored)]
_LISTED = select(*(OBJECTS.c[name] for name in _COLUMNS))


def of_ids(connection: Connection, provider: str, ids: Collection[str]) -> dict[str, Mirrored]:
    """Those of these object ids that are known."""
    listed = rows_of(connection, _LISTED.where(OBJECTS.c.provider == provider), OBJECTS.c.id, ids)
    return {row.id: Mirrored(*row) for row in listed}


def of_identities(connection: Connection, provider: str, identities: Collection[str]) -> dict[str, Mirrored]:
    """By our ids: the objects that are linked to one of them."""
    listed = rows_of(connection, _LISTED.where(_off_key(provider)), OBJECTS.c.identity, identities)
    return {row.identity: Mirrored(*row) for row in listed}


def keep(tx: Transaction, objects: Iterable[Mirrored]) -> None:
    """Store objects as they are now."""
    ordered = sorted(objects, key=lambda each: each.id)
    rows = [{name: getattr(each, name) for name in _COLUMNS} for each in ordered]
    if rows:
        tx.execute(tx.backend.upsert(OBJECTS, ["provider", "id"]), rows)


def forget(tx: Transaction, provider: str, ids: Collection[str]) -> None:
    """Take objects out of the mirror."""
    for part in parts(ids):
        tx.execute(delete(OBJECTS).where(*_these(provider, part)))


def mark_unseen(tx: Transaction, provider: str, kind: ObjectKind, round_: int) -> int:
    """Note what a whole reading did not tell of; returns how many these are. What is known as missing stays so."""
    untold = [OBJECTS.c.provider == provider, OBJECTS.c.kind == kind, OBJECTS.c.round < round_]
    marked = update(OBJECTS).where(*untold, OBJECTS.c.state.in_(("present", "deleted")))
    return tx.execute(marked.values(state="unseen")).rowcount


def count(connection: Connection, provider: str, kind: ObjectKind, states: Collection[State]) -> int:
    """How many objects are in one of these states."""
    found = select(func.count()).where(OBJECTS.c.provider == provider, OBJECTS.c.kind == kind)
    return connection.execute(found.where(OBJECTS.c.state.in_(states))).scalar_one()


def in_states(
    connection: Connection, provider: str, kind: ObjectKind, states: Collection[State], limit: int
) -> list[Mirrored]:
    """Objects in one of these states, at most `limit`, those missed least often first."""
    these = select(OBJECTS.c.id).where(OBJECTS.c.provider == provider, OBJECTS.c.kind == kind)
    # By their ids, which one index has: the objects themselves are many, and these are few.
    found = _LISTED.where(OBJECTS.c.provider == provider, OBJECTS.c.id.in_(these.where(OBJECTS.c.state.in_(states))))
    return [Mirrored(*row) for row in connection.execute(found.order_by(OBJECTS.c.missed, OBJECTS.c.id).limit(limit))]


def dirty(connection: Connection, provider: str, kind: ObjectKind, after: str, limit: int) -> list[Mirrored]:
    """The objects that the identity store may not be like, by id, from the one after `after` on; none of those that
    wait for their second reading."""
    found = _LISTED.where(OBJECTS.c.provider == provider, OBJECTS.c.kind == kind, OBJECTS.c.dirty)
    found = found.where(OBJECTS.c.state != "unseen")
    return [
        Mirrored(*row)
        for row in connection.execute(found.where(OBJECTS.c.id > after).order_by(OBJECTS.c.id).limit(limit))
    ]


def mark_dirty(tx: Transaction, provider: str, which: ColumnElement[bool] | None = None) -> None:
    """Have objects looked at again: those that fulfil a condition, or all."""
    wanted = [OBJECTS.c.provider == provider, OBJECTS.c.dirty.is_(False)]
    tx.execute(update(OBJECTS).where(*wanted, *(() if which is None else (which,))).values(dirty=True))


def mark_dirty_ids(tx: Transaction, provider: str, ids: Collection[str]) -> None:
    """Have these objects looked at again."""
    for part in parts(ids):
        mark_dirty(tx, provider, OBJECTS.c.id.in_(part))


def mark_reports_dirty(tx: Transaction, provider: str, managers: Collection[str]) -> None:
    """Have the users looked at again whose manager is one of these."""
    for part in parts(managers):
        reports = (_off_key(provider), OBJECTS.c.dirty.is_(False), OBJECTS.c.manager.in_(part))
        tx.execute(update(OBJECTS).where(*reports).values(dirty=True))


def problems(connection: Connection, provider: str) -> list[Mirrored]:
    """The objects that cannot be kept in the identity store, each with the reason."""
    found = _LISTED.where(OBJECTS.c.provider == provider, OBJECTS.c.problem.is_not(None))
    return [Mirrored(*row) for row in connection.execute(found.order_by(OBJECTS.c.id))]


def present_groups(connection: Connection, provider: str) -> Iterator[tuple[str, str]]:
    """Ids and names of the groups that are there."""
    found = select(OBJECTS.c.id, OBJECTS.c.properties).where(
        OBJECTS.c.provider == provider,
        OBJECTS.c.kind == "group",
        OBJECTS.c.state.in_(("present", "unseen", "missing")),
    )
    for ident, properties in connection.execute(found):
        yield ident, orjson.loads(properties).get("displayName") or ""


def unlinked(connection: Connection, provider: str, kind: ObjectKind) -> list[tuple[int, str]]:
    """Row numbers and ids of the live users or groups of a provider that no object of the directory is linked to."""
    table = USERS if kind == "user" else GROUPS
    linked = select(OBJECTS.c.id).where(OBJECTS.c.identity == table.c.id)
    found = select(table.c.key, table.c.id).where(table.c.provider == provider, table.c.deleted_at.is_(None))
    return [(key, ident) for key, ident in connection.execute(found.where(~linked.exists()))]


def set_missed_reads(tx: Transaction, user_ids: Collection[str], missed: int) -> set[str]:
    """Note how many readings in a row did not have these users; returns those of whom that is news."""
    news: set[str] = set()
    for part in parts(user_ids):
        these = (USERS.c.id.in_(part), USERS.c.deleted_at.is_(None), USERS.c.missed_reads != missed)
        gone_at = (
            func.coalesce(USERS.c.gone_at, tx.now) if missed else case((USERS.c.active, null()), else_=USERS.c.gone_at)
        )
        changed = update(USERS).where(*these).values(missed_reads=missed, gone_at=gone_at)
        news |= set(tx.execute(changed.returning(USERS.c.id)).scalars())
    return news


def miss_unlinked(tx: Transaction, provider: str, user_ids: Collection[str], most: int) -> set[str]:
    """Count one reading more that did not have these users, up to `most`; returns those of whom it was counted.

    Who is inactive is not counted: nothing would follow from it.
    """
    counted: set[str] = set()
    for part in parts(user_ids):
        these = (USERS.c.provider == provider, USERS.c.id.in_(part), USERS.c.active, USERS.c.missed_reads < most)
        values = {"missed_reads": USERS.c.missed_reads + 1, "gone_at": func.coalesce(USERS.c.gone_at, tx.now)}
        counted |= set(tx.execute(update(USERS).where(*these).values(values).returning(USERS.c.id)).scalars())
    return counted


def _off_key(provider: str) -> ColumnElement[bool]:
    """Of this provider, in a form that leads no database to walk the whole key, which begins with it."""
    return func.coalesce(OBJECTS.c.provider, "") == provider


def _these(provider: str, ids: list[str]) -> tuple[ColumnElement[bool], ...]:
    return (OBJECTS.c.provider == provider, OBJECTS.c.id.in_(ids))
