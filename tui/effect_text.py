"""What an exchange did, as lines of text: to the resource, to targets, and by which calls; and what led to it.

Numbers stand as a filter takes them, `id:78`, so that each can be looked for as it is read.
"""

from collections.abc import Iterator, Mapping

from core.exchange import Exchange
from core.planning.changes import Change
from core.redaction import MASK
from core.resource_diff import Difference, asked, differences, resource_of
from core.scim.tolerances import TOLERANCES
from core.store import changes
from core.store.effects import AT_MOST, Effects
from core.store.exchanges import Listed
from tui.request_rows import clock, mark, milliseconds
from tui.text_lines import Kind, TextLine

_READS = ("GET", "HEAD", "OPTIONS")
_NONE, _UNKNOWN = "(none)", "(unknown)"


def effect_lines(number: int, exchange: Exchange, effects: Effects) -> list[TextLine]:
    """What it led to and what led to it, with the numbers that a filter takes."""
    lines = _inbound(number, exchange, effects) if exchange.direction == "in" else _outbound(exchange, effects)
    return [*lines, *_tolerances(exchange.response_headers.get("x-manciple-tolerances", ""))]


def _inbound(number: int, exchange: Exchange, effects: Effects) -> Iterator[TextLine]:
    parts = [_of_resource(exchange, effects), _trail(number, exchange, effects)]
    # What was created is long, and is in the answer as well.
    for part in reversed(parts) if exchange.method == "POST" else parts:
        yield from part


def _trail(number: int, exchange: Exchange, effects: Effects) -> Iterator[TextLine]:
    if not effects.changes and not effects.calls:
        yield TextLine(_nothing(exchange), "dim")
        return
    yield TextLine("Changes it led to" if effects.changes else "No change of a run names it.", "head")
    for change in effects.changes:
        yield from _change(change, effects.in_full.get(change.id))
    if effects.calls:
        yield TextLine(f"Calls it led to (filter cause:{number})", "head")
        yield from map(_call, effects.calls)
    if AT_MOST in (len(effects.changes), len(effects.calls)):
        yield TextLine(f"  Only the first {AT_MOST} are listed.", "dim")


def _of_resource(exchange: Exchange, effects: Effects) -> Iterator[TextLine]:
    """What a write did to the resource here: against the log where that shows it, else what was asked for."""
    if _is_refused(exchange) or _is_reading(exchange):
        return
    after, before = resource_of(exchange.response_body), effects.before
    if exchange.method == "DELETE":
        yield TextLine("The resource was deleted.", "head")
    elif after is not None and exchange.method == "POST":
        yield TextLine("What was created", "head")
        yield from map(_difference, differences({}, after))
    elif after is not None and before is not None:
        yield TextLine(f"What it changed, since id:{before.exchange} showed it", "head")
        changed = differences(before.resource, after)
        yield from map(_difference, changed)
        if not changed:
            yield TextLine(f"  nothing that the log shows{_masked(exchange)}", "dim")
    elif operations := asked(exchange.request_body):
        yield TextLine("What it asked for; the log does not show the resource before", "head")
        yield from (TextLine(f"  {operation}") for operation in operations)


def _masked(exchange: Exchange) -> str:
    return f"; values shown as {MASK} cannot be compared" if MASK.encode() in exchange.response_body else ""


def _difference(found: Difference) -> TextLine:
    if found.before is None:
        return TextLine(f"+ {found.attribute}: {found.after}", "good")
    if found.after is None:
        return TextLine(f"- {found.attribute}: {found.before}", "warning")
    return TextLine(f"~ {found.attribute}: {found.before} -> {found.after}")


def _nothing(exchange: Exchange) -> str:
    if _is_refused(exchange):
        return "It was refused: nothing was changed."
    if _is_reading(exchange):
        return "It only reads: nothing was changed."
    return "It led to no change at a target: either none was needed, or it is not planned yet."


def _is_refused(exchange: Exchange) -> bool:
    return exchange.status is None or exchange.status >= 400


def _is_reading(exchange: Exchange) -> bool:
    return exchange.method in _READS or exchange.path.partition("?")[0].endswith("/.search")


def _change(change: changes.Listed, in_full: Change | None) -> Iterator[TextLine]:
    where = f"  change:{change.id} run:{change.run}  {change.target}  {change.kind}"
    yield TextLine(f"{where}  {_object(change)}  {change.state}", "bad" if change.state == "failed" else "plain")
    if change.error:
        yield TextLine(f"    {change.error}", "bad")
    if in_full is not None:
        yield from _states(in_full.before, in_full.after)


def _states(before: Mapping[str, str | bool | None], after: Mapping[str, str | bool | None]) -> Iterator[TextLine]:
    """What of the target's object differs."""
    for name in sorted(before.keys() | after.keys()):
        old, new = (_value(side, name) for side in (before, after))
        if old != new:
            yield TextLine(f"    {name}: {old} -> {new}", "dim")


def _value(side: Mapping[str, str | bool | None], name: str) -> str:
    value = side.get(name, _NONE)
    return _UNKNOWN if value is None else value if isinstance(value, str) else "yes" if value else "no"


def _object(change: changes.Listed) -> str:
    return ", ".join(name for name in (change.account, change.group_name) if name) or "-"


def _call(row: Listed) -> TextLine:
    status = "no answer" if row.status is None else row.status
    what = f"{row.method} {row.path}  {status}  {milliseconds(row.duration)} ms  {row.outcome}"
    return TextLine(f"{mark(row)} id:{row.id}  {clock(row.at)}  {row.party}  {what}", _severity(row))


def _severity(row: Listed) -> Kind:
    return "bad" if mark(row) == "X" else "warning" if mark(row) == "!" else "plain"


def _outbound(exchange: Exchange, effects: Effects) -> Iterator[TextLine]:
    if effects.change is not None:
        listed, change = effects.change
        yield TextLine("The change it carried out", "head")
        yield from _change(listed, change)
        yield TextLine(f"  because: {change.because.text}")
        yield TextLine(f"  rule: {change.because.rule}", "dim")
    elif exchange.change is not None:
        yield TextLine(f"It carried out change:{exchange.change}, which the store no longer has.", "dim")
    if effects.run is not None:
        run = effects.run
        yield TextLine(f"run:{run.id}  {run.target}  {run.trigger}, {run.scope}, {run.state}")
    if effects.cause is not None:
        yield TextLine(f"The request that led to it (filter id:{effects.cause.id})", "head")
        yield _call(effects.cause)
    elif exchange.cause is not None:
        yield TextLine(f"The request that led to it was id:{exchange.cause}; the log no longer has it.", "dim")
    if exchange.run is None and exchange.change is None and exchange.cause is None:
        yield TextLine("It belongs to no run: a check, or a probe of what the target can do.", "dim")


def _tolerances(header: str) -> Iterator[TextLine]:
    names = [name for name in header.split(", ") if name]
    if names:
        yield TextLine("Accepted although it is not strict SCIM", "head")
    for name in names:
        meaning = next((meaning for known, meaning in TOLERANCES.items() if known == name), "Unknown to this version.")
        yield TextLine(f"  {name}: {meaning}")
