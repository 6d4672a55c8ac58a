"""Reading the log of exchanges: windows of narrow rows, and one exchange in full.

Nothing here reads more of the log than it returns, or than the range of ids that the caller names: windows go by id,
never by offset, and nothing counts the whole log.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, func, select

from core.exchange import Direction, Exchange
from core.store import tables


@dataclass(frozen=True, slots=True)
class Listed:
    """One exchange as the log lists it; the fields are those of `core.exchange.Exchange`."""

    id: int
    direction: Direction
    party: str
    at: int
    duration: int
    method: str
    path: str
    status: int | None
    subject: str
    outcome: str
    client: str
    run: int | None
    change: int | None
    cause: int | None


_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
_BODIES = tables.ExchangeBody.metadata.tables["exchange_bodies"]
_COLUMNS = tuple(_EXCHANGES.c[field.name] for field in fields(Listed))
_LISTED = select(*_COLUMNS)
_OPENED = select(
    *_COLUMNS[1:],
    _BODIES.c.request_headers,
    _BODIES.c.request_body,
    _BODIES.c.response_headers,
    _BODIES.c.response_body,
)


def newest(connection: Connection) -> int:
    """The highest id of the log; 0 where it is empty."""
    return connection.execute(select(func.max(_EXCHANGES.c.id))).scalar() or 0


def oldest(connection: Connection) -> int:
    """The lowest id still kept; 0 where the log is empty."""
    return connection.execute(select(func.min(_EXCHANGES.c.id))).scalar() or 0


def window(connection: Connection, around: int, before: int, after: int) -> list[Listed]:
    """At most `before` exchanges with lower ids than `around` and at most `after` from it on, ascending by id."""
    ident = _EXCHANGES.c.id
    below = _LISTED.where(ident < around).order_by(ident.desc()).limit(before)
    above = _LISTED.where(ident >= around).order_by(ident).limit(after)
    lower = connection.execute(below).all() if before else []
    upper = connection.execute(above).all() if after else []
    return [Listed(*row) for row in (*reversed(lower), *upper)]


def listed(connection: Connection, ids: Sequence[int]) -> list[Listed]:
    """The exchanges of these ids, as far as the log still has them, ascending by id."""
    statement = _LISTED.where(_EXCHANGES.c.id.in_(ids)).order_by(_EXCHANGES.c.id)
    return [Listed(*row) for row in connection.execute(statement)]


def matching(
    connection: Connection, condition: ColumnElement[bool], first: int, last: int, limit: int, *, newest: bool = True
) -> list[int]:
    """The ids from `first` to `last` whose exchanges fulfil the condition, at most `limit`: the newest, descending.

    `newest=False` gives the oldest of them, ascending. Walks that range at most, so the caller bounds the work by it.
    """
    ident = _EXCHANGES.c.id
    order = ident.desc() if newest else ident
    found = select(ident).where(ident.between(first, last), condition).order_by(order).limit(limit)
    return list(connection.execute(found).scalars())


def opened(connection: Connection, exchange: int) -> Exchange | None:
    """One exchange with its headers and bodies; `None` where the log no longer has it."""
    joined = _OPENED.join_from(_EXCHANGES, _BODIES, _BODIES.c.exchange == _EXCHANGES.c.id)
    row = connection.execute(joined.where(_EXCHANGES.c.id == exchange)).one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = dict(row._mapping)
    values["request_headers"] = orjson.loads(row.request_headers)
    values["response_headers"] = orjson.loads(row.response_headers)
    return Exchange(**values)


def caused_by(connection: Connection, exchange: int, limit: int) -> list[Listed]:
    """The outbound exchanges that an inbound one led to, oldest first, at most `limit`."""
    return _first(connection, _EXCHANGES.c.cause == exchange, limit)


def of_change(connection: Connection, change: int, limit: int) -> list[Listed]:
    """The exchanges that carried out a change, retries included, oldest first, at most `limit`."""
    return _first(connection, _EXCHANGES.c.change == change, limit)


def _first(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[Listed]:
    return [Listed(*row) for row in connection.execute(_LISTED.where(condition).order_by(_EXCHANGES.c.id).limit(limit))]
