"""What is known of a directory as a whole: the tenant, its licences, an application's roles; each by its name."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, delete, select

from core.store import tables
from core.store.writer import Transaction

REFUSED = "refused"
"""The key of a fact in the place of one that the app may not read: what it lacks, and the way to grant it."""

_FACTS = tables.GraphFact.metadata.tables["graph_facts"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known."""

    value: Any
    """As JSON has it."""
    read_at: int
    """Milliseconds since 1970-01-01 UTC."""


def known(connection: Connection, provider: str) -> dict[str, Fact]:
    """Everything that is known of the directory of a provider, by name."""
    rows = connection.execute(select(_FACTS).where(_FACTS.c.provider == provider).order_by(_FACTS.c.name))
    return {row.name: Fact(orjson.loads(row.value), row.read_at) for row in rows}


def take(tx: Transaction, provider: str, told: dict[str, Any]) -> bool:
    """Have exactly this known of a directory; returns whether any of it is news."""
    before = {name: fact.value for name, fact in known(tx.connection, provider).items()}
    tx.execute(delete(_FACTS).where(_FACTS.c.provider == provider, _FACTS.c.name.not_in(told)))
    for name, value in told.items():
        row = {"provider": provider, "name": name, "value": orjson.dumps(value), "read_at": tx.now}
        tx.execute(tx.backend.upsert(_FACTS, ["provider", "name"]).values(row))
    return before != told


def told(name: str, fact: Fact) -> str:
    """A fact in words: the tenant with its domains, or the names of licences and roles; or why it is not known."""
    value = fact.value
    if REFUSED in value:
        return str(value[REFUSED])
    if name == "tenant":
        return f"{value['name']} ({value['id']}), domains {', '.join(value['domains'])}"
    return ", ".join(sorted(str(each) for each in value.values() if each)) or "none"
