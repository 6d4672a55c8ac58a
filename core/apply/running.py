"""Runs that compare: of everything, or of one user. They read, plan, wait for approval where that is wanted, and apply.

Approving applies exactly the plan that was approved: the world is planned anew, and a change that this no longer asks
for in the same words, from the same state, is stale and left to a later plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.apply.answering import answer_keys, claimed
from core.apply.computing import computed
from core.apply.drafting import Draft, draft_some, draft_whole
from core.apply.ending import Ended, broken_off, dropped, finished
from core.apply.executing import Executor, Result
from core.apply.parts import write_parts
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.planning.changes import Change
from core.planning.document import plan_hash
from core.planning.wording import counted
from core.store import Transaction, changes, conflicts, runs
from core.store.changes import Stored
from core.store.pending import Key
from core.store.runs import Run
from core.targets.protocol import TargetError

_ALL_IN_ONE = 1000
"""Users up to which an approved plan is compared with a plan of just these users; beyond, with one of everything."""
_NEW = "new since the plan that was approved"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run is to compare, and for whom."""

    trigger: runs.Trigger
    hold: bool
    """Wait for an admin's approval before anything is changed."""
    asked_by: str | None = None
    user: tuple[str, str] | None = None
    """Id and userName of the one user; `None`: everything."""

    @property
    def scope(self) -> str:
        """In words, for listings."""
        return f"user {self.user[1]}" if self.user else "all"


async def compare(site: Site, comparison: Comparison, stop: Stop, at_once: int) -> Ended:
    """Read, plan, and apply or wait."""
    run = await site.store.writer.write(
        lambda tx: runs.start(tx, site.name, comparison.trigger, comparison.scope, comparison.asked_by)
    )
    stop.run = run
    keys = await computed(claimed, site, {("user", comparison.user[0])} if comparison.user else None)
    try:
        draft = await _drafted(site, comparison, run, stop)
    except (TargetError, Stopped) as error:
        return await broken_off(site, run, error, stop)
    digest = await keep_plan(site, run, draft)
    if stop.reason is not None:
        return await broken_off(site, run, Stopped(stop.reason), stop)
    if not draft.plan.changes:
        return await _nothing_to_change(site, run, comparison.scope, keys, draft)
    if comparison.hold:
        return await _held(site, run, comparison.scope, draft, digest)
    await site.store.writer.write(lambda tx: runs.move(tx, run, "applying"))
    result = await execute(site, run, stop, at_once)
    await answer_keys(site, keys, result)
    return await finished(site, run, result, stop)


async def approve(site: Site, run: Run, by: str, stop: Stop, at_once: int) -> Ended:
    """Apply the plan that waits in `run`, as far as the present still asks for the same."""
    if not await site.store.writer.write(lambda tx: runs.approve(tx, run.id, by)):
        return Ended(run.id, "dropped", f"Run {run.id} does not wait for approval any more.")
    stop.run = run.id
    approved = await computed(_planned, site, run.id)
    users, groups = _subjects(approved)
    is_whole = run.scope == "all" or len(users) > _ALL_IN_ONE
    keys = await computed(claimed, site, None if is_whole else {("user", ident) for ident in users})
    try:
        present = await (draft_whole(site, run.id, stop) if is_whole else draft_some(site, run.id, users, groups, stop))
    except (TargetError, Stopped) as error:
        return await broken_off(site, run.id, error, stop)
    await keep_conflicts(site, run.id, present)
    await site.store.writer.write(lambda tx: runs.move(tx, run.id, "applying"))
    stale, new = await computed(_differences, approved, present.plan.changes)
    await write_parts(site.store, stale, lambda tx, _, part: _settle_stale(tx, run.id, part))
    result = await execute(site, run.id, stop, at_once)
    for change in new:  # its key stays, for the next plan
        result.note(change, _NEW)
    await answer_keys(site, keys, result)
    return await finished(site, run.id, result, stop)


async def execute(site: Site, run: int, stop: Stop, at_once: int) -> Result:
    """Make the planned changes of a run."""
    planned = await computed(_planned, site, run)
    return await Executor(site.store, site.target, run, stop, at_once).execute(planned)


async def keep_plan(site: Site, run: int, draft: Draft, first: int = 0) -> str:
    """Store what was planned, and return its hash; `first` is the position of the first change."""
    planned, number = draft.plan.changes, len(draft.plan.conflicts)
    await write_parts(
        site.store, planned, lambda tx, start, part: changes.plan(tx, run, site.name, first + start, part)
    )
    await keep_conflicts(site, run, draft)
    digest = await computed(plan_hash, draft.plan)
    await site.store.writer.write(
        lambda tx: runs.note_plan(tx, run, first + len(planned), number, digest, draft.plan.notes)
    )
    return digest


async def keep_conflicts(site: Site, run: int, draft: Draft) -> None:
    """Bring the open conflicts in line with those that a plan found."""

    def gone() -> list[int]:
        with site.store.read() as connection:
            return conflicts.gone(connection, site.name, draft.plan.conflicts, draft.is_about)

    closing = await computed(gone)
    await write_parts(site.store, closing, lambda tx, _, part: conflicts.close(tx, part))
    await write_parts(
        site.store,
        draft.plan.conflicts,
        lambda tx, _, part: conflicts.renew(tx, site.name, run, part, draft.is_about),
    )


def _planned(site: Site, run: int) -> list[Stored]:
    with site.store.read() as connection:
        return changes.of_run(connection, run, ("planned",))


async def _drafted(site: Site, comparison: Comparison, run: int, stop: Stop) -> Draft:
    if comparison.user is None:
        return await draft_whole(site, run, stop)
    return await draft_some(site, run, [comparison.user[0]], [], stop)


async def _nothing_to_change(site: Site, run: int, scope: str, keys: Sequence[Key], draft: Draft) -> Ended:
    await answer_keys(site, keys, Result())
    for each in _waiting_alike(site, run, scope):
        await dropped(site.store, each.id, f"run {run} found that nothing of it is needed any more")
    await site.store.writer.write(lambda tx: runs.finish(tx, run, "done"))
    held = len(draft.plan.conflicts)
    waiting = f"; {counted(held, 'conflict')} to be answered" if held else ""
    return Ended(run, "done", f"Nothing to change{waiting}.")


async def _held(site: Site, run: int, scope: str, draft: Draft, digest: str) -> Ended:
    """Let the plan wait. An earlier one about the same that waits is replaced, unless it is the same."""
    earlier = _waiting_alike(site, run, scope)
    await site.store.writer.write(lambda tx: runs.move(tx, run, "waiting"))
    same = next((each for each in earlier if each.plan_hash == digest), None)
    if same is not None:
        await dropped(site.store, run, f"the same plan as run {same.id}, which waits")
        return Ended(same.id, "waiting", f"Run {same.id} already waits with this plan.")
    for each in earlier:
        await dropped(site.store, each.id, f"replaced by the plan of run {run}")
    return Ended(run, "waiting", f"Run {run} waits for approval with {counted(len(draft.plan.changes), 'change')}.")


def _waiting_alike(site: Site, run: int, scope: str) -> list[Run]:
    """Other runs that wait with a plan about the same, or about a part of it: one from a file is an admin's own."""
    with site.store.read() as connection:
        waiting = runs.in_states(connection, ("waiting",), site.name)
    return [each for each in waiting if each.id != run and _covers(scope, each.scope)]


def _covers(scope: str, other: str) -> bool:
    return scope == other or (scope == "all" and other.startswith("user "))


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


def _differences(approved: Sequence[Stored], present: Sequence[Change]) -> tuple[list[Stored], list[Change]]:
    """What was approved and is no longer asked for, and what is asked for and was not approved."""
    asked = {_words(change) for change in present}
    known = {_words(stored.change) for stored in approved}
    stale = [stored for stored in approved if _words(stored.change) not in asked]
    return stale, [change for change in present if _words(change) not in known]


def _words(change: Change) -> tuple[object, ...]:
    """What an approved change and one that is planned now have in common if they are the same."""
    state = frozenset(change.before.items()), frozenset(change.after.items())
    return change.key, change.account_id, change.user_id, *state


def _settle_stale(tx: Transaction, run: int, stale: Iterable[Stored]) -> None:
    for stored in stale:
        changes.settle(tx, stored.id, "stale", "what it was planned from no longer holds")
        runs.count(tx, run, failed=1)
