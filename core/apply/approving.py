"""Approving a plan that waits: exactly that plan is applied, as far as the present still asks for the same.

The world is planned anew, and a change that this no longer asks for in the same words, from the same state, is stale
and left to a later plan. A plan that undoes a run, or does what an admin chose, is held against the target alone: no
rule asks for it. What an engine left of an approved plan is held against the present again, and goes on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.apply import choosing, undoing
from core.apply.administrators import too_few
from core.apply.answering import answer_draft, claimed
from core.apply.closing import closed
from core.apply.comparing import differences, taken_out, unwanted, wishes
from core.apply.computing import computed
from core.apply.drafting import Draft, draft_some, draft_whole
from core.apply.ending import Ended, broken_off, interrupted
from core.apply.executing import Result
from core.apply.parts import write_parts
from core.apply.running import execute, keep_conflicts
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped, concerns_all
from core.planning.changes import Change, ChangeKind, Plan
from core.planning.dependence import with_dependants
from core.planning.wording import counted
from core.store import Transaction, changes, exchanges, links, runs
from core.store.changes import Stored
from core.store.runs import Run
from core.targets.protocol import TargetError

_ALL_IN_ONE = 1000
"""Users up to which an approved plan is compared with a plan of just these users; beyond, with one of everything."""
_NEW = "new since the plan that was approved"
_STALE = "what it was planned from no longer holds"
_LACKING = "what it needs was not made"


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
    if not await site.store.writer.write(lambda tx: _approve(tx, run, by)):
        return Ended(run.id, "dropped", f"Run {run.id} does not wait for approval any more, or has changed since.")
    return await _applied(site, run, stop, at_once)


async def go_on(site: Site, stop: Stop, at_once: int) -> Ended | None:
    """Go on with a plan that was approved, and that an engine left; `None` where there is none.

    What needs the target to answer waits on where it does not.
    """
    run = next(iter(await computed(_interrupted, site)), None)
    if run is None or run.approved_by is None:
        return None
    by = run.approved_by
    if not await site.store.writer.write(lambda tx: runs.approve(tx, run.id, by, run.plan_hash)):
        return Ended(run.id, "dropped", f"Run {run.id} has been dropped, or has changed since.")
    return await _applied(site, run, stop, at_once)


async def _applied(site: Site, run: Run, stop: Stop, at_once: int) -> Ended:
    """Apply what is left of an approved plan."""
    stop.run = run.id
    approved = await computed(_approved, site, run.id)
    if not approved:
        return await _over(site, run, Result(), stop)
    try:
        if _is_lasting(run):
            return await _apply_alone(site, run, approved, stop, at_once)
        return await _apply_ruled(site, run, approved, stop, at_once)
    except (TargetError, Stopped) as error:
        if run.approved_by is not None and isinstance(error, TargetError) and concerns_all(error):
            await interrupted(site.store, run.id, str(error))
            return Ended(run.id, "waiting", f"Run {run.id} waits to go on: {error}", is_target_down=True)
        return await broken_off(site, run.id, error, stop)


async def _apply_ruled(site: Site, run: Run, approved: Sequence[Stored], stop: Stop, at_once: int) -> Ended:
    """Apply what the rules still ask for."""
    users, groups = _subjects(approved)
    is_whole = run.scope == "all" or len(users) > _ALL_IN_ONE or not all(map(_is_of_somebody, approved))
    keys = await computed(claimed, site, None if is_whole else {("user", ident) for ident in users})
    present = await (draft_whole(site, run.id, stop) if is_whole else draft_some(site, run.id, users, groups, stop))
    await keep_conflicts(site, run.id, present)
    await site.store.writer.write(lambda tx: runs.move(tx, run.id, "applying"))
    new, kept, again = await computed(_beside, site, run.id, approved, present)
    await _settle(site, run.id, approved, present.plan)
    await _readmit(site, run.id, again)
    result = await execute(site, run.id, stop, at_once)
    for change in new:  # its key stays, for the next plan
        result.note(change, _NEW)
    await answer_draft(site, keys, result, present, kept)
    return await _over(site, run, result, stop)


async def _apply_alone(site: Site, run: Run, approved: Sequence[Stored], stop: Stop, at_once: int) -> Ended:
    """Do what no rule asks for, as far as it is still to be done. No key is touched: the rules may want otherwise."""
    present = await _present(site, run, stop)
    await site.store.writer.write(lambda tx: runs.move(tx, run.id, "applying"))
    await _settle(site, run.id, approved, present)
    return await _over(site, run, await execute(site, run.id, stop, at_once), stop)


async def _present(site: Site, run: Run, stop: Stop) -> Plan:
    """What an undoing, or a choice, comes to as things are now."""
    if run.undoes is not None:
        return await undoing.inverted(site, run.id, run.undoes, stop)
    choice = choosing.Choice.in_scope(run.scope)
    assert choice is not None, "a run that no rule asks for undoes another, or does what was chosen"
    return await choosing.chosen(site, run.id, choice)


async def _over(site: Site, run: Run, result: Result, stop: Stop) -> Ended:
    if run.undoes is not None:
        await undoing.released(site, run.id, run.undoes)
    return await closed(site, run.id, result, stop, is_lasting=_is_lasting(run))


def _is_lasting(run: Run) -> bool:
    """Whether no rule asks for what a run does."""
    return run.undoes is not None or choosing.Choice.in_scope(run.scope) is not None


def _approve(tx: Transaction, run: Run, by: str) -> bool:
    """Begin to apply a plan. An undoing is the admin's word on all that the identity provider has said until now."""
    is_approved = runs.approve(tx, run.id, by, run.plan_hash)
    if is_approved and run.undoes is not None:
        runs.note_seen(tx, run.id, exchanges.newest(tx.connection))
    return is_approved


def _interrupted(site: Site) -> list[Run]:
    with site.store.read() as connection:
        return runs.interrupted(connection, site.name)


def _approved(site: Site, run: int) -> list[Stored]:
    """What is left of an approved plan. What is for an account that the run itself has made is for this one by now."""
    with site.store.read() as connection:
        stored = changes.of_run(connection, run, ("planned", "done"))
        made = {each.change.user_id or "" for each in stored if _has_made_account(each)}
        ids = {link.user_id: link.account_id for link in links.of_users(connection, site.name, made)}
    return [_followed(each, ids) for each in stored if each.state == "planned"]


def _has_made_account(stored: Stored) -> bool:
    return stored.state == "done" and stored.change.kind == ChangeKind.CREATE_ACCOUNT


def _followed(stored: Stored, ids: Mapping[str, str]) -> Stored:
    change = stored.change
    if change.account_id is not None or change.user_id is None or change.user_id not in ids:
        return stored
    return replace(stored, change=replace(change, account_id=ids[change.user_id]))


async def _settle(site: Site, run: int, approved: Sequence[Stored], present: Plan) -> None:
    """Settle what of an approved plan is not to be made, each change with its reason."""
    unmade = await computed(_unmade, site, run, approved, present)
    await write_parts(site.store, unmade, lambda tx, _, part: _settle_stale(tx, run, part))


def _unmade(site: Site, run: int, approved: Sequence[Stored], present: Plan) -> list[tuple[Stored, str]]:
    stale, _ = differences(approved, present.changes)
    reasons = dict.fromkeys((stored.id for stored in stale), _STALE)
    for lacking in _lacking(site, run, approved):
        reasons.setdefault(lacking, _LACKING)
    going = [stored for stored in approved if stored.id not in reasons]
    planned = [stored.change for stored in going]
    for text, taking in too_few(site, planned):
        keys = with_dependants(planned, (change.key for change in taking))
        reasons |= {stored.id: f"not made: {text}" for stored in going if stored.change.key in keys}
    return [(stored, reasons[stored.id]) for stored in approved if stored.id in reasons]


def _lacking(site: Site, run: int, approved: Sequence[Stored]) -> Iterator[int]:
    """Ids of the changes that need others of their plan which an earlier engine could not make."""
    with site.store.read() as connection:
        failed = changes.of_run(connection, run, ("intent", "failed", "stale", "dropped"))
    gone = {stored.change.key for stored in failed}
    keys = with_dependants([stored.change for stored in (*failed, *approved)], gone) if gone else gone
    return (stored.id for stored in approved if stored.change.key in keys)


def _beside(
    site: Site, run: int, approved: Sequence[Stored], present: Draft
) -> tuple[list[Change], frozenset[str], list[int]]:
    """What the present asks for beside an approved plan: what is new; the users of what was taken out of the plan; and
    what was taken out of earlier plans and is approved in this one."""
    _, others = differences(approved, present.plan.changes)
    with site.store.read() as connection:
        excluded = changes.excluded(connection, site.name)
    out = taken_out(stored for stored in excluded if stored.run == run)
    left_out = [change for change in others if unwanted(change, out) is not None]
    wanted = frozenset(wish for stored in approved for wish in wishes(stored.change)) if excluded else frozenset()
    again = [stored.id for stored in excluded if stored.run != run and wishes(stored.change) <= wanted]
    return (
        [change for change in others if unwanted(change, out) is None],
        frozenset(change.user_id for change in left_out if change.user_id is not None),
        again,
    )


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


def _settle_stale(tx: Transaction, run: int, unmade: Iterable[tuple[Stored, str]]) -> None:
    for stored, reason in unmade:
        changes.settle(tx, stored.id, "stale", reason)
        runs.count(tx, run, failed=1)
