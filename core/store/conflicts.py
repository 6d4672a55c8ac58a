"""Conflicts as planning finds them: opened once, kept while they last, closed when their cause is gone.

One that a plan finds in spite of an answer that the plan knew is open again, and the answer has failed. One that was
skipped, or held until a moment that has come, is open again too.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import orjson
from sqlalchemy import Connection, Row, and_, func, insert, literal_column, select, update

from core.planning.changes import Conflict
from core.planning.document import conflict_document, read_conflict
from core.planning.late_conflicts import LATE
from core.store import answers, stakes, tables
from core.store.parts import parts, rows_of
from core.store.writer import Transaction

State = Literal["open", "held", "skipped", "answered", "closed"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One conflict as lists show it. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    target: str
    kind: str
    subject: str
    title: str
    state: State
    run: int | None
    opened_at: int
    closed_at: int | None
    answer: int | None = None
    """The last of its answers."""
    claimed_by: str | None = None
    claimed_at: int | None = None
    """When the claim was last renewed (`core.store.claims`)."""
    owner: str | None = None
    note: str | None = None
    until: int | None = None


Finding = tuple[str, str]
"""Kind and subject, by which a conflict is known from one plan to the next."""

_CONFLICTS = tables.Conflict.metadata.tables["conflicts"]
_LISTED = select(*(_CONFLICTS.c[field.name] for field in fields(Listed)))
_LASTS = _CONFLICTS.c.state != literal_column("'closed'")
"""As the index of what lasts has it: written out."""
OPEN = and_(_LASTS, _CONFLICTS.c.state != "answered")
"""Of those that wait for a decision."""
_KNOWN = select(*(_CONFLICTS.c[name] for name in ("id", "kind", "subject", "state", "answer", "until"))).where(_LASTS)


def record(
    tx: Transaction,
    target: str,
    run: int,
    found: Sequence[Conflict],
    is_planned: Callable[[Finding], bool],
    known: Collection[int] = (),
) -> int:
    """Bring the conflicts in line with what a plan found; returns how many are new.

    `is_planned` tells of a kind and subject whether the plan saw all that they are about: only then does it close a
    conflict, or change what is shown of it. `known` are the answers that the plan knew.
    """
    close(tx, gone(tx.connection, target, found, is_planned))
    return renew(tx, target, run, found, is_planned, known)


def gone(
    connection: Connection, target: str, found: Iterable[Conflict], is_planned: Callable[[Finding], bool]
) -> list[int]:
    """Ids of the conflicts that a plan was about and did not find again."""
    still = {(conflict.kind, conflict.subject) for conflict in found}
    rows = connection.execute(_KNOWN.where(_CONFLICTS.c.target == target))
    missing = [row for row in rows if row.kind not in LATE and (row.kind, row.subject) not in still]
    return [row.id for row in missing if is_planned((row.kind, row.subject))]


def close_about(tx: Transaction, target: str, kind: str, subjects: Sequence[str]) -> None:
    """Close the conflicts of one kind about these subjects: what they were about is done."""
    known = _known(tx.connection, target, subjects)
    close(tx, [row.id for (its_kind, _), row in known.items() if its_kind == kind])


def close(tx: Transaction, numbers: Sequence[int]) -> None:
    """Close these conflicts: their cause is gone."""
    for part in parts(numbers):
        closed = update(_CONFLICTS).where(_LASTS, _CONFLICTS.c.id.in_(part))
        tx.execute(closed.values(state="closed", closed_at=tx.now, claimed_by=None))
    stakes.drop(tx, numbers)


def renew(
    tx: Transaction,
    target: str,
    run: int,
    found: Sequence[Conflict],
    is_planned: Callable[[Finding], bool],
    known: Collection[int] = (),
) -> int:
    """Open the conflicts that a plan found, or show those that last as they are now; returns how many are new."""
    lasting = _known(tx.connection, target, sorted({conflict.subject for conflict in found}))
    turned_on: dict[int, Collection[str]] = {}
    for conflict in found:
        row = lasting.get((conflict.kind, conflict.subject))
        if row is not None and is_planned((conflict.kind, conflict.subject)):
            values = _shown(conflict) | _opened_again(tx, row, known)
            # Most are as they were: of 10,000 each plan would write every one again.
            if values != {"title": row.title, "detail": row.detail}:
                tx.execute(update(_CONFLICTS).where(_CONFLICTS.c.id == row.id).values(values))
            turned_on[row.id] = conflict.stakes
    stakes.put(tx, target, turned_on)
    new = [conflict for conflict in found if (conflict.kind, conflict.subject) not in lasting]
    if new:
        opened = {"target": target, "run": run, "state": "open", "opened_at": tx.now}
        tx.execute(insert(_CONFLICTS), [opened | _about(conflict) | _shown(conflict) for conflict in new])
        _keep_stakes(tx, target, [conflict for conflict in new if conflict.stakes])
    return len(new)


def reopen(tx: Transaction, number: int, note: str | None = None) -> None:
    """Have a conflict that lasts wait for a decision again."""
    open_again = update(_CONFLICTS).where(_LASTS, _CONFLICTS.c.id == number)
    tx.execute(open_again.values(state="open", owner=None, until=None, note=note))


def put_aside(
    tx: Transaction,
    number: int,
    state: State,
    *,
    answer: int | None = None,
    owner: str | None = None,
    note: str | None = None,
    until: int | None = None,
) -> None:
    """Take a conflict out of what waits for a decision, for one of these reasons; its claim ends."""
    values = {"state": state, "answer": answer, "owner": owner, "note": note, "until": until, "claimed_by": None}
    tx.execute(update(_CONFLICTS).where(_LASTS, _CONFLICTS.c.id == number).values(values))


def open_conflicts(connection: Connection, target: str | None = None, limit: int = 1000) -> list[Listed]:
    """The conflicts that wait for a decision, oldest first, at most `limit`."""
    statement = _LISTED.where(OPEN).order_by(_CONFLICTS.c.id).limit(limit)
    rows = connection.execute(statement if target is None else statement.where(_CONFLICTS.c.target == target))
    return [Listed(*row) for row in rows]


def open_subjects(connection: Connection, target: str) -> dict[str, list[str]]:
    """Every subject with a conflict at a target that waits for a decision, and the kinds of its conflicts."""
    found: dict[str, list[str]] = {}
    statement = select(_CONFLICTS.c.subject, _CONFLICTS.c.kind).where(_CONFLICTS.c.target == target, OPEN)
    for subject, kind in connection.execute(statement.order_by(_CONFLICTS.c.id)):
        found.setdefault(subject, []).append(kind)
    return found


def number_open(connection: Connection) -> dict[str, int]:
    """How many conflicts wait for a decision, by target."""
    grouped = select(_CONFLICTS.c.target, func.count()).where(OPEN).group_by(_CONFLICTS.c.target)
    return {row.target: row[1] for row in connection.execute(grouped)}


def opened(connection: Connection, number: int) -> tuple[Listed, Conflict] | None:
    """One conflict as listed and in full; `None` where there is none of this id."""
    columns = [*_LISTED.selected_columns, _CONFLICTS.c.detail]
    row = connection.execute(select(*columns).where(_CONFLICTS.c.id == number)).one_or_none()
    return (Listed(*row[:-1]), read_conflict(orjson.loads(row.detail))) if row is not None else None


def window(connection: Connection, first: int, limit: int) -> list[Listed]:
    """At most `limit` of the conflicts that last, from a number on, oldest first."""
    wanted = _LISTED.where(_LASTS, _CONFLICTS.c.id >= first).order_by(_CONFLICTS.c.id).limit(limit)
    return [Listed(*row) for row in connection.execute(wanted)]


def window_ending(connection: Connection, last: int, limit: int) -> list[Listed]:
    """At most `limit` of the conflicts that last, up to a number, oldest first."""
    wanted = _LISTED.where(_LASTS, _CONFLICTS.c.id <= last).order_by(_CONFLICTS.c.id.desc()).limit(limit)
    return [Listed(*row) for row in reversed(connection.execute(wanted).all())]


def next_open(connection: Connection, after: int) -> int | None:
    """The number of the next conflict that waits for an answer, of the first one where there is none after."""
    wanted = select(_CONFLICTS.c.id).where(_CONFLICTS.c.state == "open").order_by(_CONFLICTS.c.id).limit(1)
    found = connection.execute(wanted.where(_CONFLICTS.c.id > after)).scalar()
    return found if found is not None else connection.execute(wanted).scalar()


def numbers_of_kind(connection: Connection, target: str, kind: str) -> list[int]:
    """Numbers of the open conflicts of one kind at a target, oldest first."""
    wanted = select(_CONFLICTS.c.id).where(_CONFLICTS.c.state == "open", _CONFLICTS.c.target == target)
    return list(connection.execute(wanted.where(_CONFLICTS.c.kind == kind).order_by(_CONFLICTS.c.id)).scalars())


def of_kind(connection: Connection, target: str, kind: str, state: str, limit: int) -> list[tuple[Listed, Conflict]]:
    """The conflicts of one kind in one state, as listed and in full, the latest first."""
    about = (_CONFLICTS.c.target == target, _CONFLICTS.c.kind == kind, _CONFLICTS.c.state == state)
    wanted = select(*_LISTED.selected_columns, _CONFLICTS.c.detail).where(*about)
    rows = connection.execute(wanted.order_by(_CONFLICTS.c.id.desc()).limit(limit))
    return [(Listed(*row[:-1]), read_conflict(orjson.loads(row.detail))) for row in rows]


def as_kept(tx: Transaction, target: str, found: Iterable[Conflict]) -> list[tuple[Listed, Conflict]]:
    """These conflicts, each as it is listed; those that do not last are left out."""
    of_finding = {(conflict.kind, conflict.subject): conflict for conflict in found}
    wanted = _LISTED.where(_CONFLICTS.c.target == target, _LASTS)
    rows = rows_of(tx.connection, wanted, _CONFLICTS.c.subject, sorted({subject for _, subject in of_finding}))
    return [(Listed(*row), of_finding[row.kind, row.subject]) for row in rows if (row.kind, row.subject) in of_finding]


def _keep_stakes(tx: Transaction, target: str, new: Sequence[Conflict]) -> None:
    rows = _known(tx.connection, target, sorted({conflict.subject for conflict in new}))
    stakes.put(tx, target, {rows[conflict.kind, conflict.subject].id: conflict.stakes for conflict in new})


def _known(connection: Connection, target: str, subjects: Sequence[str]) -> Mapping[Finding, Row[tuple[object, ...]]]:
    """The conflicts about these subjects that last, by kind and subject."""
    of_target = _KNOWN.add_columns(_CONFLICTS.c.title, _CONFLICTS.c.detail).where(_CONFLICTS.c.target == target)
    return {(row.kind, row.subject): row for row in rows_of(connection, of_target, _CONFLICTS.c.subject, subjects)}


def _opened_again(tx: Transaction, row: Row[tuple[object, ...]], known: Collection[int]) -> dict[str, object]:
    """What changes in a conflict that a plan has found again."""
    if row.state == "answered" and row.answer in known:
        answers.end(tx, row.answer, "failed", "a plan met the conflict in spite of it")
        return {"state": "open", "note": "The last answer did not end it."}
    if row.state == "skipped" or (row.state == "held" and row.until is not None and row.until <= tx.now):
        return {"state": "open", "until": None}
    return {}


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
