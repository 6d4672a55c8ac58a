"""Approving a plan that waits: exactly that plan is applied, as far as the present still asks for it.

The world is planned anew, and a change that this no longer asks for in the same words, from the same state, is stale
and left to a later plan. A plan that undoes a run is held against the target alone: no rule asks for it.
"""

from collections.abc import Iterable, Sequence

from core.apply import choosing, undoing
from core.apply.answering import answer_draft, claimed
from core.apply.closing import closed
from core.apply.comparing import differences, words
from core.apply.computing import computed
from core.apply.drafting import Draft, draft_some, draft_whole
from core.apply.ending import Ended, broken_off
from core.apply.parts import write_parts
from core.apply.running import execute, keep_conflicts, planned_of
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.planning.changes import Change
from core.planning.wording import counted
from core.store import Transaction, changes, exchanges, runs
from core.store.changes import Stored
from core.store.runs import Run
from core.targets.protocol import TargetError

_ALL_IN_ONE = 1000
"""Users up to which an approved plan is compared with a plan of just these users; beyond, with one of everything."""
_NEW = "new since the plan that was approved"


def refusal(run: Run, digest: str) -> str | None:
    """Why a plan cannot be approved by who saw the one with this hash, none: by who saw any; `None` where it can."""
    if run.state != "waiting":
        return f"Run {run.id} does not wait for approval: it is {run.state}."
    if digest and digest != run.plan_hash:
        return f"Run {run.id} has changed since you looked: it has {counted(run.planned, 'change')} now. Look again."
    never = next((hold for hold in run.holds if not hold.approvable), None)
    if never is not None:
        return (
            f"Run {run.id} cannot be approved: {never.text} Take these changes out of it, or make somebody else an "
            "administrator at the product and synchronise again."
        )
    if run.holds and not digest:
        return f"Run {run.id} is held by brakes: approve it by its number, once you have looked at what holds it."
    return None


async def approve(site: Site, run: Run, by: str, stop: Stop, at_once: int) -> Ended:
    """Apply the plan that waits in `run`, as far as the present still asks for the same."""
    if not await site.store.writer.write(lambda tx: runs.approve(tx, run.id, by, run.plan_hash)):
        return Ended(run.id, "dropped", f"Run {run.id} does not wait for approval any more, or has changed since.")
    stop.run = run.id
    if run.trigger == "undo":
        return await _apply_undo(site, run, stop, at_once)
    if choice := choosing.Choice.in_scope(run.scope):
        return await _apply_choice(site, run, choice, stop, at_once)
    approved = await computed(planned_of, site, run.id)
    users, groups = _subjects(approved)
    is_whole = run.scope == "all" or len(users) > _ALL_IN_ONE or not all(map(_is_of_somebody, approved))
    keys = await computed(claimed, site, None if is_whole else {("user", ident) for ident in users})
    try:
        present = await (draft_whole(site, run.id, stop) if is_whole else draft_some(site, run.id, users, groups, stop))
    except (TargetError, Stopped) as error:
        return await broken_off(site, run.id, error, stop)
    await keep_conflicts(site, run.id, present)
    await site.store.writer.write(lambda tx: runs.move(tx, run.id, "applying"))
    stale, new, excluded = await computed(_compared, site, run.id, approved, present)
    await write_parts(site.store, stale, lambda tx, _, part: _settle_stale(tx, run.id, part))
    await _readmit(site, run.id, excluded)
    result = await execute(site, run.id, stop, at_once)
    for change in new:  # its key stays, for the next plan
        result.note(change, _NEW)
    await answer_draft(site, keys, result, present)
    return await closed(site, run.id, result, stop)


async def _apply_undo(site: Site, run: Run, stop: Stop, at_once: int) -> Ended:
    """Put back what still is as the run that is undone left it. No key is touched: the rules may want otherwise."""
    assert run.undoes is not None, "an undoing knows what it undoes"
    approved = await computed(planned_of, site, run.id)
    try:
        present = await undoing.inverted(site, run.id, run.undoes, stop)
    except (TargetError, Stopped) as error:
        return await broken_off(site, run.id, error, stop)
    await site.store.writer.write(lambda tx: _go_on(tx, run.id))
    stale, _ = await computed(differences, approved, present.changes)
    await write_parts(site.store, stale, lambda tx, _, part: _settle_stale(tx, run.id, part))
    result = await execute(site, run.id, stop, at_once)
    await undoing.released(site, run.id, run.undoes)
    return await closed(site, run.id, result, stop, is_lasting=True)


async def _apply_choice(site: Site, run: Run, choice: choosing.Choice, stop: Stop, at_once: int) -> Ended:
    """Do what an admin chose, if it is still to be done."""
    approved = await computed(planned_of, site, run.id)
    try:
        present = await choosing.chosen(site, run.id, choice)
    except (TargetError, Stopped) as error:
        return await broken_off(site, run.id, error, stop)
    await site.store.writer.write(lambda tx: runs.move(tx, run.id, "applying"))
    stale, _ = await computed(differences, approved, present.changes)
    await write_parts(site.store, stale, lambda tx, _, part: _settle_stale(tx, run.id, part))
    result = await execute(site, run.id, stop, at_once)
    return await closed(site, run.id, result, stop, is_lasting=True)


def _go_on(tx: Transaction, run: int) -> None:
    """Apply an undoing: it is the admin's word on all that the identity provider has said until now."""
    runs.note_seen(tx, run, exchanges.newest(tx.connection))
    runs.move(tx, run, "applying")


def _compared(
    site: Site, run: int, approved: Sequence[Stored], present: Draft
) -> tuple[list[Stored], list[Change], list[int]]:
    """What is stale, what is new, and what was excluded from earlier plans and is approved in this one."""
    stale, new = differences(approved, present.plan.changes)
    said = {words(stored.change) for stored in approved}
    with site.store.read() as connection:
        excluded = changes.excluded(connection, site.name)
    out = {words(stored.change) for stored in excluded if stored.run == run}
    again = [stored.id for stored in excluded if stored.run != run and words(stored.change) in said]
    return stale, [change for change in new if words(change) not in out], again


async def _readmit(site: Site, run: int, excluded: Sequence[int]) -> None:
    reason = f"approved later, in run {run}"
    await write_parts(site.store, excluded, lambda tx, _, part: changes.readmit(tx, part, reason))


def _subjects(approved: Iterable[Stored]) -> tuple[set[str], set[str]]:
    """Ids of the users that the changes are for, and of the groups to be created that none of these users leads to."""
    users, led_to, created = set[str](), set[str](), set[str]()
    for stored in approved:
        user, group = stored.change.user_id, stored.change.because.group_id
        if user is not None:
            users.add(user)
        if group is not None:
            (created if user is None else led_to).add(group)
    return users, created - led_to


def _is_of_somebody(stored: Stored) -> bool:
    """Whether the change has a user or IdP group from whose plan it comes again; a group that a rule names has none."""
    return stored.change.user_id is not None or stored.change.because.group_id is not None


def _settle_stale(tx: Transaction, run: int, stale: Iterable[Stored]) -> None:
    for stored in stale:
        changes.settle(tx, stored.id, "stale", "what it was planned from no longer holds")
        runs.count(tx, run, failed=1)
