"""The newest of what elsewhere is listed from its beginning, for screens that show only that."""

from dataclasses import fields

from sqlalchemy import Connection, select

from core.store import conflicts, engines, tables

_ENGINES = tables.Engine.metadata.tables["engines"]
_CONFLICTS = tables.Conflict.metadata.tables["conflicts"]


def engine(connection: Connection) -> tuple[engines.Engine, int | None] | None:
    """The engine that started last, alive or not, and when it said that it had ended; `None` where there was none."""
    columns = (_ENGINES.c[field.name] for field in fields(engines.Engine))
    statement = select(*columns, _ENGINES.c.stopped_at).order_by(_ENGINES.c.id.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return (engines.Engine(*row[:-1]), row.stopped_at) if row is not None else None


def open_conflicts(connection: Connection, limit: int) -> list[conflicts.Listed]:
    """The conflicts that wait for an answer and were not put aside, newest first, at most `limit`."""
    columns = (_CONFLICTS.c[field.name] for field in fields(conflicts.Listed))
    statement = select(*columns).where(_CONFLICTS.c.state == "open").order_by(_CONFLICTS.c.id.desc()).limit(limit)
    return [conflicts.Listed(*row) for row in connection.execute(statement)]
