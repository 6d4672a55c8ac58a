"""The audit trail: what admins did, in the transaction in which they did it. Rows are never changed or deleted."""

from dataclasses import dataclass, fields

from sqlalchemy import Connection, insert, select

from core.store import tables
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


def note(tx: Transaction, who: str, action: str, subject: str, detail: str = "") -> None:
    """Note what an admin did. Give no secret in `detail`."""
    tx.execute(insert(_AUDIT).values(at=tx.now, who=who, action=action, subject=subject, detail=detail))


def newest(connection: Connection, limit: int) -> list[Entry]:
    """The latest entries, newest first, at most `limit`."""
    listed = select(*(_AUDIT.c[field.name] for field in fields(Entry)))
    return [Entry(*row) for row in connection.execute(listed.order_by(_AUDIT.c.id.desc()).limit(limit))]
