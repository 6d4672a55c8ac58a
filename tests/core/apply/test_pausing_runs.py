"""A run rests between two calls where an admin asks for it, and goes on, or ends, when that is asked for."""

import asyncio
from collections.abc import Callable

import pytest

from core.apply.ending import Ended
from core.apply.reconciler import Reconciler
from core.apply.running import compare
from core.apply.site import Site
from core.apply.stopping import Stop
from core.store import Store
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import NOW, states, steps, waiting
from tests.core.apply.working import until


@pytest.fixture
def staff(company: Company) -> list[str]:
    return [company.hire(name) for name in ("ada", "ben", "cyd")]


@pytest.fixture
def stop() -> Stop:
    return Stop()


@pytest.fixture
def run(quick: Site, staff: list[str], stop: Stop, instant: Instant) -> Callable[[], "asyncio.Task[Ended]"]:
    """Begins a run that is asked to rest during its first call."""

    def look(call: str, name: str) -> None:
        if (call, name) == ("create-account", "ada"):
            stop.pause.ask()

    instant.before_call = look
    return lambda: asyncio.create_task(compare(quick, NOW, stop, 1))


def is_paused(store: Store) -> Callable[[], bool]:
    return lambda: states(store) == ["paused"]


async def test_the_call_under_way_ends_and_no_other_begins(
    store: Store, instant: Instant, stop: Stop, run: Callable[[], "asyncio.Task[Ended]"]
) -> None:
    task = run()
    await until(store, is_paused(store))
    assert [effect[1] for effect in instant.effects] == ["ada"]
    assert steps(store, 1) == ["create-account ada done", "create-account ben planned", "create-account cyd planned"]
    stop.pause.end()
    assert (await task).state == "done"


async def test_it_goes_on_where_it_was(
    store: Store, instant: Instant, stop: Stop, run: Callable[[], "asyncio.Task[Ended]"]
) -> None:
    task = run()
    await until(store, is_paused(store))
    stop.pause.end()
    ended = await task
    assert ended.answer.startswith(f"Run {ended.run}: 3 of 3 changes made")
    assert [effect[1] for effect in instant.effects] == ["ada", "ben", "cyd"]
    assert states(store) == ["done"]


@pytest.mark.parametrize(("is_cancel", "state"), [(True, "cancelled"), (False, "failed")])
async def test_a_run_that_rests_can_be_stopped(
    store: Store,
    instant: Instant,
    stop: Stop,
    staff: list[str],
    run: Callable[[], "asyncio.Task[Ended]"],
    is_cancel: bool,
    state: str,
) -> None:
    task = run()
    await until(store, is_paused(store))
    stop.ask("enough", cancel=is_cancel)
    assert (await task).state == state
    assert states(store) == [state]
    assert [effect[1] for effect in instant.effects] == ["ada"]
    assert set(waiting(store)) == set(staff[1:])


async def test_a_rest_asked_for_while_it_is_read_begins_before_the_first_change(
    quick: Site, store: Store, instant: Instant, stop: Stop, staff: list[str]
) -> None:
    stop.pause.ask()
    task = asyncio.create_task(compare(quick, NOW, stop, 4))
    await until(store, is_paused(store))
    assert instant.effects == []
    stop.pause.end()
    await task
    assert len(instant.effects) == len(staff)


async def test_several_changes_at_once_rest_and_go_on_together(
    quick: Site, store: Store, instant: Instant, stop: Stop, company: Company
) -> None:
    for number in range(12):
        company.hire(f"user{number:02}")
    instant.before_call = lambda call, name: stop.pause.ask() if name == "user03" else None
    task = asyncio.create_task(compare(quick, NOW, stop, 4))
    await until(store, is_paused(store))
    instant.before_call = lambda call, name: None
    assert len(instant.effects) < 12
    stop.pause.end()
    await task
    assert (len(instant.effects), states(store)) == (12, ["done"])


async def test_only_the_run_that_was_named_rests_and_only_one_that_rests_goes_on(quick: Site) -> None:
    it = Reconciler(quick)
    it._stop.run = 7
    assert not it.pause(6)
    assert not it.resume(7)
    assert it.pause(7)
    assert it._stop.pause.is_asked
    assert not it.resume(6)
    assert it.resume(7)
    assert not it._stop.pause.is_asked


async def test_a_run_that_is_stopping_does_not_rest(quick: Site) -> None:
    it = Reconciler(quick)
    it._stop.run = 7
    it.cancel(7, "ada@console")
    assert not it.pause(7)
