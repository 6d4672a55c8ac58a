"""An opened exchange as lines of text: its request, its response, and its effect."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

from core.exchange import Exchange
from core.store.effects import Effects
from tui import json_text
from tui.effect_text import effect_lines
from tui.request_rows import clock, milliseconds
from tui.text_lines import Kind, TextLine

Part = Literal["Request", "Response", "Effect"]
PARTS: tuple[Part, ...] = get_args(Part)
_NOTHING_SENT = TextLine("no body", "dim")


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
