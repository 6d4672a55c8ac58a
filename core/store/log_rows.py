"""Exchanges on their way into the log: narrow rows and bodies, many in one statement.

The thread that inserts gives way to the event loop at every statement, so one statement takes many rows.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Table, bindparam, insert

from core.exchange import Exchange
from core.store import tables
from core.store.prepared import Prepared

TOGETHER = 32
"""Rows that one statement inserts, where as many wait."""

_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
_BODIES = tables.ExchangeBody.metadata.tables["exchange_bodies"]
_LISTED = ("direction", "party", "at", "duration", "method", "path", "status", "subject", "outcome", "client",
           "run", "change", "cause")  # fmt: skip
_LISTED_COLUMNS = ("id", *_LISTED)
_BODY_COLUMNS = ("exchange", "request_headers", "request_body", "response_headers", "response_body")


def insert_exchanges(connection: Connection, numbered: Sequence[tuple[int, Exchange]]) -> None:
    """Insert exchanges under their numbers."""
    for start in range(0, len(numbered) - TOGETHER + 1, TOGETHER):
        part = numbered[start : start + TOGETHER]
        _MANY_LISTED.change(connection, **_spread(_LISTED_COLUMNS, [_listed(*each) for each in part]))
        _MANY_BODIES.change(connection, **_spread(_BODY_COLUMNS, [_body(*each) for each in part]))
    for number, exchange in numbered[len(numbered) - len(numbered) % TOGETHER :]:
        _ONE_LISTED.change(connection, **_spread(_LISTED_COLUMNS, [_listed(number, exchange)]))
        _ONE_BODY.change(connection, **_spread(_BODY_COLUMNS, [_body(number, exchange)]))


def _inserting(table: Table, columns: Sequence[str], rows: int) -> Prepared:
    values = [{name: bindparam(f"{name}_{row}", type_=table.c[name].type) for name in columns} for row in range(rows)]
    return Prepared(insert(table).values(values))


_ONE_LISTED, _MANY_LISTED = (_inserting(_EXCHANGES, _LISTED_COLUMNS, rows) for rows in (1, TOGETHER))
_ONE_BODY, _MANY_BODIES = (_inserting(_BODIES, _BODY_COLUMNS, rows) for rows in (1, TOGETHER))


def _spread(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    numbered = enumerate(zip(columns, row, strict=True) for row in rows)
    return {f"{name}_{number}": value for number, row in numbered for name, value in row}


def _listed(number: int, exchange: Exchange) -> Sequence[Any]:
    return (number, *(getattr(exchange, name) for name in _LISTED))


def _body(number: int, exchange: Exchange) -> Sequence[Any]:
    request, response = orjson.dumps(dict(exchange.request_headers)), orjson.dumps(dict(exchange.response_headers))
    return (number, request, exchange.request_body, response, exchange.response_body)
