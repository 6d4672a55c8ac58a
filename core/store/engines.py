"""Engines and their heartbeats: who works on this store.

A row is a sign of life for people and consoles, not a lock: what keeps a second engine away is `Sqlite.engine_lock`.
"""

from dataclasses import dataclass, fields

from sqlalchemy import Connection, insert, select, update

from core.store import tables
from core.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine as it last reported. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    host: str
    pid: int
    version: str
    listening: str
    started_at: int
    beat_at: int
    draining: bool


_ENGINES = tables.Engine.metadata.tables["engines"]


def start(tx: Transaction, host: str, pid: int, version: str, listening: str) -> int:
    """Report a new engine; returns its id."""
    row = {"host": host, "pid": pid, "version": version, "listening": listening, "draining": False}
    started = insert(_ENGINES).values(**row, started_at=tx.now, beat_at=tx.now)
    return int(tx.execute(started.returning(_ENGINES.c.id)).scalar_one())


def beat(tx: Transaction, engine: int, draining: bool = False) -> None:
    """Report that an engine lives, and whether it only finishes what it began."""
    tx.execute(update(_ENGINES).where(_ENGINES.c.id == engine).values(beat_at=tx.now, draining=draining))


def stop(tx: Transaction, engine: int) -> None:
    """Report that an engine has ended."""
    tx.execute(update(_ENGINES).where(_ENGINES.c.id == engine).values(stopped_at=tx.now, draining=False))


def alive(connection: Connection, seconds: float, now: int) -> list[Engine]:
    """The engines that have not stopped and whose heart beat within `seconds` before `now`, oldest first."""
    living = select(*(_ENGINES.c[field.name] for field in fields(Engine))).where(
        _ENGINES.c.stopped_at.is_(None), _ENGINES.c.beat_at >= now - int(seconds * 1000)
    )
    return [Engine(*row) for row in connection.execute(living.order_by(_ENGINES.c.id))]
