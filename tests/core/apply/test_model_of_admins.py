"""Whatever admins do with what brakes hold, and whenever the engine ends: nothing is done unasked that is too much, and
once all that waits is approved, the target is as the identity provider says.
"""

import asyncio
from contextlib import suppress
from itertools import count
from random import Random

import pytest

from core.apply import backing_off, reconciler
from core.apply.ending import dropped
from core.apply.excluding import NotExcluded, exclude
from core.apply.reconciler import Reconciler
from core.apply.site import Site
from core.config.settings import ScheduleSettings
from core.planning.rules import TargetRules
from core.store import Store, changes, pending, runs
from tests.core.apply.braked import BRAKED, waiting_runs
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import approved, compared, waiting
from tests.core.apply.working import given


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciler, "LINGER", 0.0)
    monkeypatch.setattr(reconciler, "IDLE", 0.01)
    monkeypatch.setattr(backing_off, "FIRST_BACK_OFF", 0.01)
    monkeypatch.setattr(pending, "FIRST_RETRY", 2)
    monkeypatch.setattr(pending, "LAST_RETRY", 20)


@pytest.fixture
def rules() -> TargetRules:
    return BRAKED


@pytest.fixture
def schedule() -> ScheduleSettings:
    return ScheduleSettings(every=3600)


class Admins:
    """What people do at the identity provider and in consoles, one thing at a time, as the dice say."""

    def __init__(self, site: Site, company: Company, dice: Random) -> None:
        self._site, self._company, self._dice = site, company, dice
        self._hours = count(1_000_000_000_000_000, 420_000)
        self.active: dict[str, bool] = {}
        """Id of a user → whether it is active."""
        self.names: dict[str, str] = {}
        self.start()

    def start(self) -> None:
        """An engine for which seven minutes pass between two looks at the clock."""
        self.engine = Reconciler(self._site, lambda: next(self._hours))
        self._task = asyncio.create_task(self.engine.work())

    async def happen(self) -> None:
        doing = [self.hire] * 3 + [self.dismiss] * 5 + [self.welcome_back] * 2
        doing += [self.approve] * 3 + [self.drop, self.take_out, self.kill] + [self.pause, self.resume] * 2
        await self._dice.choice(doing)()

    async def hire(self) -> None:
        name = f"user{len(self.names)}"
        user = self._company.hire(name)
        self.names[user], self.active[user] = name, True

    async def dismiss(self) -> None:
        await self._set_active(False)

    async def welcome_back(self) -> None:
        await self._set_active(True)

    async def _set_active(self, active: bool) -> None:
        if self.names:
            user = self._dice.choice(sorted(self.names))
            self._company.change(user, active=active)
            self.active[user] = active

    async def approve(self) -> None:
        for run in waiting_runs(self._site.store):
            self.engine.obey(given(self._site.store, "approve", f"{run.id} {run.plan_hash}"))

    async def drop(self) -> None:
        for run in waiting_runs(self._site.store):
            await dropped(self._site.store, run.id, "dropped by ada@console")

    async def take_out(self) -> None:
        for run in waiting_runs(self._site.store):
            with self._site.store.read() as connection:
                planned = changes.of_run(connection, run.id, ("planned",))
            with suppress(NotExcluded):
                await exclude(self._site.store, run.id, [self._dice.choice(planned).id], "ada@console")

    async def pause(self) -> None:
        if (run := self.engine._stop.run) is not None:
            self.engine.pause(run)

    async def resume(self) -> None:
        if (run := self.engine._stop.run) is not None:
            self.engine.resume(run)

    async def kill(self) -> None:
        """End the engine in the middle of whatever it does; another one goes on."""
        await self.end()
        self.start()

    async def end(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._site.store.writer.write(lambda tx: None)


async def commits(store: Store, number: int) -> None:
    """Let everybody go on for so many commits."""
    for _ in range(number):
        await store.writer.write(lambda tx: runs.count(tx, 0))


@pytest.mark.parametrize("seed", range(3, 7))
async def test_nothing_too_much_is_done_unasked_and_everything_once_it_is_approved(
    quick: Site, store: Store, company: Company, instant: Instant, seed: int
) -> None:
    dice = Random(seed)
    admins = Admins(quick, company, dice)
    for _ in range(120):
        await admins.happen()
        await commits(store, dice.choice((0, 1, 3, 10, 30)))
    async with asyncio.timeout(30):
        while waiting(store):
            await admins.resume()
            await commits(store, 5)
    await admins.end()
    check_unasked(store)
    for _ in range(2):  # what was taken out of a plan that still waits comes in the next one
        await compared(quick)
        for run in waiting_runs(store):
            await approved(quick, run.id)
    assert (await compared(quick)).answer == "Nothing to change."
    accounts = {account.name: account.active for account in instant.accounts.values()}
    assert {name: accounts.get(name, False) for name in admins.names.values()} == {
        name: admins.active[user] for user, name in admins.names.items()
    }


def check_unasked(store: Store) -> None:
    """One deactivation is allowed in a plan of everything, and one to all pushes of an hour."""
    by_pushes = 0
    with store.read() as connection:
        for run in runs.newest(connection, 1000, TARGET):
            number = sum(
                stored.change.kind == "deactivate-account" for stored in changes.of_run(connection, run.id, ("done",))
            )
            if run.approved_by is None:
                assert number <= 1
                by_pushes += number if run.trigger == "push" else 0
    assert by_pushes <= 1
