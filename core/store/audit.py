"""The audit trail: what admins did, in the transaction in which they did it. Rows are never changed or deleted."""

from collections.abc import Collection
from dataclasses import dataclass, fields

from sqlalchemy import Connection, func, insert, select

from core.store import tables
from core.store.parts import rows_of
from core.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing an admin did."""

    id: int
    at: int
    """Milliseconds since 1970-01-01 UTC."""
    who: str
    action: str
    subject: str
    detail: str


_AUDIT = tables.Audit.metadata.tables["audit"]
_LISTED = select(*(_AUDIT.c[field.name] for field in fields(Entry)))


def note(tx: Transaction, who: str, action: str, subject: str, detail: str = "") -> None:
    """Note what an admin did. Give no secret in `detail`."""
    tx.execute(insert(_AUDIT).values(at=tx.now, who=who, action=action, subject=subject, detail=detail))


def newest(connection: Connection, limit: int) -> list[Entry]:
    """The latest entries, newest first, at most `limit`."""
    return [Entry(*row) for row in connection.execute(_LISTED.order_by(_AUDIT.c.id.desc()).limit(limit))]


def window(connection: Connection, first: int, limit: int) -> list[Entry]:
    """At most `limit` entries from the id `first` on, ascending."""
    found = _LISTED.where(_AUDIT.c.id >= first).order_by(_AUDIT.c.id).limit(limit)
    return [Entry(*row) for row in connection.execute(found)]


def window_ending(connection: Connection, last: int, limit: int) -> list[Entry]:
    """The last `limit` entries, or fewer, up to the id `last`, ascending."""
    found = _LISTED.where(_AUDIT.c.id <= last).order_by(_AUDIT.c.id.desc()).limit(limit)
    return [Entry(*row) for row in reversed(connection.execute(found).all())]


def ends(connection: Connection) -> tuple[int, int]:
    """The ids of the oldest entry and of the newest; 0 where there is none."""
    oldest, newest = (connection.execute(select(end(_AUDIT.c.id))).scalar() or 0 for end in (func.min, func.max))
    return oldest, newest


def of_ids(connection: Connection, ids: Collection[int]) -> list[Entry]:
    """These entries, ascending."""
    rows = rows_of(connection, _LISTED, _AUDIT.c.id, ids)
    return sorted((Entry(*row) for row in rows), key=lambda entry: entry.id)


def matching(connection: Connection, words: str, first: int, last: int) -> list[int]:
    """The ids from `first` to `last` of entries that have all these words, without case, in any of their texts."""
    wanted = words.casefold().split()
    among = _LISTED.where(_AUDIT.c.id >= first, _AUDIT.c.id <= last).order_by(_AUDIT.c.id)
    found = []
    for row in connection.execute(among):
        text = f"{row.who} {row.action} {row.subject} {row.detail}".casefold()
        if all(word in text for word in wanted):
            found.append(row.id)
    return found
