"""Rules that answer conflicts: made by admins, with a reason, an end if wanted, and a count of what they decided."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Row, func, insert, or_, select, update

from core.planning.deciding import DecisionRule
from core.store import tables
from core.store.writer import Transaction

State = Literal["active", "suspended", "revoked"]


@dataclass(frozen=True, slots=True)
class Kept:
    """One rule as it stands. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    target: str
    kind: str
    where: Mapping[str, str]
    key: str
    value: str | None
    reason: str
    author: str
    created_at: int
    expires_at: int | None
    state: State
    ending: str | None
    hits: int
    last_hit_at: int | None

    @property
    def rule(self) -> DecisionRule:
        """As conflicts are matched with it."""
        return DecisionRule(self.id, self.kind, self.where, self.key, self.value)


_RULES = tables.DecisionRule.metadata.tables["decision_rules"]
_ANSWERS = tables.Answer.metadata.tables["answers"]
_LISTED = select(*(_RULES.c[field.name] for field in fields(Kept)))


def make(
    tx: Transaction, target: str, rule: DecisionRule, reason: str, author: str, expires_at: int | None = None
) -> int:
    """Keep a rule (its number is given here), active from now on."""
    row: dict[str, object] = {
        "target": target,
        "kind": rule.kind,
        "where": orjson.dumps(dict(rule.where)),
        "key": rule.key,
    }
    row |= {"value": rule.value, "reason": reason, "author": author, "created_at": tx.now, "expires_at": expires_at}
    made = insert(_RULES).values(row | {"state": "active"}).returning(_RULES.c.id)
    return int(tx.execute(made).scalar_one())


def active(connection: Connection, target: str, now: int) -> list[Kept]:
    """The rules of a target that decide, oldest first."""
    lasts = or_(_RULES.c.expires_at.is_(None), _RULES.c.expires_at > now)
    wanted = _LISTED.where(_RULES.c.target == target, _RULES.c.state == "active", lasts)
    return [_kept(row) for row in connection.execute(wanted.order_by(_RULES.c.id))]


def listed(connection: Connection, target: str | None = None) -> list[Kept]:
    """All rules, oldest first."""
    wanted = _LISTED.order_by(_RULES.c.id)
    rows = connection.execute(wanted if target is None else wanted.where(_RULES.c.target == target))
    return [_kept(row) for row in rows]


def find(connection: Connection, number: int) -> Kept | None:
    """One rule; `None` where there is none of this id."""
    row = connection.execute(_LISTED.where(_RULES.c.id == number)).one_or_none()
    return _kept(row) if row is not None else None


def move(tx: Transaction, number: int, state: State, ending: str | None = None) -> None:
    """Suspend, revoke or re-activate a rule."""
    tx.execute(update(_RULES).where(_RULES.c.id == number).values(state=state, ending=ending))


def hit(tx: Transaction, number: int, hits: int) -> None:
    """Count what a rule decided."""
    more = {"hits": _RULES.c.hits + hits, "last_hit_at": tx.now}
    tx.execute(update(_RULES).where(_RULES.c.id == number).values(more))


def usual(connection: Connection, number: int) -> float | None:
    """How many conflicts a rule decides at a time, on average; `None`: it has decided nothing yet."""
    of_rule = select(func.count(), func.count(_ANSWERS.c.at.distinct())).where(_ANSWERS.c.rule == number)
    hits, occasions = connection.execute(of_rule).one()
    return hits / occasions if occasions else None


def _kept(row: Row[Any]) -> Kept:
    values = row._asdict()
    return Kept(**values | {"where": orjson.loads(values["where"])})
