"""How runs end: done, stopped, or with a plan that is given up; long plans are given up in several writes.

A plan that was approved does not end with the engine: what is left of it waits, and goes on under the same approval
once an engine works again.
"""

from dataclasses import dataclass
from typing import Literal

from core.apply.computing import computed
from core.apply.executing import Result
from core.apply.parts import PART
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.planning.wording import counted
from core.store import Store, changes, runs
from core.targets.protocol import CredentialFailed, TargetError, Unavailable

GOES_ON = "what is left goes on under the same approval after its next start"
_PLANNED_ANEW = "what is still needed is planned anew after its next start"
_ASK_AGAIN = "it had no plan yet: give the order again"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run stands when its turn is over."""

    run: int
    state: Literal["done", "waiting", "failed", "cancelled", "dropped"]
    answer: str
    """One sentence for who asked."""
    is_target_down: bool = False
    """The target or its credential failed, so the next attempt should wait."""


async def finished(site: Site, run: int, result: Result, stop: Stop, also: str = "") -> Ended:
    """End a run whose changes are over, or were broken off; `also` is the end of the answer."""
    if result.halted is not None:
        return await _stopped(site, run, result.halted, stop, is_target_down=stop.reason is None)
    await site.store.writer.write(lambda tx: runs.finish(tx, run, "done"))
    with site.store.read() as connection:
        found = runs.find(connection, run)
    assert found is not None
    failed = f", {found.failed} not" if found.failed else ""
    return Ended(run, "done", f"Run {run}: {found.done} of {counted(found.planned, 'change')} made{failed}{also}.")


async def broken_off(site: Site, run: int, error: TargetError | Stopped, stop: Stop) -> Ended:
    """End a run that could not be planned; nothing more was changed."""
    is_target_down = isinstance(error, CredentialFailed | Unavailable)
    return await _stopped(site, run, str(error), stop, is_target_down=is_target_down)


async def interrupted(store: Store, run: int, reason: str) -> bool:
    """Let what is left of an approved run wait until it goes on; False where nobody has approved it."""
    return await store.writer.write(lambda tx: runs.interrupt(tx, run, f"{reason}; {GOES_ON}"))


async def abandoned(store: Store, run: int, reason: str) -> None:
    """End a run that nobody works on any more."""
    await give_up(store, run, reason)
    await store.writer.write(lambda tx: runs.finish(tx, run, "failed", reason))


async def dropped(store: Store, run: int, reason: str) -> bool:
    """Drop a plan that waits for approval; False where it does not wait any more."""
    if not await store.writer.write(lambda tx: runs.refuse(tx, run, reason)):
        return False
    await give_up(store, run, reason)
    return True


async def _stopped(site: Site, run: int, reason: str, stop: Stop, *, is_target_down: bool) -> Ended:
    if stop.is_engines:
        if await interrupted(site.store, run, reason):
            return Ended(run, "waiting", f"Run {run} stopped: {reason}; {GOES_ON}", is_target_down)
        reason = f"{reason}; {await computed(_after_stop, site, run)}"
    state: Literal["failed", "cancelled"] = "cancelled" if stop.is_cancelled else "failed"
    await give_up(site.store, run, reason)
    await site.store.writer.write(lambda tx: runs.finish(tx, run, state, reason))
    return Ended(run, state, f"Run {run} stopped: {reason}", is_target_down)


def _after_stop(site: Site, run: int) -> str:
    """What becomes of a run that nobody has approved, once the engine stops: an order is not given again by itself."""
    with site.store.read() as connection:
        found = runs.find(connection, run)
    return _ASK_AGAIN if found is not None and found.asked_by is not None else _PLANNED_ANEW


async def give_up(store: Store, run: int, reason: str) -> None:
    """Give up what was not begun of a run, a part at a time."""
    while await store.writer.write(lambda tx: changes.drop_rest(tx, run, reason, PART)) == PART:
        pass
