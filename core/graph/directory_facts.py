"""What of a directory as a whole stands behind the details of its users: the tenant, its licences, an app's roles.

Read once an hour at most, and only where `details` asks for it. What the app may not read is left out, and said so: no
user waits for it.
"""

from collections.abc import Mapping
from typing import Any

from core.graph import queries
from core.graph.errors import NotThere, PermissionMissing
from core.graph.session import Session
from core.store import Transaction, graph_facts, graph_objects
from core.store.clock import now_ms

HOLDS = 3_600_000
"""Milliseconds for which facts hold."""


async def read_facts(session: Session) -> None:
    """Bring what is known of the directory up to date; whatever is news has all users looked at again."""
    if not session.settings.details:
        return
    with session.store.read() as connection:
        known = graph_facts.known(connection, session.provider)
    wanted = queries.facts(session.settings.application)
    if known.keys() == wanted.keys() and all(now_ms() - fact.read_at < HOLDS for fact in known.values()):
        return
    told = {name: await _read(session, path) for name, path in wanted.items()}
    await session.store.writer.write(lambda tx: _take(tx, session, told))
    session.tell("what is known of the directory: read")


async def _read(session: Session, path: str) -> Any:
    try:
        answer = await session.client.get(path)
    except (PermissionMissing, NotThere) as error:
        return {graph_facts.REFUSED: str(error)}
    return _shown(answer)


def _shown(answer: Mapping[str, Any]) -> Any:
    """What of an answer is kept."""
    if "appRoles" in answer:
        return {str(role["id"]): role.get("value") or role.get("displayName") or "" for role in answer["appRoles"]}
    rows = [row for row in answer.get("value") or () if isinstance(row, dict)]
    if rows and "verifiedDomains" in rows[0]:
        domains = [str(domain["name"]) for domain in rows[0]["verifiedDomains"] or ()]
        return {"id": rows[0].get("id"), "name": rows[0].get("displayName") or "", "domains": domains}
    return {str(row["skuId"]): row.get("skuPartNumber") or "" for row in rows if row.get("skuId")}


def _take(tx: Transaction, session: Session, told: dict[str, Any]) -> None:
    if graph_facts.take(tx, session.provider, told):
        graph_objects.mark_dirty(tx, session.provider, graph_objects.OBJECTS.c.kind == "user")
