"""One pull: both feeds to the end of a round, what they left open, and then the identity store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.graph.assigned import read_assignments
from core.graph.confirming import confirm
from core.graph.directory_facts import read_facts
from core.graph.errors import GraphError, PullRunning
from core.graph.following import follow
from core.graph.reconciling import reconcile
from core.graph.session import Session, Tally
from core.graph.sign_in import base_url
from core.graph.unclaimed import miss_unclaimed
from core.store import StoreError, graph_feeds, graph_objects
from core.store.graph_objects import Mirrored

CACHE_MIB = 48
"""Of the store, kept in memory while a pull writes: ids are random, and so are the places that it writes to."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one pull did."""

    tally: Tally
    problems: Sequence[Mirrored]
    """Users and groups that cannot be kept in the identity store, each with the reason."""
    requests: int
    units: int
    """Resource units that Graph charged."""
    waited: float
    """Seconds that Graph had us wait."""


async def pull(session: Session) -> Pulled:
    """Read what changed, and bring the identity store up to date. An interrupted pull is gone on with by the next.

    :raises GraphError: when it cannot be done; what was read until then is kept, and the reason stands with the feeds.
    :raises StoreError: when the store takes nothing.
    """
    with session.store.backend.pull_lock(session.provider) as is_ours:
        if not is_ours:
            raise PullRunning(session.provider)
        await session.store.writer.write(lambda tx: tx.backend.use_memory(tx.connection, CACHE_MIB))
        try:
            await _steps(session)
        except (GraphError, StoreError) as error:
            text = str(error)
            await session.store.writer.write(lambda tx: graph_feeds.fail(tx, session.provider, text))
            raise
        await session.store.writer.write(lambda tx: graph_feeds.succeed(tx, session.provider))
    with session.store.read() as connection:
        problems = graph_objects.problems(connection, session.provider)
    client = session.client
    return Pulled(session.tally, problems, client.requests, client.units, client.waited)


async def _steps(session: Session) -> None:
    origin = f"{base_url(session.settings)} {session.settings.tenant}"
    await follow(session, "users", origin)
    await follow(session, "groups", origin)
    await read_facts(session)
    await read_assignments(session)
    await confirm(session)
    await reconcile(session)
    await miss_unclaimed(session)


def document(pulled: Pulled) -> dict[str, Any]:
    """What a pull did, as JSON has it."""
    tally = pulled.tally
    counts = {name: getattr(tally, name) for name in tally.__slots__ if name not in ("read", "phases")}
    return {
        "phases": tally.phases,
        "read": tally.read,
        **counts,
        "requests": pulled.requests,
        "units": pulled.units,
        "waited": round(pulled.waited, 3),
        "items": [{"id": each.id, "kind": each.kind, "problem": each.problem} for each in pulled.problems],
    }
