"""Runs that compare: of everything, or of one user. They read, plan, wait for approval where that is wanted, and apply.

What is applied unasked stays within the brakes: what these hold waits in a run of its own (`core.apply.holding`).
"""

from dataclasses import dataclass, replace

from core.apply.answering import answer_draft, claimed
from core.apply.closing import closed
from core.apply.computing import computed
from core.apply.deciding import decide_all
from core.apply.drafting import Draft, draft_some, draft_whole
from core.apply.ending import Ended, broken_off, dropped
from core.apply.executing import Executor, Result
from core.apply.holding import SCOPE as HELD
from core.apply.holding import Split, hold, split, waits
from core.apply.parts import write_parts
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.planning.document import plan_hash
from core.planning.wording import counted
from core.store import Transaction, changes, conflicts, exchanges, runs
from core.store.changes import Stored
from core.store.runs import Run
from core.targets.protocol import TargetError


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
        lambda tx: start(tx, site.name, comparison.trigger, comparison.scope, comparison.asked_by)
    )
    stop.run = run
    keys = await computed(claimed, site, {("user", comparison.user[0])} if comparison.user else None)
    try:
        draft = await _drafted(site, comparison, run, stop)
    except (TargetError, Stopped) as error:
        return await broken_off(site, run, error, stop)
    part = Split(draft.plan, (), ()) if comparison.hold else await split(site, draft.plan)
    digest = await keep_plan(site, run, replace(draft, plan=part.going))
    if stop.reason is not None:
        return await broken_off(site, run, Stopped(stop.reason), stop)
    waiting = None if comparison.hold else await hold(site, run, draft, part)
    if not part.going.changes:
        await answer_draft(site, keys, Result(), draft, part.users)
        return await _nothing_to_change(site, run, comparison.scope, draft, waiting)
    if comparison.hold:
        return await let_wait(site, run, comparison.scope, draft, digest)
    await site.store.writer.write(lambda tx: runs.move(tx, run, "applying"))
    result = await execute(site, run, stop, at_once)
    await answer_draft(site, keys, result, draft, part.users)
    return await closed(site, run, result, stop, waits(waiting))


def start(tx: Transaction, target: str, trigger: runs.Trigger, scope: str, asked_by: str | None = None) -> int:
    """Begin a run, which knows all inbound exchanges until now; returns its number."""
    run = runs.start(tx, target, trigger, scope, asked_by)
    runs.note_seen(tx, run, exchanges.newest(tx.connection))
    return run


async def execute(site: Site, run: int, stop: Stop, at_once: int) -> Result:
    """Make the planned changes of a run."""
    planned = await computed(planned_of, site, run)
    return await Executor(site.store, site.target, run, stop, at_once).execute(planned)


async def keep_plan(site: Site, run: int, draft: Draft, first: int = 0) -> str:
    """Store what was planned, and return its hash; `first` is the position of the first change."""
    planned, number = draft.plan.changes, len(draft.plan.conflicts)
    await write_parts(
        site.store, planned, lambda tx, start, part: changes.plan(tx, run, site.name, first + start, part)
    )
    await keep_conflicts(site, run, draft)
    digest = await computed(plan_hash, draft.plan)

    def note(tx: Transaction) -> None:
        runs.note_plan(tx, run, first + len(planned), number, digest, draft.plan.notes)
        runs.note_holds(tx, run, draft.plan.holds)

    await site.store.writer.write(note)
    return digest


async def keep_conflicts(site: Site, run: int, draft: Draft) -> None:
    """Bring the open conflicts in line with those that a plan found."""

    def gone() -> list[int]:
        with site.store.read() as connection:
            return conflicts.gone(connection, site.name, draft.plan.conflicts, draft.is_about)

    known = frozenset(answer.number for answer in draft.answers)
    closing = await computed(gone)
    await write_parts(site.store, closing, lambda tx, _, part: conflicts.close(tx, part))
    await write_parts(
        site.store,
        draft.plan.conflicts,
        lambda tx, _, part: conflicts.renew(tx, site.name, run, part, draft.is_about, known),
    )
    await decide_all(site, draft.plan.conflicts)


def planned_of(site: Site, run: int) -> list[Stored]:
    """The changes of a run that were not begun."""
    with site.store.read() as connection:
        return changes.of_run(connection, run, ("planned",))


async def _drafted(site: Site, comparison: Comparison, run: int, stop: Stop) -> Draft:
    if comparison.user is None:
        return await draft_whole(site, run, stop)
    return await draft_some(site, run, [comparison.user[0]], [], stop)


async def _nothing_to_change(site: Site, run: int, scope: str, draft: Draft, waiting: Run | None) -> Ended:
    """End a run that has nothing to do, save what waits in another one."""
    if waiting is None:
        for each in _waiting_alike(site, run, scope, also=HELD):
            await dropped(site.store, each.id, f"run {run} found that nothing of it is needed any more")
    await site.store.writer.write(lambda tx: runs.finish(tx, run, "done"))
    parked = len(draft.plan.conflicts)
    also = f"; {counted(parked, 'conflict')} to be answered" if parked else ""
    nothing = "Nothing to change" if waiting is None else "Nothing to change unasked"
    return Ended(run, "done", f"{nothing}{waits(waiting)}{also}.")


async def let_wait(site: Site, run: int, scope: str, draft: Draft, digest: str) -> Ended:
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


def _waiting_alike(site: Site, run: int, scope: str, also: str | None = None) -> list[Run]:
    """Other runs that wait with a plan about the same, or about a part of it: one from a file is an admin's own."""
    with site.store.read() as connection:
        waiting = runs.for_approval(connection, site.name)
    return [each for each in waiting if each.id != run and _covers(scope, each.scope, also)]


def _covers(scope: str, other: str, also: str | None) -> bool:
    return scope == other or (scope == "all" and (other.startswith("user ") or other == also))
