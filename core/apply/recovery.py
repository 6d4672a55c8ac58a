"""Taking up what was left open: changes whose outcome nobody knows, and runs that no engine works on any more.

A change with an intent and no outcome is read back at the target before anything else happens there. What stands is
kept as done; what does not is planned anew, from its keys. So nothing is done twice, and nothing is forgotten.
"""

from collections.abc import Iterable
from functools import partial

from core.apply.executing import record
from core.apply.parts import write_parts
from core.apply.performing import Outcome, settled
from core.apply.site import Site
from core.exchange import Attribution, Exchange, attributed
from core.store import Transaction, changes, pending, runs
from core.store.changes import Stored

_LEFT = "the engine stopped before it; what is still needed is planned anew"


async def settle_intents(site: Site) -> int:
    """Read back every change of the target that was begun and never ended; returns how many there were.

    :raises TargetError: when the target cannot be read; what was not read back stays open.
    """
    with site.store.read() as connection:
        left = changes.intents(connection, site.name)
    for stored in left:
        exchanges: list[Exchange] = []
        with attributed(Attribution(stored.run, stored.id, stored.change.because.exchange, exchanges.append)):
            outcome = await settled(site.target, stored.change) or Outcome("failed", error="it had no effect")
        await site.store.writer.write(partial(_settle, stored=stored, outcome=outcome, exchanges=exchanges))
    return len(left)


async def abandon_runs(site: Site) -> None:
    """End the runs that an engine left under way, and see to it that what they did not do is planned again."""
    with site.store.read() as connection:
        left = runs.in_states(connection, runs.UNDER_WAY, site.name)
        begun = [stored for run in left for stored in changes.of_run(connection, run.id, ("planned",))]
    for run in left:
        await site.store.writer.write(partial(_abandon, run=run.id))
    await write_parts(site.store, begun, lambda tx, _, part: _touch(tx, part))


def _settle(tx: Transaction, stored: Stored, outcome: Outcome, exchanges: list[Exchange]) -> None:
    record(tx, stored, outcome, exchanges)
    if outcome.state != "done":
        _touch(tx, [stored])


def _abandon(tx: Transaction, run: int) -> None:
    changes.drop_rest(tx, run, _LEFT)
    runs.finish(tx, run, "failed", _LEFT)


def _touch(tx: Transaction, left: Iterable[Stored]) -> None:
    """Have the users and groups of these changes planned again."""
    for stored in left:
        change = stored.change
        if change.user_id is not None:
            pending.touch(tx, [stored.target], "user", [change.user_id], change.because.exchange)
        elif change.because.group_id is not None:
            pending.touch(tx, [stored.target], "group", [change.because.group_id], change.because.exchange)
