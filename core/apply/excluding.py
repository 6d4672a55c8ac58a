"""Taking changes out of a plan before it is approved, with whatever needs them.

What an admin takes out is not done unasked by a later run: it waits for approval again (`core.apply.holding`).
"""

import asyncio
from collections.abc import Collection, Sequence

from core.apply.parts import write_parts
from core.planning.dependence import with_dependants
from core.planning.wording import counted, listed
from core.store import Store, Transaction, audit, changes, waiting
from core.store.changes import Stored


class NotExcluded(Exception):
    """Nothing was taken out; its text says why."""


async def exclude(store: Store, run: int, numbers: Collection[int], by: str) -> int:
    """Take the changes of these ids out of the plan that waits in `run`; returns how many are out, dependants too.

    :raises NotExcluded: when the plan does not wait any more, or has none of these changes any more.
    :raises StoreError: when the store cannot keep it.
    """
    taken = await asyncio.to_thread(_with_dependants, store, run, numbers)
    if not taken:
        raise NotExcluded(f"Run {run} has none of these changes to take out any more.")
    out: list[int | None] = []
    await write_parts(store, taken, lambda tx, _, part: out.append(_take_out(tx, run, part, by)))
    if out[0] is None:
        raise NotExcluded(f"Run {run} does not wait for approval any more.")
    return sum(filter(None, out))


def _with_dependants(store: Store, run: int, numbers: Collection[int]) -> list[Stored]:
    with store.read() as connection:
        planned = changes.of_run(connection, run, ("planned",))
    chosen = [stored.change.key for stored in planned if stored.id in numbers]
    keys = with_dependants([stored.change for stored in planned], chosen)
    return [stored for stored in planned if stored.change.key in keys]


def _take_out(tx: Transaction, run: int, part: Sequence[Stored], by: str) -> int | None:
    gone = waiting.take_out(tx, run, part, "excluded", f"taken out by {by}")
    if gone:
        named = [f"{stored.change.kind} {stored.change.account or stored.change.group}" for stored in part]
        audit.note(tx, by, "exclude", str(run), f"{counted(gone, 'change')}: {listed(named)}")
    return gone
