"""What is held of a plan that is otherwise applied unasked: it waits for approval in one run for each target.

A plan of everything replaces what waits there, unless that is the same. One of some users adds to it, and takes out of
it what these users no longer need. All in small writes: a crash leaves the plan that waited, or the one that replaces
it, and in between a key too many, never a change that nobody plans again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.apply.comparing import taken_out, unwanted, words
from core.apply.computing import computed
from core.apply.drafting import Draft
from core.apply.ending import dropped, give_up
from core.apply.parts import PART, write_parts
from core.apply.site import Site
from core.planning.brakes import SAMPLE, held
from core.planning.changes import Change, Hold, Plan
from core.planning.dependence import with_dependants
from core.planning.document import plan_hash
from core.planning.wording import counted
from core.store import Transaction, changes, runs, waiting
from core.store.changes import Stored
from core.store.runs import Run

SCOPE = "held"
"""What the run of a target that waits with what is held says it is about."""
_PLANNED_ANEW = "planned anew in other words, or not needed any more"


@dataclass(frozen=True, slots=True)
class Split:
    """A plan in two: what may be applied unasked, and what waits for an admin."""

    going: Plan
    kept: tuple[Change, ...]
    holds: tuple[Hold, ...]

    @property
    def users(self) -> frozenset[str]:
        """Ids of the users of whom something is kept."""
        return frozenset(change.user_id for change in self.kept if change.user_id is not None)


async def split(site: Site, plan: Plan) -> Split:
    """Part what a brake holds, and what an admin once took out of a plan, from the rest."""
    return await computed(_split, site, plan)


def _split(site: Site, plan: Plan) -> Split:
    with site.store.read() as connection:
        out = taken_out(changes.excluded(connection, site.name))
    again = [(change, stored.run) for change in plan.changes if (stored := unwanted(change, out)) is not None]
    keys = held(plan) | with_dependants(plan.changes, (change.key for change, _ in again))
    if not keys:
        return Split(replace(plan, holds=()), (), ())
    going = tuple(change for change in plan.changes if change.key not in keys)
    kept = tuple(change for change in plan.changes if change.key in keys)
    holds = (*plan.holds, _excluded(again)) if again else plan.holds
    return Split(replace(plan, changes=going, holds=()), kept, holds)


async def hold(site: Site, run: int, draft: Draft, part: Split) -> Run | None:
    """Let what is kept of a draft wait; returns the run in which it does, `None` where nothing of it is kept."""
    earlier = _waiting(site)
    if draft.subjects is None:
        return await _replaced(site, run, earlier, part)
    return await _added(site, run, earlier, part, draft)


def waits(run: Run | None) -> str:
    """Where what is held waits, as the end of a sentence."""
    return f"; run {run.id} waits for approval with {counted(run.planned, 'change')}" if run is not None else ""


async def _replaced(site: Site, run: int, earlier: Run | None, part: Split) -> Run | None:
    if not part.kept:
        if earlier is not None:
            await dropped(site.store, earlier.id, f"run {run} found that nothing of it is needed any more")
        return None
    if earlier is not None and await computed(_is_same, site, earlier, part):
        return earlier
    return await _begun(site, run, part.kept, part.holds, earlier)


async def _added(site: Site, run: int, earlier: Run | None, part: Split, draft: Draft) -> Run | None:
    if earlier is None:
        return await _begun(site, run, part.kept, part.holds) if part.kept else None
    outdated, new = await computed(_news, site, earlier, part.kept, draft)
    await write_parts(
        site.store, outdated, lambda tx, _, some: waiting.take_out(tx, earlier.id, some, "dropped", _PLANNED_ANEW)
    )
    left = [change for some in _parts(new) for change in await _add(site, earlier, some, part.holds)]
    if left:  # the plan was dropped meanwhile, or nothing of it was left
        return await _begun(site, run, left, part.holds)
    return _found(site, earlier.id) if part.kept else None


async def _add(site: Site, earlier: Run, some: Sequence[Change], holds: Sequence[Hold]) -> Sequence[Change]:
    """Add to a plan that waits; returns what could not be added."""
    return () if await site.store.writer.write(lambda tx: waiting.add(tx, earlier.id, some, holds)) else some


async def _begun(
    site: Site, run: int, kept: Sequence[Change], holds: Sequence[Hold], earlier: Run | None = None
) -> Run | None:
    """Have another run wait with this, in the place of the earlier one."""
    number = await site.store.writer.write(lambda tx: _start(tx, site.name, run))
    await write_parts(site.store, kept, lambda tx, start, some: changes.plan(tx, number, site.name, start, some))
    digest = await computed(plan_hash, Plan(tuple(kept), ()))

    def let_wait(tx: Transaction) -> bool:
        runs.note_plan(tx, number, len(kept), 0, digest, ())
        runs.note_holds(tx, number, holds)
        runs.move(tx, number, "waiting")
        return earlier is not None and runs.refuse(tx, earlier.id, f"replaced by the plan of run {number}")

    if await site.store.writer.write(let_wait) and earlier is not None:
        await give_up(site.store, earlier.id, f"replaced by the plan of run {number}")
    return _found(site, number)


def _start(tx: Transaction, target: str, run: int) -> int:
    planned_in = runs.find(tx.connection, run)
    number = runs.start(tx, target, planned_in.trigger if planned_in is not None else "push", SCOPE)
    runs.move(tx, number, "planning")
    return number


def _waiting(site: Site) -> Run | None:
    with site.store.read() as connection:
        found = runs.for_approval(connection, site.name)
    return next((run for run in reversed(found) if run.scope == SCOPE), None)


def _found(site: Site, run: int) -> Run | None:
    with site.store.read() as connection:
        found = runs.find(connection, run)
    return found if found is not None and found.state == "waiting" else None


def _is_same(site: Site, earlier: Run, part: Split) -> bool:
    """Whether a plan that waits is this one, but for what an admin took out of it: with the same changes, and as fit to
    be approved."""
    with site.store.read() as connection:
        stored = changes.of_run(connection, earlier.id, ("planned", "excluded"))
    out = taken_out(each for each in stored if each.state == "excluded")
    gone = {change.key for change in part.kept if unwanted(change, out) is not None}
    if {words(each.change) for each in stored if each.state == "planned"} != {
        words(change) for change in part.kept if change.key not in gone
    }:
        return False
    never = any(not hold.approvable and not gone.issuperset(hold.keys) for hold in part.holds)
    return never == any(not hold.approvable for hold in earlier.holds)


def _news(site: Site, earlier: Run, kept: Sequence[Change], draft: Draft) -> tuple[list[Stored], list[Change]]:
    """What those whom a draft is about no longer need of a plan that waits, and what it has not yet."""
    users = _users_of(draft.subjects or ())
    with site.store.read() as connection:
        nobodys = changes.of_nobody(connection, earlier.id)
        stored = [*changes.about_users(connection, earlier.id, users), *nobodys]
    planned = [each for each in stored if each.state == "planned"]
    known = {words(each.change) for each in planned}
    out = taken_out(each for each in stored if each.state == "excluded")
    said = {words(change) for change in kept}
    outdated = [each for each in planned if words(each.change) not in said and _is_seen(draft, each.change)]
    new = [change for change in kept if words(change) not in known and unwanted(change, out) is None]
    return outdated, new


def _is_seen(draft: Draft, change: Change) -> bool:
    """Whether a draft for some would have planned this again, if it were still needed."""
    group = change.because.group_id
    return change.user_id is not None or (group is not None and draft.is_about((change.kind, f"group:{group}")))


def _users_of(subjects: Collection[str]) -> frozenset[str]:
    return frozenset(ident for kind, _, ident in (subject.partition(":") for subject in subjects) if kind == "user")


def _parts(items: Sequence[Change]) -> list[Sequence[Change]]:
    return [items[start : start + PART] for start in range(0, len(items), PART)]


def _excluded(again: Sequence[tuple[Change, int]]) -> Hold:
    """What holds changes that an admin did not want once, each with the run that it was taken out of: they are not made
    because a later plan is small."""
    runs_of = sorted({run for _, run in again})
    names = dict.fromkeys(change.account or change.group or "" for change, _ in again)
    return Hold(
        brake="excluded",
        text=f"{counted(len(again), 'change')} that an admin took out of a plan before.",
        keys=tuple(change.key for change, _ in again),
        sample=tuple(names)[:SAMPLE],
        cause=f"Taken out of run {', '.join(map(str, runs_of))}.",
    )
