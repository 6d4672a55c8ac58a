"""Exchanges as a terminal and as scripts see them: one line each in a list, or one in full."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from core.cli.table import cut, width
from core.cli.times import clock, iso, local
from core.exchange import Exchange
from core.plain import plain
from core.store import changes
from core.store.exchanges import Listed

_HEADINGS = ("ID", "AT", "DIR", "PARTY", "METHOD", "CODE", "TOOK")
_WIDTHS = (8, 23, 3, 10, 6, 4, 9)
"""Of what precedes path, subject and outcome; the same for each line, as lists that are followed need it."""
_NARROW = 120
"""Columns of a terminal below which a time has no date, and how long an exchange took is left out."""


def header_line(columns: int | None) -> str:
    """What stands above a list, for a terminal of so many columns."""
    return _line(_HEADINGS, "PATH, SUBJECT, OUTCOME", columns)


def listed_line(row: Listed, columns: int | None) -> str:
    """One exchange in one line, of at most so many columns."""
    at = local(row.at) if columns is None or columns >= _NARROW else clock(row.at)
    cells = (str(row.id), at, row.direction, row.party, row.method, _status(row.status), took(row.duration))
    return _line(cells, "  ".join(part for part in (row.path, row.subject, row.outcome) if part), columns)


def _line(cells: Sequence[str], about: str, columns: int | None) -> str:
    widths: Sequence[int] = _WIDTHS
    if columns is not None and columns < _NARROW:
        cells, widths = cells[:-1], (_WIDTHS[0], 8, *_WIDTHS[2:-1])
    placed = "  ".join(_padded(cell, wide) for cell, wide in zip(cells, widths, strict=True))
    line = f"{placed}  {plain(about)}"
    return line if columns is None else cut(line, columns)


def listed_document(row: Listed) -> dict[str, object]:
    """One exchange as lists have it."""
    return {
        "id": row.id,
        "at": iso(row.at),
        "direction": row.direction,
        "party": row.party,
        "method": row.method,
        "path": row.path,
        "status": row.status,
        "subject": row.subject,
        "outcome": row.outcome,
        "microseconds": row.duration,
        "client": row.client,
        "run": row.run,
        "change": row.change,
        "cause": row.cause,
    }


def exchange_document(
    ident: int, exchange: Exchange, caused: Sequence[changes.Listed], outbound: Sequence[Listed]
) -> dict[str, object]:
    """One exchange in full. Bodies are texts; they are cut and redacted as `[log] bodies` says."""
    return {
        "id": ident,
        "at": iso(exchange.at),
        "direction": exchange.direction,
        "party": exchange.party,
        "method": exchange.method,
        "path": exchange.path,
        "status": exchange.status,
        "subject": exchange.subject,
        "outcome": exchange.outcome,
        "microseconds": exchange.duration,
        "client": exchange.client,
        "run": exchange.run,
        "change": exchange.change,
        "cause": exchange.cause,
        "request": _message(exchange.request_headers, exchange.request_body),
        "response": _message(exchange.response_headers, exchange.response_body),
        "changes": [change.id for change in caused],
        "exchanges": [row.id for row in outbound],
    }


def exchange_lines(
    ident: int, exchange: Exchange, caused: Sequence[changes.Listed], outbound: Sequence[Listed]
) -> Iterator[str]:
    """One exchange in full, for people."""
    way = "from" if exchange.direction == "in" else "to"
    client = f" ({exchange.client})" if exchange.client else ""
    yield f"Exchange {ident} {way} {exchange.party}{client}, {local(exchange.at)}, {took(exchange.duration)}"
    for name in ("subject", "outcome", "run", "change", "cause"):
        if value := getattr(exchange, name):
            yield f"  {name:<8}  {value}"
    for change in caused:
        yield f"  led to    change {change.id} of run {change.run}: {change.kind} {change.account or change.group_name}"
    for row in outbound:
        yield f"  led to    exchange {row.id}: {row.method} {row.path} {_status(row.status)}"
    yield ""
    yield f"{exchange.method} {exchange.path}"
    yield from _message_lines(exchange.request_headers, exchange.request_body)
    yield ""
    yield _status(exchange.status)
    yield from _message_lines(exchange.response_headers, exchange.response_body)


def took(microseconds: int) -> str:
    """`850 µs`, `12 ms`, `1.25 s`."""
    if microseconds < 1000:
        return f"{microseconds} µs"
    return f"{microseconds // 1000} ms" if microseconds < 1_000_000 else f"{microseconds / 1_000_000:.2f} s"


def _status(status: int | None) -> str:
    return "none" if status is None else str(status)


def _padded(cell: str, columns: int) -> str:
    return plain(cell) + " " * (columns - width(plain(cell)))


def _message(headers: Mapping[str, str], body: bytes) -> dict[str, object]:
    return {"headers": dict(headers), "body": body.decode("utf-8", "replace")}


def _message_lines(headers: Mapping[str, str], body: bytes) -> Iterator[str]:
    yield from (f"{name}: {value}" for name, value in headers.items())
    if body:
        yield ""
        yield from body_lines(body)


def body_lines(body: bytes) -> list[str]:
    """A JSON body indented, any other as it is."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return text.splitlines()
