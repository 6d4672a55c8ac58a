"""Rules at work: conflicts that a plan found are answered as admins have ruled, and due to be carried out at once."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from core.apply.computing import computed
from core.apply.parts import write_parts
from core.apply.resolving import NotAnswered, answered_with, chosen, touch
from core.apply.site import Site
from core.planning.changes import Conflict
from core.planning.deciding import DecisionRule, Tie, deciding
from core.planning.values import NameRules
from core.planning.wording import counted
from core.store import Transaction, answers, audit, conflicts, decision_rules
from core.store.clock import now_ms
from core.store.conflicts import Listed
from core.store.decision_rules import Kept

JUMP, AT_LEAST = 10.0, 20
"""A rule that would decide so many times more than it usually does, and more than so many, is suspended instead."""


async def decide_all(site: Site, found: Sequence[Conflict]) -> None:
    """Answer, of the conflicts that a plan found and that are kept by now, those that rules are about."""
    if not found or not await computed(_has_rules, site):
        return
    names = (await site.target.capabilities()).names
    jumping = await computed(_jumping, site, found)
    await site.store.writer.write(lambda tx: _suspend(tx, site.name, jumping))
    await write_parts(site.store, found, lambda tx, _, part: decide(tx, site.name, part, names))


def decide(tx: Transaction, target: str, found: Sequence[Conflict], names: NameRules) -> int:
    """Answer those of these conflicts that are open and that a rule is about; returns how many."""
    kept = {each.id: each for each in decision_rules.active(tx.connection, target, tx.now)}
    rules = [each.rule for each in kept.values()]
    hits: Counter[int] = Counter()
    for row, conflict in conflicts.as_kept(tx, target, found):
        rule = deciding(rules, conflict) if row.state == "open" else None
        if isinstance(rule, Tie):
            tied = " and ".join(map(str, rule.numbers))
            conflicts.reopen(tx, row.id, f"Rules {tied} would answer it differently: revoke one.")
        elif rule is not None and not _has_failed(tx, row, rule):
            hits[rule.number] += _answer(tx, target, kept[rule.number], row, conflict, names)
    for number, times in hits.items():
        decision_rules.hit(tx, number, times)
    return hits.total()


def would_decide(connection: Connection, target: str, rule: DecisionRule, state: str, limit: int) -> list[Listed]:
    """The conflicts of a state that a rule would decide, or would have decided, the latest first."""
    found = conflicts.of_kind(connection, target, rule.kind, state, limit)
    return [row for row, conflict in found if deciding([rule], conflict) == rule]


def _has_rules(site: Site) -> bool:
    with site.store.read() as connection:
        return bool(decision_rules.active(connection, site.name, now_ms()))


def _jumping(site: Site, found: Iterable[Conflict]) -> list[tuple[int, str]]:
    """Ids of rules that would decide far more than they usually do, and that in words."""
    with site.store.read() as connection:
        rules = [each.rule for each in decision_rules.active(connection, site.name, now_ms())]
        usual = {rule.number: decision_rules.usual(connection, rule.number) for rule in rules}
    decided = (deciding(rules, conflict) for conflict in found)
    numbers = Counter(rule.number for rule in decided if isinstance(rule, DecisionRule))
    return [
        (number, f"It would have decided {counted(times, 'conflict')} at once; {before:.0f} is usual.")
        for number, times in numbers.items()
        if (before := usual[number]) is not None and times > max(AT_LEAST, JUMP * before)
    ]


def _suspend(tx: Transaction, target: str, jumping: Iterable[tuple[int, str]]) -> None:
    for number, ending in jumping:
        decision_rules.move(tx, number, "suspended", ending)
        audit.note(tx, f"rule {number}", "suspend rule", f"rule {number} of {target}", ending)


def _answer(tx: Transaction, target: str, kept: Kept, row: Listed, conflict: Conflict, names: NameRules) -> bool:
    try:
        resolution = chosen(conflict, kept.key)
        answer = answered_with(tx.connection, target, conflict, resolution, kept.value, names)
    except NotAnswered as error:
        conflicts.reopen(tx, row.id, f"Rule {kept.id} does not fit: {error}")
        return False
    given = answers.give(tx, target, row.id, answer, kept.author, rule=kept.id)
    conflicts.put_aside(tx, row.id, "answered", answer=given)
    touch(tx, target, conflict)
    return True


def _has_failed(tx: Transaction, row: Listed, rule: DecisionRule) -> bool:
    """Whether this rule has answered the conflict already, and it is open all the same."""
    given = answers.find(tx.connection, row.answer) if row.answer is not None else None
    return given is not None and given.rule == rule.number
