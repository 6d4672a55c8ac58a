"""Changes of runs: plan, intent and outcome in one row each.

An intent is committed before the call to the target, the outcome after it (design, section 3 point 7). A row that
still stands at `intent` when no engine works on it is a call whose outcome nobody knows: it is read back first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, update

from core.planning.changes import Change
from core.planning.document import change_document, read_change
from core.planning.values import Undone
from core.store import tables
from core.store.parts import rows_of
from core.store.writer import Transaction

State = Literal["planned", "intent", "done", "failed", "stale", "dropped", "excluded"]
"""`stale`: what it was planned from no longer holds, so it is planned anew. `dropped`: given up with its run, or with
a change that it needs. `excluded`: an admin took it out of the plan before that was approved."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One change as lists show it. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    run: int
    target: str
    position: int
    kind: str
    account: str | None
    account_id: str | None
    group_name: str | None
    user_id: str | None
    state: State
    attempts: int
    intent_at: int | None
    finished_at: int | None
    error: str | None
    exchange: int | None
    group_id: str | None = None
    """The IdP group behind it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One change in full."""

    id: int
    run: int
    target: str
    state: State
    attempts: int
    change: Change


_CHANGES = tables.Change.metadata.tables["changes"]
_RUNS = tables.Run.metadata.tables["runs"]
_COLUMNS = tuple(_CHANGES.c[field.name] for field in fields(Listed))
_LISTED = select(*_COLUMNS)
_STORED = select(
    _CHANGES.c.id, _CHANGES.c.run, _CHANGES.c.target, _CHANGES.c.state, _CHANGES.c.attempts, _CHANGES.c.detail
)


def plan(tx: Transaction, run: int, target: str, first: int, changes: Sequence[Change]) -> None:
    """Keep a part of a run's plan; `first` is the position of its first change."""
    rows = [
        {
            "run": run,
            "target": target,
            "position": first + offset,
            "kind": str(change.kind),
            "account": change.account,
            "account_id": change.account_id,
            "group_name": change.group,
            "user_id": change.user_id,
            "group_id": change.because.group_id,
            "detail": orjson.dumps(change_document(change)),
            "state": "planned",
            "attempts": 0,
            "exchange": change.because.exchange,
        }
        for offset, change in enumerate(changes)
    ]
    if rows:
        tx.execute(insert(_CHANGES), rows)


def intend(tx: Transaction, change: int) -> bool:
    """Note that a change is about to be sent; returns False where it is over already."""
    begun = update(_CHANGES).where(_CHANGES.c.id == change, _CHANGES.c.state.in_(("planned", "intent")))
    values = {"state": "intent", "attempts": _CHANGES.c.attempts + 1, "intent_at": tx.now}
    return tx.execute(begun.values(values)).rowcount == 1


def settle(tx: Transaction, change: int, state: State, error: str | None = None) -> bool:
    """Note how a change ended, which happens once; returns False where it had ended already."""
    open_ = update(_CHANGES).where(_CHANGES.c.id == change, _CHANGES.c.state.in_(("planned", "intent")))
    return tx.execute(open_.values(state=state, error=error, finished_at=tx.now)).rowcount == 1


def reopen(tx: Transaction, change: int) -> None:
    """Let a change that was begun and had no effect be as if it never was begun."""
    begun = update(_CHANGES).where(_CHANGES.c.id == change, _CHANGES.c.state == "intent")
    tx.execute(begun.values(state="planned", intent_at=None))


def take_out(
    tx: Transaction, run: int, numbers: Sequence[int], state: Literal["excluded", "dropped"], reason: str
) -> set[int]:
    """Take changes that were not begun out of a run; returns the ids of those that it still had."""
    theirs = and_(_CHANGES.c.run == run, _CHANGES.c.id.in_(numbers), _CHANGES.c.state == "planned")
    found = set(tx.execute(select(_CHANGES.c.id).where(theirs)).scalars())
    tx.execute(update(_CHANGES).where(theirs).values(state=state, error=reason, finished_at=tx.now))
    return found


def readmit(tx: Transaction, numbers: Sequence[int], reason: str) -> None:
    """Let what was excluded be as any other change from now on."""
    excluded = update(_CHANGES).where(_CHANGES.c.id.in_(numbers), _CHANGES.c.state == "excluded")
    tx.execute(excluded.values(state="dropped", error=reason))


def drop_rest(tx: Transaction, run: int, reason: str, limit: int | None = None) -> int:
    """Give up the changes of a run that were not begun, at most `limit` of them; returns how many."""
    rest: ColumnElement[bool] = and_(_CHANGES.c.run == run, _CHANGES.c.state == "planned")
    if limit is not None:
        rest = _CHANGES.c.id.in_(select(_CHANGES.c.id).where(rest).limit(limit))
    dropped = {"state": "dropped", "error": reason, "finished_at": tx.now}
    return tx.execute(update(_CHANGES).where(rest).values(dropped)).rowcount


def of_run(connection: Connection, run: int, states: Sequence[State] | None = None) -> list[Stored]:
    """The changes of a run in full, in the order to make them."""
    statement = _STORED.where(_CHANGES.c.run == run).order_by(_CHANGES.c.position)
    return _stored(connection, statement if states is None else statement.where(_CHANGES.c.state.in_(states)))


def about_users(connection: Connection, run: int, user_ids: Collection[str]) -> list[Stored]:
    """The changes of a run for these users, in full, in the order to make them."""
    found = rows_of(connection, _STORED.where(_CHANGES.c.run == run), _CHANGES.c.user_id, user_ids)
    return sorted(map(_full, found), key=lambda stored: stored.id)


def of_nobody(connection: Connection, run: int) -> list[Stored]:
    """The changes of a run that are for no user, in full, in the order to make them."""
    of_it = _STORED.where(_CHANGES.c.run == run, _CHANGES.c.user_id.is_(None))
    return _stored(connection, of_it.order_by(_CHANGES.c.id))


def excluded(connection: Connection, target: str) -> list[Stored]:
    """What admins took out of plans for a target, and have not approved since."""
    return _stored(connection, _STORED.where(_CHANGES.c.state == "excluded", _CHANGES.c.target == target))


def next_position(connection: Connection, run: int) -> int:
    """Where the next change of a run goes."""
    last = connection.execute(select(func.max(_CHANGES.c.position)).where(_CHANGES.c.run == run)).scalar()
    return 0 if last is None else last + 1


def intents(connection: Connection, target: str) -> list[Stored]:
    """The changes of a target that were begun and never ended, in the order in which they were planned."""
    begun = _STORED.where(_CHANGES.c.state == "intent", _CHANGES.c.target == target)
    return _stored(connection, begun.order_by(_CHANGES.c.run, _CHANGES.c.position))


def window(connection: Connection, run: int, around: int, before: int, after: int) -> list[Listed]:
    """At most `before` changes of a run with lower ids than `around`, at most `after` from it on, ascending by id."""
    ident, of_it = _CHANGES.c.id, _LISTED.where(_CHANGES.c.run == run)
    lower = connection.execute(of_it.where(ident < around).order_by(ident.desc()).limit(before)).all()
    upper = connection.execute(of_it.where(ident >= around).order_by(ident).limit(after)).all()
    return [Listed(*row) for row in (*reversed(lower), *upper)]


def opened(connection: Connection, change: int) -> tuple[Listed, Change] | None:
    """One change as listed and in full; `None` where there is none of this id."""
    row = connection.execute(select(*_COLUMNS, _CHANGES.c.detail).where(_CHANGES.c.id == change)).one_or_none()
    return _opened(row) if row is not None else None


def caused_by(connection: Connection, exchange: int, limit: int) -> list[Listed]:
    """The changes that an inbound exchange led to, oldest first, at most `limit`."""
    caused = _LISTED.where(_CHANGES.c.exchange == exchange).order_by(_CHANGES.c.id).limit(limit)
    return [Listed(*row) for row in connection.execute(caused)]


def history(
    connection: Connection,
    target: str,
    limit: int,
    *,
    user_id: str | None = None,
    account_id: str | None = None,
    account: str | None = None,
    groups: Collection[str] = (),
) -> list[tuple[Listed, Change]]:
    """The changes of an account or of its user, of a group, or of the one in the other: newest first, at most `limit`.

    The account may be named in several ways: each finds changes that the others do not, as of before it was created.
    `groups` are the names that the group had. An account that is named by its name alone takes a look at all changes.
    """
    named = {_CHANGES.c.user_id: user_id, _CHANGES.c.account_id: account_id, _CHANGES.c.account: account}
    ways = [column == value for column, value in named.items() if value is not None]
    statement = select(*_COLUMNS, _CHANGES.c.detail).where(_CHANGES.c.target == target)
    if ways:
        statement = statement.where(or_(*ways))
    if groups:
        statement = statement.where(_CHANGES.c.group_name.in_(groups))
    return [_opened(row) for row in connection.execute(statement.order_by(_CHANGES.c.id.desc()).limit(limit))]


def undone(connection: Connection, target: str, users: Collection[str] | None = None) -> list[Undone]:
    """What undoing did at a target and still stands; of `users`: only what is theirs or nobody's."""
    standing = (
        select(_CHANGES.c.detail, _RUNS.c.seen)
        .join(_RUNS, _RUNS.c.id == _CHANGES.c.run)
        .where(_RUNS.c.target == target, _RUNS.c.undoes.is_not(None), _RUNS.c.released_at.is_(None))
        .where(_CHANGES.c.state == "done")
    )
    if users is None:
        rows = connection.execute(standing.order_by(_CHANGES.c.id)).all()
    else:
        rows = [*connection.execute(standing.where(_CHANGES.c.user_id.is_(None)).order_by(_CHANGES.c.id))]
        rows += rows_of(connection, standing, _CHANGES.c.user_id, users)
    return [Undone(read_change(orjson.loads(row.detail)), row.seen or 0) for row in rows]


def counts(connection: Connection, run: int) -> dict[tuple[str, State], int]:
    """How many changes of a run there are of each kind in each state."""
    grouped = select(_CHANGES.c.kind, _CHANGES.c.state, func.count()).where(_CHANGES.c.run == run)
    rows = connection.execute(grouped.group_by(_CHANGES.c.kind, _CHANGES.c.state))
    return {(kind, state): number for kind, state, number in rows}


def _opened(row: Any) -> tuple[Listed, Change]:
    return Listed(*row[:-1]), read_change(orjson.loads(row.detail))


def _stored(connection: Connection, statement: Select[Any]) -> list[Stored]:
    return [_full(row) for row in connection.execute(statement)]


def _full(row: Any) -> Stored:
    return Stored(row.id, row.run, row.target, row.state, row.attempts, read_change(orjson.loads(row.detail)))
