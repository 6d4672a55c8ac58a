"""Conflicts as planning finds them: opened once, kept open while they last, closed when their cause is gone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

import orjson
from sqlalchemy import Connection, func, insert, select, update

from core.planning.changes import Conflict
from core.planning.document import conflict_document, read_conflict
from core.store import stakes, tables
from core.store.parts import parts, rows_of
from core.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Listed:
    """One conflict as lists show it. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    target: str
    kind: str
    subject: str
    title: str
    state: str
    run: int | None
    opened_at: int
    closed_at: int | None


Finding = tuple[str, str]
"""Kind and subject, by which a conflict is known from one plan to the next."""

_CONFLICTS = tables.Conflict.metadata.tables["conflicts"]
_LISTED = select(*(_CONFLICTS.c[field.name] for field in fields(Listed)))
_OPEN = _CONFLICTS.c.state == "open"
_KNOWN = select(_CONFLICTS.c.id, _CONFLICTS.c.kind, _CONFLICTS.c.subject).where(_OPEN)


def record(
    tx: Transaction, target: str, run: int, found: Sequence[Conflict], is_planned: Callable[[Finding], bool]
) -> int:
    """Bring the open conflicts in line with what a plan found; returns how many are new.

    `is_planned` tells of a kind and subject whether the plan saw all that they are about: only then does it close a
    conflict, or change what is shown of it.
    """
    close(tx, gone(tx.connection, target, found, is_planned))
    return renew(tx, target, run, found, is_planned)


def gone(
    connection: Connection, target: str, found: Iterable[Conflict], is_planned: Callable[[Finding], bool]
) -> list[int]:
    """Ids of the open conflicts that a plan was about and did not find again."""
    still = {(conflict.kind, conflict.subject) for conflict in found}
    rows = connection.execute(_KNOWN.where(_CONFLICTS.c.target == target))
    return [row.id for row in rows if (row.kind, row.subject) not in still and is_planned((row.kind, row.subject))]


def close(tx: Transaction, numbers: Sequence[int]) -> None:
    """Close these conflicts: their cause is gone."""
    for part in parts(numbers):
        closed = update(_CONFLICTS).where(_OPEN, _CONFLICTS.c.id.in_(part))
        tx.execute(closed.values(state="closed", closed_at=tx.now))
    stakes.drop(tx, numbers)


def renew(
    tx: Transaction, target: str, run: int, found: Sequence[Conflict], is_planned: Callable[[Finding], bool]
) -> int:
    """Open the conflicts that a plan found, or show those that are open as they are now; returns how many are new."""
    known = _known(tx.connection, target, sorted({conflict.subject for conflict in found}))
    for conflict in found:
        number = known.get((conflict.kind, conflict.subject))
        if number is not None and is_planned((conflict.kind, conflict.subject)):
            tx.execute(update(_CONFLICTS).where(_CONFLICTS.c.id == number).values(_shown(conflict)))
            stakes.put(tx, target, {number: conflict.stakes})
    new = [conflict for conflict in found if (conflict.kind, conflict.subject) not in known]
    if new:
        opened = {"target": target, "run": run, "state": "open", "opened_at": tx.now}
        tx.execute(insert(_CONFLICTS), [opened | _about(conflict) | _shown(conflict) for conflict in new])
        _keep_stakes(tx, target, [conflict for conflict in new if conflict.stakes])
    return len(new)


def open_conflicts(connection: Connection, target: str | None = None, limit: int = 1000) -> list[Listed]:
    """The open conflicts, oldest first, at most `limit`."""
    statement = _LISTED.where(_OPEN).order_by(_CONFLICTS.c.id).limit(limit)
    rows = connection.execute(statement if target is None else statement.where(_CONFLICTS.c.target == target))
    return [Listed(*row) for row in rows]


def open_subjects(connection: Connection, target: str) -> dict[str, list[str]]:
    """Every subject with an open conflict at a target, and the kinds of its conflicts."""
    found: dict[str, list[str]] = {}
    statement = select(_CONFLICTS.c.subject, _CONFLICTS.c.kind).where(_CONFLICTS.c.target == target, _OPEN)
    for subject, kind in connection.execute(statement.order_by(_CONFLICTS.c.id)):
        found.setdefault(subject, []).append(kind)
    return found


def number_open(connection: Connection) -> dict[str, int]:
    """How many conflicts are open, by target."""
    grouped = select(_CONFLICTS.c.target, func.count()).where(_OPEN).group_by(_CONFLICTS.c.target)
    return {row.target: row[1] for row in connection.execute(grouped)}


def opened(connection: Connection, number: int) -> tuple[Listed, Conflict] | None:
    """One conflict as listed and in full; `None` where there is none of this id."""
    columns = [*_LISTED.selected_columns, _CONFLICTS.c.detail]
    row = connection.execute(select(*columns).where(_CONFLICTS.c.id == number)).one_or_none()
    return (Listed(*row[:-1]), read_conflict(orjson.loads(row.detail))) if row is not None else None


def _keep_stakes(tx: Transaction, target: str, new: Sequence[Conflict]) -> None:
    numbers = _known(tx.connection, target, sorted({conflict.subject for conflict in new}))
    stakes.put(tx, target, {numbers[conflict.kind, conflict.subject]: conflict.stakes for conflict in new})


def _known(connection: Connection, target: str, subjects: Sequence[str]) -> dict[Finding, int]:
    """Ids of the open conflicts about these subjects, by kind and subject."""
    of_target = _KNOWN.where(_CONFLICTS.c.target == target)
    return {(row.kind, row.subject): row.id for row in rows_of(connection, of_target, _CONFLICTS.c.subject, subjects)}


def _about(conflict: Conflict) -> dict[str, object]:
    return {
        "kind": conflict.kind,
        "subject": conflict.subject,
        "user_id": conflict.user_id,
        "group_id": conflict.group_id,
        "exchange": conflict.exchange,
    }


def _shown(conflict: Conflict) -> dict[str, object]:
    return {"title": conflict.title, "detail": orjson.dumps(conflict_document(conflict))}
