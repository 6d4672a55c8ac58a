"""A run's changes by their position, for lists of any length.

Positions are what the changes of a run are indexed by, so a window costs the rows it returns, however many changes the
run has.
"""

from dataclasses import fields

from sqlalchemy import Connection, func, select

from core.store import changes, tables

_CHANGES = tables.Change.metadata.tables["changes"]
_LISTED = select(*(_CHANGES.c[field.name] for field in fields(changes.Listed)))


def window(connection: Connection, run: int, first: int, limit: int) -> list[changes.Listed]:
    """At most `limit` changes of a run from the position `first` on, ascending."""
    found = _LISTED.where(_CHANGES.c.run == run, _CHANGES.c.position >= first)
    return [changes.Listed(*row) for row in connection.execute(found.order_by(_CHANGES.c.position).limit(limit))]


def window_ending(connection: Connection, run: int, last: int, limit: int) -> list[changes.Listed]:
    """The last `limit` changes of a run, or fewer, up to the position `last`, ascending."""
    found = _LISTED.where(_CHANGES.c.run == run, _CHANGES.c.position <= last)
    rows = connection.execute(found.order_by(_CHANGES.c.position.desc()).limit(limit)).all()
    return [changes.Listed(*row) for row in reversed(rows)]


def last(connection: Connection, run: int) -> int | None:
    """The highest position of a run's changes; `None` where it has none."""
    return connection.execute(select(func.max(_CHANGES.c.position)).where(_CHANGES.c.run == run)).scalar()
