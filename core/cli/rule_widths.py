"""How wide a rule may be: about this object, those like it, or the whole kind; and what each would decide."""

from collections.abc import Iterator

from sqlalchemy import Connection

from core.apply.ruling import Effect, effect
from core.cli.exits import USAGE, CommandFailed
from core.cli.output import say, say_all
from core.cli.rule_file import refuse
from core.planning.changes import Conflict
from core.planning.deciding import SUBJECT, DecisionRule, widths
from core.planning.wording import counted

HOW_WIDE = "say how wide it is: --this, --where FIELD=GLOB, or --whole-kind"
_NAMED = 5


def asked_how_wide(
    connection: Connection, target: str, conflict: Conflict, key: str, value: str | None, *, as_json: bool
) -> CommandFailed:
    """Shows what a rule of each width would decide; the error that asks for one of them."""
    narrowest = widths(conflict, key, value)
    refuse(narrowest[0])
    for rule in () if as_json else narrowest:
        say_all(effect_lines(effect(connection, target, rule)))
        say(f"  to make it: {_option(rule)}")
        say()
    return CommandFailed(HOW_WIDE, USAGE)


def effect_lines(found: Effect) -> Iterator[str]:
    """What a rule says, and the first few of what it would decide now, and would have decided before."""
    rule = found.rule
    where = ", ".join(f"{name} is {glob}" for name, glob in rule.where.items()) or "whatever they are about"
    yield f"Answer {rule.key}{f' {rule.value}' if rule.value else ''} to conflicts of kind {rule.kind}, {where}."
    for what, rows in (("It would decide now", found.now), ("It would have decided before", found.before)):
        yield f"{what}: {counted(len(rows), 'conflict')}"
        yield from (f"  {row.id}  {row.title}" for row in rows[:_NAMED])
        if len(rows) > _NAMED:
            yield f"  … and {len(rows) - _NAMED:,} more"


def _option(rule: DecisionRule) -> str:
    """What makes a rule as wide as this one."""
    if SUBJECT in rule.where:
        return "--this"
    said = " ".join(f"--where '{name}={glob}'" for name, glob in rule.where.items())
    return said or "--whole-kind"
