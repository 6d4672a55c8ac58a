"""Runs: one execution each, from its trigger to its outcome, with its progress while it lasts."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Row, and_, insert, select, update

from core.planning.changes import Hold
from core.store import holds, tables
from core.store.holds import RunHold
from core.store.writer import Transaction

Trigger = Literal["push", "schedule", "order", "undo"]
State = Literal[
    "reading", "planning", "waiting", "applying", "paused", "verifying", "done", "failed", "cancelled", "dropped"
]
"""`waiting` for an admin's approval or, once approved, for the engine to go on. `dropped`: the plan was refused, or a
newer one took its place."""
OVER: tuple[State, ...] = ("done", "failed", "cancelled", "dropped")
UNDER_WAY: tuple[State, ...] = ("reading", "planning", "applying", "paused", "verifying")


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    target: str
    trigger: Trigger
    scope: str
    """`all`, or in words what it was about: `3 keys`."""
    state: State
    started_at: int
    finished_at: int | None
    planned: int
    """Changes in its plan."""
    done: int
    failed: int
    """Those of them that are over, well or not."""
    conflicts: int
    read: int
    """Objects read from the target."""
    plan_hash: str | None
    notes: bytes | None
    asked_by: str | None
    approved_by: str | None
    error: str | None
    holds: tuple[RunHold, ...] = ()
    """The brakes that hold it."""
    to_read: int | None = None
    """Objects to read in all, as far as is known."""
    verified: int = 0
    differing: int = 0
    """Changes that stood when they were read back at the end, and those that did not."""
    undoes: int | None = None
    """The run that it puts back."""
    seen: int | None = None
    """The last inbound exchange when it was planned."""
    released_at: int | None = None
    """Since when what it undid may be done again."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.state in OVER

    @property
    def sentences(self) -> tuple[str, ...]:
        """The plan's notes."""
        return tuple(orjson.loads(self.notes)) if self.notes else ()


_RUNS = tables.Run.metadata.tables["runs"]
_LISTED = select(*(_RUNS.c[field.name] for field in fields(Run)))
_IS_INTERRUPTED = and_(_RUNS.c.state == "waiting", _RUNS.c.approved_by.is_not(None))


def start(tx: Transaction, target: str, trigger: Trigger, scope: str, asked_by: str | None = None) -> int:
    """Begin a run, which reads first; returns its number."""
    row = {"target": target, "trigger": trigger, "scope": scope, "asked_by": asked_by, "state": "reading"}
    return int(tx.execute(insert(_RUNS).values(**row, started_at=tx.now).returning(_RUNS.c.id)).scalar_one())


def note_read(tx: Transaction, run: int, read: int) -> None:
    """Note how many objects were read so far."""
    _update(tx, run, read=read)


def note_plan(tx: Transaction, run: int, planned: int, conflicts: int, digest: str, notes: Sequence[str]) -> None:
    """Note what was planned."""
    _update(tx, run, planned=planned, conflicts=conflicts, plan_hash=digest, notes=orjson.dumps(list(notes)))


def add_notes(tx: Transaction, run: int, notes: Sequence[str]) -> None:
    """Add sentences to the notes of a run."""
    found = find(tx.connection, run)
    if found is not None:
        _update(tx, run, notes=orjson.dumps([*found.sentences, *notes]))


def note_holds(tx: Transaction, run: int, holding: Sequence[Hold]) -> None:
    """Note which brakes hold a run, in the place of those noted before."""
    renew_holds(tx, run, holds.put(tx, run, holding))


def renew_holds(tx: Transaction, run: int, holding: Sequence[RunHold]) -> None:
    """Note which brakes hold a run, once the changes that they hold are kept (`core.store.holds`)."""
    _update(tx, run, holds=holds.written(holding))


def note_to_read(tx: Transaction, run: int, to_read: int) -> None:
    """Note how many objects there are to read in all, as far as is known."""
    _update(tx, run, to_read=to_read)


def note_verified(tx: Transaction, run: int, stood: int, differing: int) -> None:
    """Note how many changes stood when they were read back, and how many did not."""
    _update(tx, run, verified=stood, differing=differing)


def note_seen(tx: Transaction, run: int, exchange: int) -> None:
    """Note the last inbound exchange that was there when a run was planned."""
    _update(tx, run, seen=exchange)


def note_undoes(tx: Transaction, run: int, undone: int) -> None:
    """Note which run this one puts back."""
    _update(tx, run, undoes=undone)


def release(tx: Transaction, run: int) -> None:
    """From now on, let what a run undid be done again."""
    _update(tx, run, released_at=tx.now)


def move(tx: Transaction, run: int, state: State, approved_by: str | None = None, scope: str | None = None) -> None:
    """Go on to another state that is not the end; who approved it and a wider scope are noted where given."""
    noted = {"approved_by": approved_by, "scope": scope}
    _update(tx, run, state=state, **{name: value for name, value in noted.items() if value is not None})


def approve(tx: Transaction, run: int, by: str, digest: str | None = None) -> bool:
    """Begin to apply a plan that waits; returns False where it does not wait, or has another hash than `digest`."""
    waiting = update(_RUNS).where(_RUNS.c.id == run, _RUNS.c.state == "waiting")
    if digest is not None:
        waiting = waiting.where(_RUNS.c.plan_hash == digest)
    return tx.execute(waiting.values(state="applying", approved_by=by, error=None)).rowcount == 1


def interrupt(tx: Transaction, run: int, reason: str) -> bool:
    """Let an approved run wait until it goes on under the same approval; False where it is not under way or approved
    by nobody."""
    approved = update(_RUNS).where(_RUNS.c.id == run, _RUNS.c.approved_by.is_not(None), _RUNS.c.state.in_(UNDER_WAY))
    return tx.execute(approved.values(state="waiting", error=reason)).rowcount == 1


def note_edit(tx: Transaction, run: int, planned: int, digest: str) -> None:
    """Note what a plan that waits is after it was edited: how many changes it has, and what it is known by."""
    _update(tx, run, planned=planned, plan_hash=digest)


def refuse(tx: Transaction, run: int, reason: str) -> bool:
    """Drop a plan that waits; returns False where it does not wait."""
    waiting = update(_RUNS).where(_RUNS.c.id == run, _RUNS.c.state == "waiting")
    return tx.execute(waiting.values(state="dropped", error=reason, finished_at=tx.now)).rowcount == 1


def count(tx: Transaction, run: int, done: int = 0, failed: int = 0) -> None:
    """Add to the changes that are over."""
    counted = {"done": _RUNS.c.done + done, "failed": _RUNS.c.failed + failed}
    tx.execute(update(_RUNS).where(_RUNS.c.id == run).values(counted))


def finish(tx: Transaction, run: int, state: State, error: str | None = None) -> bool:
    """End a run, which happens once; returns False where it was over already."""
    living = update(_RUNS).where(_RUNS.c.id == run, _RUNS.c.state.not_in(OVER))
    return tx.execute(living.values(state=state, error=error, finished_at=tx.now)).rowcount == 1


def find(connection: Connection, run: int) -> Run | None:
    """One run; `None` where there is none of this number."""
    row = connection.execute(_LISTED.where(_RUNS.c.id == run)).one_or_none()
    return _run(row) if row is not None else None


def newest(connection: Connection, limit: int, target: str | None = None) -> list[Run]:
    """The latest runs, newest first, at most `limit`."""
    statement = _LISTED.order_by(_RUNS.c.id.desc()).limit(limit)
    return _read(connection, statement if target is None else statement.where(_RUNS.c.target == target))


def window(connection: Connection, around: int, before: int, after: int) -> list[Run]:
    """At most `before` runs with lower numbers than `around` and at most `after` from it on, ascending."""
    lower = connection.execute(_LISTED.where(_RUNS.c.id < around).order_by(_RUNS.c.id.desc()).limit(before)).all()
    upper = connection.execute(_LISTED.where(_RUNS.c.id >= around).order_by(_RUNS.c.id).limit(after)).all()
    return [_run(row) for row in (*reversed(lower), *upper)]


def in_states(connection: Connection, states: Sequence[State], target: str | None = None) -> list[Run]:
    """The runs in any of these states, oldest first."""
    statement = _LISTED.where(_RUNS.c.state.in_(states)).order_by(_RUNS.c.id)
    return _read(connection, statement if target is None else statement.where(_RUNS.c.target == target))


def for_approval(connection: Connection, target: str) -> list[Run]:
    """The runs of a target that wait for an admin, oldest first."""
    waiting = _LISTED.where(_RUNS.c.target == target, _RUNS.c.state == "waiting", _RUNS.c.approved_by.is_(None))
    return _read(connection, waiting.order_by(_RUNS.c.id))


def interrupted(connection: Connection, target: str) -> list[Run]:
    """The approved runs of a target that wait to go on, oldest first."""
    return _read(connection, _LISTED.where(_RUNS.c.target == target, _IS_INTERRUPTED).order_by(_RUNS.c.id))


def is_interrupted(connection: Connection, run: int) -> bool:
    """Whether a run is approved, and waits to go on."""
    return connection.execute(select(_RUNS.c.id).where(_RUNS.c.id == run, _IS_INTERRUPTED)).first() is not None


def last_whole(connection: Connection, target: str) -> Run | None:
    """The latest run that compared everything and did not fail; an admin may have stopped it or refused its plan."""
    whole = _LISTED.where(_RUNS.c.target == target, _RUNS.c.scope == "all", _RUNS.c.state != "failed")
    row = connection.execute(whole.order_by(_RUNS.c.id.desc()).limit(1)).one_or_none()
    return _run(row) if row is not None else None


def _read(connection: Connection, statement: object) -> list[Run]:
    return [_run(row) for row in connection.execute(statement)]  # type: ignore[call-overload]


def _run(row: Row[Any]) -> Run:
    values = row._asdict()
    return Run(**values | {"holds": holds.read(values["holds"])})


def _update(tx: Transaction, run: int, **values: object) -> None:
    tx.execute(update(_RUNS).where(_RUNS.c.id == run).values(values))
