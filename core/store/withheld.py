"""What a provider made a moment ago: held back from targets, since it may be a test of its connection.

JumpCloud's tests are created, changed and deleted within seconds (`core.planning.probes`).
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from core.store.identities import Kind
from core.store.parts import parts
from core.store.tables import GROUPS, USERS

_TABLES = {"User": USERS, "Group": GROUPS}


@dataclass(frozen=True, slots=True)
class Withheld:
    """How many users and groups of a provider."""

    waiting: int
    """Are held now."""
    gone: int
    """Came and went within the hold: tests, as far as one can tell. Nothing of them reached a target."""


NOTHING_WITHHELD = Withheld(0, 0)


def created_since(connection: Connection, kind: Kind, ids: Collection[str], since: int) -> dict[str, int]:
    """Those of these ids that were made after `since`, and when; milliseconds since 1970-01-01 UTC."""
    table, found = _TABLES[kind], dict[str, int]()
    for part in parts(ids):
        recent = select(table.c.id, table.c.created_at).where(table.c.id.in_(part), table.c.created_at > since)
        found.update((row.id, row.created_at) for row in connection.execute(recent))
    return found


def withheld(connection: Connection, provider: str, hold: int, now: int) -> Withheld:
    """What a provider's hold of so many milliseconds keeps, and what it kept. Walks the provider's rows."""
    waiting, gone = 0, 0
    for table in (USERS, GROUPS):
        live = (table.c.provider == provider, table.c.deleted_at.is_(None), table.c.created_at > now - hold)
        brief = (table.c.provider == provider, table.c.deleted_at - table.c.created_at <= hold)
        waiting += connection.execute(select(func.count()).select_from(table).where(*live)).scalar_one()
        gone += connection.execute(select(func.count()).select_from(table).where(*brief)).scalar_one()
    return Withheld(waiting, gone)
