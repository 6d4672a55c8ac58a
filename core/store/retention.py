"""Retention of the log: exchanges older than so many days, or beyond so many MiB, are deleted.

What to delete is found by reading, which holds up nobody; the deletion itself goes in batches, so that no SCIM write
waits long for it. The newest exchange always stays: new ones are numbered from it, and a number is never used again.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from core.store import tables
from core.store.writer import Transaction

BATCH = 500
"""Exchanges deleted in one write."""
DAY = 86_400_000
"""Milliseconds."""
ROW = 256
"""Bytes that an exchange takes besides its path, headers and bodies: an estimate, as the limit is in MiB."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to which ids the log is to be deleted; 0 where nothing is."""

    by_age: int
    by_size: int


_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
_BODIES = tables.ExchangeBody.metadata.tables["exchange_bodies"]


def cut(connection: Connection, keep_days: int, keep_mib: int, now: int) -> Cut:
    """Where to cut the log for it to hold `keep_days` and `keep_mib` at most. Reads the sizes of the whole log."""
    return Cut(_by_age(connection, now - keep_days * DAY), _by_size(connection, keep_mib * 1024 * 1024))


def delete_up_to(tx: Transaction, last: int, limit: int = BATCH) -> int:
    """Delete the oldest exchanges up to the id `last`, at most `limit`; returns how many: 0 once all are gone."""
    ident = _EXCHANGES.c.id
    newest = select(func.max(ident)).scalar_subquery()
    oldest = select(ident).where(ident <= last, ident < newest).order_by(ident).limit(limit).subquery()
    bound = tx.execute(select(func.max(oldest.c.id))).scalar()
    if bound is None:
        return 0
    tx.execute(delete(_BODIES).where(_BODIES.c.exchange <= bound))
    return tx.execute(delete(_EXCHANGES).where(ident <= bound)).rowcount


def _by_age(connection: Connection, oldest_kept: int) -> int:
    """The id before the first exchange that is young enough, so only what is to go is walked."""
    ident = _EXCHANGES.c.id
    kept = select(ident).where(_EXCHANGES.c.at >= oldest_kept).order_by(ident).limit(1)
    first = connection.execute(kept).scalar()
    return first - 1 if first is not None else connection.execute(select(func.max(ident))).scalar() or 0


def _by_size(connection: Connection, room: int) -> int:
    """The highest id that no longer fits when `room` bytes are filled from the newest exchange down."""
    columns = (_BODIES.c.request_headers, _BODIES.c.request_body, _BODIES.c.response_headers, _BODIES.c.response_body)
    size = sum((func.length(column) for column in columns), func.length(_EXCHANGES.c.path) + ROW)
    filled = func.sum(size).over(order_by=_EXCHANGES.c.id.desc()).label("filled")
    joined = select(_EXCHANGES.c.id, filled).join_from(_EXCHANGES, _BODIES, _BODIES.c.exchange == _EXCHANGES.c.id)
    running = joined.subquery()
    return connection.execute(select(func.max(running.c.id)).where(running.c.filled > room)).scalar() or 0
