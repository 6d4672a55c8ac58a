"""Taking up what was left open: changes whose outcome nobody knows, and runs that no engine works on any more.

A change with an intent and no outcome is read back at the target before anything else happens there. What stands is
kept as done; what does not is planned anew, from its keys. So nothing is done twice, and nothing is forgotten. What an
admin has approved goes on under the same approval (`core.apply.approving`).
"""

from collections.abc import Collection, Iterable
from functools import partial

from core.apply.computing import computed
from core.apply.ending import abandoned, dropped, interrupted
from core.apply.executing import record
from core.apply.parts import write_parts
from core.apply.performing import Outcome, settled
from core.apply.site import Site
from core.apply.stopping import concerns_all
from core.exchange import Attribution, Exchange, attributed
from core.store import Store, Transaction, changes, pending, runs
from core.store.changes import State, Stored
from core.store.runs import Run
from core.targets.protocol import TargetError

_LEFT = "the engine stopped before it; what is still needed is planned anew"
_LEFT_ORDER = "the engine stopped before it had a plan: give the order again"
_LEFT_APPROVED = "the engine stopped before its end"
_REMOVED = "the configuration has no target of this name any more"


async def settle_intents(site: Site, passed_over: Collection[int] = ()) -> frozenset[int]:
    """Read back every change of the target that was begun and never ended, save those passed over.

    Returns the ids of those that could not be read, each for a reason of its own; they stay open.

    :raises TargetError: when the target as a whole cannot be read.
    """
    with site.store.read() as connection:
        left = [stored for stored in changes.intents(connection, site.name) if stored.id not in passed_over]
    return frozenset([stored.id for stored in left if not await _is_settled(site, stored)])


async def abandon_runs(site: Site) -> None:
    """End the runs that an engine left under way, and see to it that what they did not do is planned again; those that
    were approved wait to go on."""
    with site.store.read() as connection:
        left = runs.in_states(connection, runs.UNDER_WAY, site.name)
    for run in left:
        if run.trigger != "undo":  # no rule asks for what an undoing did not do
            undone = await computed(_undone, site, run)
            await write_parts(site.store, undone, lambda tx, _, part: _touch(tx, part))
        if not await interrupted(site.store, run.id, _LEFT_APPROVED):
            await abandoned(site.store, run.id, _LEFT if run.asked_by is None else _LEFT_ORDER)


async def close_removed(store: Store, configured: Collection[str]) -> None:
    """End every run of targets that are not among the configured ones: nobody will go on with it."""
    with store.read() as connection:
        left = runs.in_states(connection, (*runs.UNDER_WAY, "waiting"))
    for run in left:
        if run.target in configured:
            continue
        if run.state == "waiting":
            await dropped(store, run.id, _REMOVED)
        else:
            await abandoned(store, run.id, _REMOVED)


def _undone(site: Site, run: Run) -> list[Stored]:
    """What a run did not do and will not; of what failed in it, the keys may not have been told before it was left."""
    states: tuple[State, ...] = ("failed", "stale", "dropped")
    with site.store.read() as connection:
        return changes.of_run(connection, run.id, states if run.approved_by is not None else ("planned", *states))


async def _is_settled(site: Site, stored: Stored) -> bool:
    exchanges: list[Exchange] = []
    try:
        with attributed(Attribution(stored.run, stored.id, stored.change.because.exchange, exchanges.append)):
            outcome = await settled(site.target, stored.change) or Outcome("failed", error="it had no effect")
    except TargetError as error:
        for exchange in exchanges:
            site.store.writer.log(exchange)
        if concerns_all(error):
            raise
        return False
    await site.store.writer.write(partial(_settle, stored=stored, outcome=outcome, exchanges=exchanges))
    return True


def _settle(tx: Transaction, stored: Stored, outcome: Outcome, exchanges: list[Exchange]) -> None:
    if outcome.state != "done" and runs.is_interrupted(tx.connection, stored.run):
        changes.reopen(tx, stored.id)  # it is approved, and still to be made
        for exchange in exchanges:
            tx.log(exchange)
        return
    record(tx, stored, outcome, exchanges)
    if outcome.state != "done":
        _touch(tx, [stored])


def _touch(tx: Transaction, left: Iterable[Stored]) -> None:
    """Have the users and groups of these changes planned again; the failures of those that are pending still count."""
    for stored in left:
        change, group = stored.change, stored.change.because.group_id
        if change.user_id is not None:
            pending.postpone(tx, stored.target, "user", {change.user_id: None}, 0, change.because.exchange)
        elif group is not None:
            pending.postpone(tx, stored.target, "group", {group: None}, 0, change.because.exchange)
