"""An opened exchange as lines of text: its request, its response, and its effect."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

from core.exchange import Exchange
from core.scim.tolerances import TOLERANCES
from core.store import changes
from core.store.effects import AT_MOST, Effects
from core.store.exchanges import Listed
from tui import json_text
from tui.request_rows import clock, mark, milliseconds
from tui.text_lines import Kind, TextLine

Part = Literal["Request", "Response", "Effect"]
PARTS: tuple[Part, ...] = get_args(Part)
_NOTHING_SENT = TextLine("no body", "dim")
_READS = ("GET", "HEAD", "OPTIONS")


def title(number: int, exchange: Exchange, part: Part) -> str:
    """What was opened, and which part of it is shown: `15 PATCH 404  [Request] Response  Effect`."""
    status = "no answer" if exchange.status is None else exchange.status
    return f"{number} {exchange.method} {status} {short_title(part)}"


def short_title(part: Part) -> str:
    """The parts alone."""
    return "".join(f"[{name}]" if name == part else f" {name} " for name in PARTS)


def lines_of(part: Part, number: int, exchange: Exchange, read_effects: Callable[[], Effects]) -> Sequence[TextLine]:
    """The lines of a part; only for its effect anything is read."""
    if part == "Request":
        return request_lines(exchange)
    return response_lines(exchange) if part == "Response" else effect_lines(number, exchange, read_effects())


def request_lines(exchange: Exchange) -> list[TextLine]:
    """Request line, where it came from, headers and body."""
    came = f"from {exchange.party}" + (f", {exchange.client}" if exchange.client else "")
    way = came if exchange.direction == "in" else f"to {exchange.party}"
    date = f"{datetime.fromtimestamp(exchange.at // 1000):%Y-%m-%d} {clock(exchange.at)}"
    first = [TextLine(f"{exchange.method} {exchange.path}", "head"), TextLine(f"{way}, {date}", "dim")]
    return [*first, *_message(exchange.request_headers, exchange.request_body)]


def response_lines(exchange: Exchange) -> list[TextLine]:
    """Status, how long it took, headers and body."""
    if exchange.status is None:
        first = TextLine(f"no answer: {exchange.outcome}", "bad")
    else:
        first = TextLine(f"{exchange.status} {exchange.outcome}", _kind(exchange.status))
    took = TextLine(f"{milliseconds(exchange.duration)} ms", "dim")
    return [first, took, *_message(exchange.response_headers, exchange.response_body)]


def effect_lines(number: int, exchange: Exchange, effects: Effects) -> list[TextLine]:
    """What it led to and what led to it, with the numbers that a filter takes."""
    lines = _inbound(number, exchange, effects) if exchange.direction == "in" else _outbound(exchange, effects)
    return [*lines, *_tolerances(exchange.response_headers.get("x-manciple-tolerances", ""))]


def _message(headers: Mapping[str, str], body: bytes) -> Iterator[TextLine]:
    for name, value in headers.items():
        yield TextLine(f"{name}: {value}", "header")
    yield TextLine("")
    text = body.decode("utf-8", "replace")
    if not text:
        yield _NOTHING_SENT
    elif json_text.looks_like_json(text):
        yield from (TextLine(line, "json") for line in json_text.laid_out(text))
    else:
        yield from (TextLine(line) for line in text.splitlines())


def _kind(status: int) -> Kind:
    return "bad" if status >= 500 else "warning" if status >= 400 else "good"


def _inbound(number: int, exchange: Exchange, effects: Effects) -> Iterator[TextLine]:
    if not effects.changes and not effects.calls:
        yield TextLine(_nothing(exchange), "dim")
        return
    yield TextLine("Changes it led to" if effects.changes else "No change of a run names it.", "head")
    for change in effects.changes:
        yield from _change(change)
    if effects.calls:
        yield TextLine(f"Calls it led to (filter cause:{number})", "head")
        yield from map(_call, effects.calls)
    if AT_MOST in (len(effects.changes), len(effects.calls)):
        yield TextLine(f"  Only the first {AT_MOST} are listed.", "dim")


def _nothing(exchange: Exchange) -> str:
    if exchange.status is None or exchange.status >= 400:
        return "It was refused: nothing was changed."
    if exchange.method in _READS or exchange.path.partition("?")[0].endswith("/.search"):
        return "It only reads: nothing was changed."
    return "It led to no change at a target: either none was needed, or it is not planned yet."


def _change(change: changes.Listed) -> Iterator[TextLine]:
    where = f"  change:{change.id} run:{change.run}  {change.target}  {change.kind}"
    yield TextLine(f"{where}  {_object(change)}  {change.state}", "bad" if change.state == "failed" else "plain")
    if change.error:
        yield TextLine(f"    {change.error}", "bad")


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
        yield from _change(listed)
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
