"""Answers to conflicts: given once, standing until they are carried out, revoked, or found not to help."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from core.planning.answers import Answer, is_once
from core.store import tables
from core.store.parts import parts, rows_of
from core.store.writer import Transaction

Ending = Literal["done", "revoked", "failed"]


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it stands. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    target: str
    conflict: int
    kind: str
    subject: str
    key: str
    value: str | None
    needs: str | None
    by: str
    rule: int | None
    note: str | None
    at: int
    state: Literal["standing", "done", "revoked", "failed"]
    ended_at: int | None
    ending: str | None


_ANSWERS = tables.Answer.metadata.tables["answers"]
_LISTED = select(*(_ANSWERS.c[field.name] for field in fields(Given)))
_PLANNED = select(*(_ANSWERS.c[name] for name in ("id", "kind", "subject", "key", "value", "needs")))
_STANDS = _ANSWERS.c.state == "standing"


def give(
    tx: Transaction,
    target: str,
    conflict: int,
    answer: Answer,
    by: str,
    *,
    rule: int | None = None,
    note: str | None = None,
) -> int:
    """Keep an answer (its number is given here) that stands from now on, in the place of any other to this conflict."""
    earlier = update(_ANSWERS).where(_STANDS, _ANSWERS.c.conflict == conflict)
    tx.execute(earlier.values(state="revoked", ended_at=tx.now, ending=f"{by} answered otherwise"))
    row = {name: getattr(answer, name) for name in ("kind", "subject", "key", "value", "needs")}
    row |= {"target": target, "conflict": conflict, "by": by, "rule": rule, "note": note}
    given = insert(_ANSWERS).values(row | {"at": tx.now, "state": "standing"}).returning(_ANSWERS.c.id)
    return int(tx.execute(given).scalar_one())


def standing(connection: Connection, target: str) -> list[Answer]:
    """The answers that stand at a target, as the planner takes them."""
    rows = connection.execute(_PLANNED.where(_ANSWERS.c.target == target, _STANDS).order_by(_ANSWERS.c.id))
    return [Answer(row.id, row.kind, row.subject, row.key, row.value, row.needs) for row in rows]


def newest_for_groups(connection: Connection, target: str) -> int | None:
    """When the latest answer that stands and is about a target group of rules was given: only a comparison of
    everything carries it out."""
    about = _ANSWERS.c.subject.startswith("target-group:")
    return connection.execute(
        select(func.max(_ANSWERS.c.at)).where(_ANSWERS.c.target == target, _STANDS, about)
    ).scalar()


def carry_out(tx: Transaction, known: Iterable[Answer], is_done: Callable[[Answer], bool]) -> None:
    """Let those of the answers that a plan knew be over which were to be carried out once, and are."""
    done = [answer.number for answer in known if is_once(answer.kind, answer.key) and is_done(answer)]
    for part in parts(done):
        over = update(_ANSWERS).where(_STANDS, _ANSWERS.c.id.in_(part))
        tx.execute(over.values(state="done", ended_at=tx.now))


def end(tx: Transaction, number: int, state: Ending, ending: str | None) -> bool:
    """End an answer; returns False where it does not stand."""
    over = update(_ANSWERS).where(_STANDS, _ANSWERS.c.id == number)
    return tx.execute(over.values(state=state, ended_at=tx.now, ending=ending)).rowcount == 1


def find(connection: Connection, number: int) -> Given | None:
    """One answer; `None` where there is none of this id."""
    row = connection.execute(_LISTED.where(_ANSWERS.c.id == number)).one_or_none()
    return Given(*row) if row is not None else None


def of_conflicts(connection: Connection, conflicts: Collection[int]) -> list[Given]:
    """All answers to these conflicts, oldest first."""
    return sorted(
        (Given(*row) for row in rows_of(connection, _LISTED, _ANSWERS.c.conflict, conflicts)), key=lambda g: g.id
    )


def of_rule(connection: Connection, rule: int, *, only_standing: bool = True) -> list[Given]:
    """The answers that a rule gave, oldest first."""
    wanted = _LISTED.where(_ANSWERS.c.rule == rule).order_by(_ANSWERS.c.id)
    return [Given(*row) for row in connection.execute(wanted.where(_STANDS) if only_standing else wanted)]


def newest(connection: Connection, target: str | None, limit: int) -> list[Given]:
    """The latest answers, newest first, at most `limit`."""
    wanted = _LISTED.order_by(_ANSWERS.c.id.desc()).limit(limit)
    rows = connection.execute(wanted if target is None else wanted.where(_ANSWERS.c.target == target))
    return [Given(*row) for row in rows]
