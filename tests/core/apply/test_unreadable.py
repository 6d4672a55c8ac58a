"""Listings that cannot be read, on a target that works otherwise: only what needs them fails."""

import asyncio

import pytest

from core.apply import pushing, reconciler
from core.apply.reconciler import Reconciler
from core.apply.site import Site
from core.config.settings import ScheduleSettings
from core.store import Store, observed
from core.targets.protocol import IncompleteRead, TargetError, Unavailable, Unsupported
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, pushed, run_of, states

LISTINGS = ["list-accounts", "list-groups", "list-members"]


def without(instant: Instant, error: TargetError, *calls: str) -> None:
    instant.failing = lambda call, name: error if call in calls else None


@pytest.mark.parametrize("listing", LISTINGS)
@pytest.mark.parametrize("error", [IncompleteRead("It broke off."), Unsupported("It cannot list.")])
async def test_a_listing_that_breaks_off_fails_the_run_and_changes_and_forgets_nothing(
    quick: Site, store: Store, company: Company, instant: Instant, listing: str, error: TargetError
) -> None:
    ada = company.hire("ada")
    crew = company.form("Crew", [ada])
    await compared(quick)
    company.dismiss(ada)
    company.leave(crew, ada)
    done = list(instant.effects)
    without(instant, error, listing)
    ended = await compared(quick)
    assert (ended.state, run_of(store, ended.run).error, ended.is_target_down) == ("failed", str(error), False)
    assert (instant.effects, company.pending()) == (done, {ada})
    with store.read() as connection:
        assert observed.counts(connection, TARGET) == (1, 1)
        assert len(observed.managed(connection, TARGET)) == 1


async def test_a_target_that_is_down_is_told_from_one_that_cannot_be_listed(
    quick: Site, company: Company, instant: Instant
) -> None:
    company.hire("ada")
    without(instant, Unavailable("503"), "list-accounts")
    assert (await compared(quick)).is_target_down


async def test_whatever_ends_a_push_ends_the_next_one_too_so_that_it_waits(
    quick: Site, company: Company, instant: Instant
) -> None:
    company.hire("ada")
    without(instant, Unsupported("It has no such version."), "capabilities")
    ended = await pushed(quick)
    assert (ended.state, ended.is_target_down) == ("failed", True)


class TestByTheHour:
    @pytest.fixture
    def schedule(self) -> ScheduleSettings:
        return ScheduleSettings(every=3600)

    @pytest.mark.parametrize("many_from", [1, 500])
    async def test_keys_are_pushed_though_everything_cannot_be_read(
        self,
        quick: Site,
        store: Store,
        company: Company,
        instant: Instant,
        monkeypatch: pytest.MonkeyPatch,
        many_from: int,
    ) -> None:
        monkeypatch.setattr(reconciler, "LINGER", 0.0)
        monkeypatch.setattr(pushing, "WHOLE_FROM", many_from)
        company.hire("ada")
        without(instant, IncompleteRead("It broke off."), *LISTINGS)
        it = Reconciler(quick)
        task = asyncio.create_task(it.work())
        async with asyncio.timeout(20):
            with store.watch() as watch:
                while "done" not in states(store):
                    await watch.wait()
        it.drain()
        await task
        assert states(store) == ["failed", "done"]
        assert instant.effects == [("create-account", "ada")]
