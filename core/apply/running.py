"""Runs that compare: of everything, or of one user. They read, plan, wait for approval where that is wanted, and apply.

Approving applies exactly the plan that was approved: the world is planned anew, and a change that this no longer asks
for in the same words, from the same state, is stale and left to a later plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from core.apply.drafting import Draft, draft_some, draft_whole
from core.apply.executing import Executor, Result
from core.apply.parts import write_parts
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.planning.document import plan_hash
from core.planning.values import Change
from core.planning.wording import counted
from core.store import Transaction, changes, conflicts, pending, runs
from core.store.changes import Stored
from core.store.clock import now_ms
from core.store.pending import Key
from core.store.runs import Run
from core.targets.protocol import TargetError

_ALL_IN_ONE = 1000
"""Users up to which an approved plan is compared with a plan of just these users; beyond, with one of everything."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run stands when its turn is over."""

    run: int
    state: Literal["done", "waiting", "failed", "cancelled", "dropped"]
    answer: str
    """One sentence for who asked."""
    is_target_down: bool = False
    """The target or its credential failed, so the next attempt should wait."""


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
    keys = _keys(site, comparison)
    try:
        draft = await _drafted(site, comparison, run, stop)
    except (TargetError, Stopped) as error:
        return await broken_off(site, run, error, stop)
    await keep_plan(site, run, draft)
    if not draft.plan.changes:
        return await _nothing_to_change(site, run, keys, draft)
    if comparison.hold:
        return await _held(site, run, draft)
    await site.store.writer.write(lambda tx: runs.move(tx, run, "applying"))
    return await apply(site, run, keys, stop, at_once)


async def approve(site: Site, run: Run, by: str, stop: Stop, at_once: int) -> Ended:
    """Apply the plan that waits in `run`, as far as the present still asks for the same."""
    await site.store.writer.write(lambda tx: runs.move(tx, run.id, "applying", approved_by=by))
    with site.store.read() as connection:
        approved = changes.of_run(connection, run.id, ("planned",))
    users = {stored.change.user_id for stored in approved if stored.change.user_id}
    groups = {stored.change.because.group_id for stored in approved if stored.change.because.group_id}
    is_whole = run.scope == "all" or len(users) > _ALL_IN_ONE
    keys = claimed(site, None if is_whole else {("user", ident) for ident in users})
    try:
        present = await (draft_whole(site, run.id, stop) if is_whole else draft_some(site, run.id, users, groups, stop))
    except (TargetError, Stopped) as error:
        return await broken_off(site, run.id, error, stop)
    await site.store.writer.write(lambda tx: runs.move(tx, run.id, "applying"))
    stale = _stale(approved, present.plan.changes)
    await write_parts(site.store, stale, lambda tx, _, part: _settle_stale(tx, run.id, part))
    # A change that is new since the approval keeps its key, for the next plan.
    asked_anew = {change.user_id for change in _beyond(present.plan.changes, approved)}
    return await apply(site, run.id, [key for key in keys if key.id not in asked_anew], stop, at_once)


async def apply(site: Site, run: int, keys: Sequence[Key], stop: Stop, at_once: int) -> Ended:
    """Make the planned changes of a run, clear the keys they answer, and end it."""
    with site.store.read() as connection:
        planned = changes.of_run(connection, run, ("planned",))
    result = await Executor(site.store, site.target, run, stop, at_once).execute(planned)
    await answer_keys(site, keys, result)
    return await finished(site, run, result, stop)


async def keep_plan(site: Site, run: int, draft: Draft, first: int = 0) -> None:
    """Store what was planned; `first` is the position of the first change."""
    planned = draft.plan.changes
    await write_parts(
        site.store, planned, lambda tx, start, part: changes.plan(tx, run, site.name, first + start, part)
    )

    def note(tx: Transaction) -> None:
        conflicts.record(tx, site.name, run, draft.plan.conflicts, draft.is_about)
        number = len(draft.plan.conflicts)
        runs.note_plan(tx, run, first + len(planned), number, plan_hash(draft.plan), draft.plan.notes)

    await site.store.writer.write(note)


async def answer_keys(site: Site, keys: Iterable[Key], result: Result) -> None:
    """Clear the keys whose outcome is stored, and let the others wait for their retry."""
    unfinished = {("user", ident): why for ident, why in result.unfinished_users.items()}
    unfinished |= {("group", ident): why for ident, why in result.unfinished_groups.items()}
    listed = list(keys)
    known = {(key.kind, key.id) for key in listed}
    new_users = [ident for kind, ident in unfinished if kind == "user" and (kind, ident) not in known]
    new_groups = [ident for kind, ident in unfinished if kind == "group" and (kind, ident) not in known]
    await site.store.writer.write(lambda tx: pending.touch(tx, [site.name], "user", new_users, None))
    await site.store.writer.write(lambda tx: pending.touch(tx, [site.name], "group", new_groups, None))
    await write_parts(site.store, listed, lambda tx, _, part: _answer(tx, part, unfinished))


async def finished(site: Site, run: int, result: Result, stop: Stop) -> Ended:
    """End a run whose changes are over, or were broken off."""
    if result.halted is None:
        await site.store.writer.write(lambda tx: runs.finish(tx, run, "done"))
        with site.store.read() as connection:
            found = runs.find(connection, run)
        assert found is not None
        failed = f", {found.failed} not" if found.failed else ""
        return Ended(run, "done", f"Run {run}: {found.done} of {counted(found.planned, 'change')} made{failed}.")
    state: Literal["failed", "cancelled"] = "cancelled" if stop.is_cancelled else "failed"

    def end(tx: Transaction) -> None:
        changes.drop_rest(tx, run, result.halted or "")
        runs.finish(tx, run, state, result.halted)

    await site.store.writer.write(end)
    return Ended(run, state, f"Run {run} stopped: {result.halted}", is_target_down=stop.reason is None)


async def broken_off(site: Site, run: int, error: TargetError | Stopped, stop: Stop) -> Ended:
    """End a run that could not be planned; nothing more was changed."""
    state: Literal["failed", "cancelled"] = "cancelled" if stop.is_cancelled else "failed"

    def end(tx: Transaction) -> None:
        changes.drop_rest(tx, run, str(error))
        runs.finish(tx, run, state, str(error))

    await site.store.writer.write(end)
    is_down = not isinstance(error, Stopped)
    return Ended(run, state, f"Run {run} stopped: {error}", is_target_down=is_down)


def claimed(site: Site, only: set[tuple[str, str]] | None = None) -> list[Key]:
    """All keys of the target that are pending, due or not; of `only` these kinds and ids."""
    with site.store.read() as connection:
        keys = pending.claim(connection, site.name, now_ms() + pending.LAST_RETRY, 1 << 31)
    return keys if only is None else [key for key in keys if (key.kind, key.id) in only]


def _keys(site: Site, comparison: Comparison) -> list[Key]:
    return claimed(site, {("user", comparison.user[0])} if comparison.user else None)


async def _drafted(site: Site, comparison: Comparison, run: int, stop: Stop) -> Draft:
    if comparison.user is None:
        return await draft_whole(site, run, stop)
    return await draft_some(site, run, [comparison.user[0]], [], stop)


async def _nothing_to_change(site: Site, run: int, keys: Sequence[Key], draft: Draft) -> Ended:
    await answer_keys(site, keys, Result())
    await site.store.writer.write(lambda tx: runs.finish(tx, run, "done"))
    held = len(draft.plan.conflicts)
    waiting = f"; {counted(held, 'conflict')} to be answered" if held else ""
    return Ended(run, "done", f"Nothing to change{waiting}.")


async def _held(site: Site, run: int, draft: Draft) -> Ended:
    """Let the plan wait. An earlier one that waits is replaced, unless it is the same."""
    with site.store.read() as connection:
        earlier = [each for each in runs.in_states(connection, ("waiting",), site.name) if each.id != run]
        digest = plan_hash(draft.plan)
    same = next((each for each in earlier if each.plan_hash == digest), None)
    if same is not None:
        await site.store.writer.write(lambda tx: drop(tx, run, f"the same plan as run {same.id}, which waits"))
        return Ended(same.id, "waiting", f"Run {same.id} already waits with this plan.")

    def hold(tx: Transaction) -> None:
        for each in earlier:
            drop(tx, each.id, f"replaced by the plan of run {run}")
        runs.move(tx, run, "waiting")

    await site.store.writer.write(hold)
    return Ended(run, "waiting", f"Run {run} waits for approval with {counted(len(draft.plan.changes), 'change')}.")


def drop(tx: Transaction, run: int, reason: str) -> None:
    """Give up a plan that waits."""
    changes.drop_rest(tx, run, reason)
    runs.finish(tx, run, "dropped", reason)


def _stale(approved: Iterable[Stored], present: Iterable[Change]) -> list[Stored]:
    asked = {(change.key, *_states(change)) for change in present}
    return [stored for stored in approved if (stored.change.key, *_states(stored.change)) not in asked]


def _beyond(present: Iterable[Change], approved: Iterable[Stored]) -> list[Change]:
    known = {(stored.change.key, *_states(stored.change)) for stored in approved}
    return [change for change in present if (change.key, *_states(change)) not in known]


def _states(change: Change) -> tuple[frozenset[object], frozenset[object]]:
    return frozenset(change.before.items()), frozenset(change.after.items())


def _settle_stale(tx: Transaction, run: int, stale: Iterable[Stored]) -> None:
    for stored in stale:
        changes.settle(tx, stored.id, "stale", "what it was planned from no longer holds")
        runs.count(tx, run, failed=1)


def _answer(tx: Transaction, keys: Iterable[Key], unfinished: dict[tuple[str, str], str]) -> None:
    done = []
    for key in keys:
        reason = unfinished.get((key.kind, key.id))
        if reason is None:
            done.append(key)
        else:
            pending.fail(tx, key, reason)
    pending.clear(tx, done)
