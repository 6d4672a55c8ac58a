"""Making a rule of an answer: what it would decide now and would have decided before is shown first; once made, it
decides at once about what is open."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.apply.deciding import would_decide
from core.planning.changes import Conflict
from core.planning.deciding import DecisionRule
from core.store import Transaction, audit, conflicts, decision_rules
from core.store.conflicts import Listed

LOOKED_AT = 10_000
"""Conflicts of its kind that are looked at, the latest first."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A rule that might be made, and what it is about."""

    rule: DecisionRule
    now: tuple[Listed, ...]
    """What it would decide at once, the latest first."""
    before: tuple[Listed, ...]
    """What it would have decided, had it been there: conflicts that are over."""


def effect(connection: Connection, target: str, rule: DecisionRule) -> Effect:
    """What a rule would decide at a target."""
    now = would_decide(connection, target, rule, "open", LOOKED_AT)
    return Effect(rule, tuple(now), tuple(would_decide(connection, target, rule, "closed", LOOKED_AT)))


def make_rule(
    tx: Transaction, target: str, rule: DecisionRule, reason: str, by: str, expires_at: int | None = None
) -> int:
    """Keep a rule; returns its number. What is open it decides by `undecided` and `core.apply.deciding.decide`."""
    number = decision_rules.make(tx, target, rule, reason, by, expires_at)
    audit.note(tx, by, "make rule", f"rule {number} of {target}", reason)
    return number


def undecided(connection: Connection, target: str, rule: DecisionRule) -> list[Conflict]:
    """The open conflicts that a rule may be about."""
    return [conflict for _, conflict in conflicts.of_kind(connection, target, rule.kind, "open", LOOKED_AT)]
