"""Whatever happens, once it is over the target is as the identity provider says, and nothing was made twice.

People and groups come, change and go; somebody works at the target by hand; answers get lost; the engine is ended in
the middle of its work and started again. What must come out is said by `Expectation`, which knows none of the engine.
"""

import asyncio
from contextlib import suppress
from itertools import count
from random import Random

import pytest

from core.apply import backing_off, pushing, reconciler
from core.apply.reconciler import Reconciler
from core.apply.site import Site
from core.config.settings import ScheduleSettings
from core.sandbox.confluence import Confluence
from core.sandbox.faults import FaultyApp
from core.store import Store, changes, pending
from tests.core.apply.company import TARGET, Company
from tests.core.apply.door import Door
from tests.core.apply.happenings import World
from tests.core.apply.looking import compared, held, waiting


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciler, "LINGER", 0.0)
    monkeypatch.setattr(reconciler, "IDLE", 0.01)
    monkeypatch.setattr(reconciler, "LOOK_AGAIN", 0.0)
    monkeypatch.setattr(backing_off, "FIRST_BACK_OFF", 0.01)
    monkeypatch.setattr(backing_off, "LONGEST_BACK_OFF", 0.05)
    monkeypatch.setattr(pending, "FIRST_RETRY", 2)
    monkeypatch.setattr(pending, "LAST_RETRY", 20)
    monkeypatch.setattr(pushing, "ROUND", 5)


@pytest.fixture
def schedule() -> ScheduleSettings:
    return ScheduleSettings(every=3600)


class Calls:
    """Counts the calls to the target."""

    def __init__(self, door: Door) -> None:
        self._made = 0
        door.look = self._look

    async def go_on(self, number: int, store: Store) -> None:
        """Let the engine make so many more calls, or come to rest."""
        enough = self._made + number
        while self._made < enough:
            await turns(10)
            if is_quiet(store):
                return

    async def _look(self, method: str, path: str) -> None:
        self._made += 1


def start(site: Site) -> asyncio.Task[None]:
    """An engine for which seven minutes pass between two looks at the clock."""
    hours = count(1_000_000_000_000_000, 420_000)
    return asyncio.create_task(Reconciler(site, lambda: next(hours)).work())


async def kill(task: asyncio.Task[None], store: Store) -> None:
    """End an engine in the middle of whatever it does; what it had sent arrives, what it had written is written."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await turns(30)
    await store.writer.write(lambda tx: None)


async def turns(number: int) -> None:
    """Let everybody else go on a little."""
    for _ in range(number):
        await asyncio.sleep(0)


def is_quiet(store: Store) -> bool:
    with store.read() as connection:
        return not waiting(store) and not changes.intents(connection, TARGET)


@pytest.mark.parametrize("seed", range(3))
async def test_everything_comes_out_as_the_identity_provider_says(
    site: Site, store: Store, company: Company, confluence: Confluence, front: FaultyApp, door: Door, seed: int
) -> None:
    dice = Random(seed)
    world, calls = World(store, company, confluence, front, dice), Calls(door)
    task = start(site)
    for _ in range(60):
        world.happen()
        await calls.go_on(dice.choice((0, 1, 3, 10, 40)), store)
        if dice.random() < 0.15:
            await kill(task, store)
            task = start(site)
    world.calm()
    async with asyncio.timeout(30):
        while not is_quiet(store):
            await turns(50)
    await kill(task, store)
    await compared(site)  # what was done by hand came without a touch
    assert (await compared(site)).answer == "Nothing to change."
    assert held(store) == set()
    world.expected.check(confluence, store)
    world.expected.check_effects(confluence)
    assert is_quiet(store)
