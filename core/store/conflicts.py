"""Conflicts as planning finds them: opened once, kept open while they last, closed when their cause is gone."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields

import orjson
from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from core.planning.document import conflict_document, read_conflict
from core.planning.values import Conflict
from core.store import tables
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


_CONFLICTS = tables.Conflict.metadata.tables["conflicts"]
_LISTED = select(*(_CONFLICTS.c[field.name] for field in fields(Listed)))
_OPEN = _CONFLICTS.c.state == "open"


def record(tx: Transaction, target: str, run: int, found: Sequence[Conflict], is_planned: Callable[[str], bool]) -> int:
    """Bring the open conflicts in line with what a plan found; returns how many are new.

    `is_planned` tells of a subject whether the plan was about it: only then does its absence close a conflict.
    """
    columns = select(_CONFLICTS.c.id, _CONFLICTS.c.kind, _CONFLICTS.c.subject)
    rows = tx.execute(columns.where(_CONFLICTS.c.target == target, _OPEN)).all()
    known = {(row.kind, row.subject): row.id for row in rows}
    still = {(conflict.kind, conflict.subject) for conflict in found}
    for (kind, subject), number in known.items():
        if (kind, subject) not in still and is_planned(subject):
            closed = {"state": "closed", "closed_at": tx.now}
            tx.execute(update(_CONFLICTS).where(_CONFLICTS.c.id == number).values(closed))
    new = [conflict for conflict in found if (conflict.kind, conflict.subject) not in known]
    for conflict in found:
        number = known.get((conflict.kind, conflict.subject))
        if number is not None:
            tx.execute(update(_CONFLICTS).where(_CONFLICTS.c.id == number).values(_shown(conflict)))
    if new:
        opened = {"target": target, "run": run, "state": "open", "opened_at": tx.now}
        tx.execute(insert(_CONFLICTS), [opened | _about(conflict) | _shown(conflict) for conflict in new])
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


def users_of_kinds(connection: Connection, target: str, kinds: Collection[str], limit: int) -> set[str]:
    """Ids of the users with an open conflict of these kinds, at most `limit`."""
    return _subject_ids(connection, _CONFLICTS.c.user_id, target, kinds, limit)


def groups_of_kinds(connection: Connection, target: str, kinds: Collection[str], limit: int) -> set[str]:
    """Ids of the IdP groups with an open conflict of these kinds, at most `limit`."""
    return _subject_ids(connection, _CONFLICTS.c.group_id, target, kinds, limit)


def number_open(connection: Connection) -> dict[str, int]:
    """How many conflicts are open, by target."""
    grouped = select(_CONFLICTS.c.target, func.count()).where(_OPEN).group_by(_CONFLICTS.c.target)
    return {row.target: row[1] for row in connection.execute(grouped)}


def opened(connection: Connection, number: int) -> tuple[Listed, Conflict] | None:
    """One conflict as listed and in full; `None` where there is none of this id."""
    columns = [*_LISTED.selected_columns, _CONFLICTS.c.detail]
    row = connection.execute(select(*columns).where(_CONFLICTS.c.id == number)).one_or_none()
    return (Listed(*row[:-1]), read_conflict(orjson.loads(row.detail))) if row is not None else None


def _subject_ids(
    connection: Connection, column: ColumnElement[str], target: str, kinds: Collection[str], limit: int
) -> set[str]:
    about = select(column).where(_CONFLICTS.c.target == target, _OPEN, _CONFLICTS.c.kind.in_(sorted(kinds)))
    return set(connection.execute(about.where(column.is_not(None)).limit(limit)).scalars())


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
