"""Which plan takes the place of another that waits for approval, and which ends its waiting."""

from dataclasses import replace

import pytest

from core.apply import drafting
from core.apply.running import Comparison
from core.apply.site import Site
from core.apply.stopping import Stop
from core.store import Store, runs
from tests.core.apply.company import TARGET, Company
from tests.core.apply.looking import HELD, NOW, compared, run_of, steps


async def test_a_plan_for_one_user_leaves_the_plan_of_everything_waiting(
    quick: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    company.hire("ben")
    whole = await compared(quick, HELD)
    single = await compared(quick, replace(HELD, user=(ada, "ada")))
    assert [run_of(store, ended.run).state for ended in (whole, single)] == ["waiting", "waiting"]


async def test_a_plan_of_everything_takes_the_place_of_one_for_a_user(
    quick: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    company.hire("ben")
    single = await compared(quick, replace(HELD, user=(ada, "ada")))
    await compared(quick, HELD)
    assert run_of(store, single.run).state == "dropped"


async def test_a_plan_that_came_from_a_file_is_not_replaced(quick: Site, store: Store, company: Company) -> None:
    company.hire("ada")
    file = store.writer.write_now(lambda tx: runs.start(tx, TARGET, "order", "file", "ada"))
    store.writer.write_now(lambda tx: runs.move(tx, file, "waiting"))
    await compared(quick, HELD)
    assert run_of(store, file).state == "waiting"


async def test_a_plan_waits_no_longer_once_nothing_is_to_be_changed(
    quick: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    waiting = await compared(quick, HELD)
    company.dismiss(ada)
    now = await compared(quick, HELD)
    run = run_of(store, waiting.run)
    assert (run.state, run.error) == ("dropped", f"run {now.run} found that nothing of it is needed any more")


async def test_one_user_without_changes_does_not_end_the_waiting_of_others(
    quick: Site, store: Store, company: Company
) -> None:
    ada = company.hire("ada")
    await compared(quick)
    company.hire("ben")
    waiting = await compared(quick, HELD)
    await compared(quick, replace(HELD, user=(ada, "ada")))
    assert run_of(store, waiting.run).state == "waiting"


@pytest.mark.parametrize("comparison", [HELD, NOW])
@pytest.mark.parametrize("for_ada", [False, True])
async def test_a_run_that_is_cancelled_while_it_is_planned_ends_as_cancelled(
    quick: Site, store: Store, company: Company, monkeypatch: pytest.MonkeyPatch, comparison: Comparison, for_ada: bool
) -> None:
    ada, stop, plan = company.hire("ada"), Stop(), drafting.plan

    def cancelled(*args: object) -> object:
        stop.ask("cancelled by ada", cancel=True)
        return plan(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(drafting, "plan", cancelled)
    wanted = replace(comparison, user=(ada, "ada")) if for_ada else comparison
    ended = await compared(quick, wanted, stop)
    assert (ended.state, run_of(store, ended.run).state) == ("cancelled", "cancelled")
    assert steps(store, ended.run) == []
    assert company.pending() == {ada}
