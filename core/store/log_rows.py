"""Exchanges on their way into the log: narrow rows and bodies, many in one statement.

The thread that inserts gives way to the event loop at every statement, so one statement takes many rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import Connection, Table, bindparam, insert

from core.exchange import Exchange
from core.store import tables
from core.store.prepared import Prepared

TOGETHER = (32, 8, 4, 2, 1)
"""Rows that one statement inserts: as many as wait, in as few statements."""

_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
_BODIES = tables.ExchangeBody.metadata.tables["exchange_bodies"]
_LISTED = ("direction", "party", "at", "duration", "method", "path", "status", "subject", "outcome", "client",
           "run", "change", "cause")  # fmt: skip
_values_of = attrgetter(*_LISTED)
_LISTED_COLUMNS = ("id", *_LISTED)
_BODY_COLUMNS = ("exchange", "request_headers", "request_body", "response_headers", "response_body")


def insert_exchanges(connection: Connection, numbered: Sequence[tuple[int, Exchange]]) -> None:
    """Insert exchanges under their numbers."""
    start = 0
    for statements in _STATEMENTS:
        while len(numbered) - start >= statements.rows:
            part = numbered[start : start + statements.rows]
            listed, bodies = ([value for each in part for value in values(*each)] for values in (_listed, _body))
            statements.listed.change_in_order(connection, statements.listed_names, listed)
            statements.bodies.change_in_order(connection, statements.body_names, bodies)
            start += statements.rows


def _inserting(table: Table, columns: Sequence[str], rows: int) -> Prepared:
    values = [{name: bindparam(f"{name}_{row}", type_=table.c[name].type) for name in columns} for row in range(rows)]
    return Prepared(insert(table).values(values))


def _listed(number: int, exchange: Exchange) -> Sequence[Any]:
    return (number, *_values_of(exchange))


def _body(number: int, exchange: Exchange) -> Sequence[Any]:
    request, response = orjson.dumps(dict(exchange.request_headers)), orjson.dumps(dict(exchange.response_headers))
    return (number, request, exchange.request_body, response, exchange.response_body)


@dataclass(frozen=True, slots=True)
class _Statements:
    """The two statements that insert so many exchanges, and their parameters in the order in which rows give them."""

    rows: int
    listed: Prepared
    bodies: Prepared
    listed_names: Sequence[str]
    body_names: Sequence[str]


def _statements(rows: int) -> _Statements:
    listed, bodies = _inserting(_EXCHANGES, _LISTED_COLUMNS, rows), _inserting(_BODIES, _BODY_COLUMNS, rows)
    return _Statements(rows, listed, bodies, _names(_LISTED_COLUMNS, rows), _names(_BODY_COLUMNS, rows))


def _names(columns: Sequence[str], rows: int) -> Sequence[str]:
    return [f"{name}_{row}" for row in range(rows) for name in columns]


_STATEMENTS = [_statements(rows) for rows in TOGETHER]
