"""What an admin approved goes on under the same approval, where an engine left it or was stopped."""

import asyncio
from collections.abc import Callable

import pytest

from core.apply.approving import approve, go_on
from core.apply.ending import Ended, dropped
from core.apply.recovery import abandon_runs, settle_intents
from core.apply.running import Comparison
from core.apply.site import Site
from core.apply.stopping import Stop
from core.apply.undoing import undo
from core.planning.rules import BrakeRules, Limit, TargetRules
from core.planning.values import Account
from core.store import Store, changes, runs
from core.store.runs import Run
from core.targets.protocol import Unavailable
from tests.core.apply.braked import waiting_run, waiting_runs
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import HELD, compared, pushed, run_of, states, steps
from tests.core.apply.test_choosing import SVC, chosen
from tests.core.apply.test_undoing import undone
from tests.core.apply.working import given, until, working

LEFT = "the engine was stopped; what is left goes on under the same approval after its next start"


@pytest.fixture
def rules() -> TargetRules:
    return TargetRules(brakes=BrakeRules(deactivate=Limit(count=1)))


@pytest.fixture
async def staff(quick: Site, company: Company) -> list[str]:
    """Users with accounts."""
    hired = [company.hire(name) for name in ("ada", "ben", "cyd", "dot", "eve", "fay")]
    await compared(quick)
    return hired


@pytest.fixture
async def held(quick: Site, store: Store, company: Company, staff: list[str]) -> Run:
    """A run that waits with the deactivation of all but fay."""
    for user in staff[:5]:
        company.dismiss(user)
    await compared(quick)
    return waiting_run(store)


def stopping(instant: Instant, of: str) -> Stop:
    """A stop of the engine at the first call of this kind."""
    stop = Stop()
    instant.before_call = lambda call, name: stop.ask("the engine was stopped") if call == of else None
    return stop


async def broken_off(site: Site, instant: Instant, run: int, at: str) -> Ended:
    """A plan approved, and the engine stopped at the first call of this kind."""
    ended = await approve(site, run_of(site.store, run), "bob@console", stopping(instant, at), 1)
    instant.before_call = lambda call, name: None
    return ended


async def left(site: Site, instant: Instant, run: int, at: str) -> None:
    """A plan approved, and the engine gone at the first call of this kind, before anything came of it."""

    class Killed(Exception):
        pass

    def kill(call: str, name: str) -> None:
        if call == at:
            raise Killed

    instant.before_call = kill
    with pytest.raises((Killed, ExceptionGroup)) as raised:
        await approve(site, run_of(site.store, run), "bob@console", Stop(), 1)
    assert raised.group_contains(Killed) if isinstance(raised.value, ExceptionGroup) else raised.type is Killed
    instant.before_call = lambda call, name: None


async def started(site: Site) -> Ended | None:
    """What an engine does first."""
    await abandon_runs(site)
    await settle_intents(site)
    return await go_on(site, Stop(), 1)


def active(instant: Instant) -> set[str]:
    return {account.name for account in instant.accounts.values() if account.active}


BREAKING = pytest.mark.parametrize("breaking", [broken_off, left])
Breaking = Callable[[Site, Instant, int, str], object]


async def test_an_approved_plan_that_was_broken_off_says_how_it_goes_on(
    quick: Site, store: Store, instant: Instant, held: Run
) -> None:
    ended = await broken_off(quick, instant, held.id, "deactivate-account")
    run = run_of(store, held.id)
    assert (run.state, run.approved_by, run.error) == ("waiting", "bob@console", LEFT)
    assert (ended.state, ended.answer) == ("waiting", f"Run {held.id} stopped: {LEFT}")
    assert [step.rpartition(" ")[2] for step in steps(store, held.id)] == ["done", *["planned"] * 4]


@BREAKING
async def test_it_goes_on_after_the_next_start_and_nothing_of_it_waits_again(
    quick: Site, store: Store, company: Company, instant: Instant, held: Run, breaking: Breaking
) -> None:
    await breaking(quick, instant, held.id, "deactivate-account")  # type: ignore[misc]
    ended = await started(quick)
    assert ended is not None
    assert (ended.run, ended.state) == (held.id, "done")
    run = run_of(store, held.id)
    assert (run.state, run.approved_by, run.error) == ("done", "bob@console", None)
    assert active(instant) == {"fay"}
    await pushed(quick)
    await compared(quick)
    assert (waiting_runs(store), company.pending()) == ([], set())


@BREAKING
async def test_what_it_goes_on_with_is_held_against_the_present(
    quick: Site, store: Store, company: Company, instant: Instant, held: Run, staff: list[str], breaking: Breaking
) -> None:
    await breaking(quick, instant, held.id, "deactivate-account")  # type: ignore[misc]
    company.change(staff[4], active=True)
    await started(quick)
    assert active(instant) == {"eve", "fay"}
    assert steps(store, held.id)[-1] == "deactivate-account eve stale"


@BREAKING
@pytest.mark.parametrize("at", ["reactivate-account", "find-account"])
async def test_an_undoing_goes_on(
    quick: Site, store: Store, company: Company, instant: Instant, held: Run, breaking: Breaking, at: str
) -> None:
    await approve(quick, held, "bob@console", Stop(), 1)
    undoing = (await undone(quick, held.id)).run
    await breaking(quick, instant, undoing, at)  # type: ignore[misc]
    await started(quick)
    assert active(instant) == {"ada", "ben", "cyd", "dot", "eve", "fay"}
    assert run_of(store, undoing).state == "done"
    assert (await compared(quick)).answer == "Nothing to change."


async def test_an_undoing_says_what_the_idp_had_said_when_it_was_approved_and_not_when_it_went_on(
    quick: Site, store: Store, company: Company, instant: Instant, held: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    await approve(quick, held, "bob@console", Stop(), 1)
    undoing = (await undone(quick, held.id)).run
    await broken_off(quick, instant, undoing, "reactivate-account")
    seen = run_of(store, undoing).seen
    monkeypatch.setattr("core.store.exchanges.newest", lambda connection: 4711)
    await started(quick)
    assert run_of(store, undoing).seen == seen


@BREAKING
@pytest.mark.parametrize("at", ["find-account", "deactivate-account"])
async def test_a_choice_goes_on(quick: Site, store: Store, instant: Instant, breaking: Breaking, at: str) -> None:
    instant.accounts[SVC.id] = SVC
    run = (await chosen(quick, "deactivate svc")).run
    await breaking(quick, instant, run, at)  # type: ignore[misc]
    await started(quick)
    assert not instant.accounts[SVC.id].active
    assert steps(store, run)[0].startswith("deactivate-account svc")


@BREAKING
async def test_memberships_of_an_account_that_the_run_itself_has_made_are_added(
    quick: Site, store: Store, company: Company, instant: Instant, breaking: Breaking
) -> None:
    company.form("Crew", [company.hire("ada"), company.hire("ben")])
    run = (await compared(quick, HELD)).run
    await breaking(quick, instant, run, "add-member")  # type: ignore[misc]
    await started(quick)
    assert {account.name: account.groups for account in instant.accounts.values()} == {
        "ada": {"crew"},
        "ben": {"crew"},
    }
    assert "stale" not in {step.rpartition(" ")[2] for step in steps(store, run)}


async def test_a_membership_does_not_go_to_an_account_that_the_run_has_not_made(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Crew", [company.hire("ada")])
    run = (await compared(quick, HELD)).run
    await left(quick, instant, run, "create-group")
    instant.accounts["x"] = Account("x", "ada", "ada", "Another Ada", "x@contoso.example", True, frozenset())
    await started(quick)
    assert "add-member ada Crew stale" in steps(store, run)
    assert instant.accounts["x"].groups == frozenset()


async def test_what_is_over_but_for_its_end_comes_to_it(quick: Site, store: Store, instant: Instant) -> None:
    instant.accounts[SVC.id] = SVC
    run = (await chosen(quick, "deactivate svc")).run
    await approve(quick, run_of(store, run), "bob@console", Stop(), 1)
    store.writer.write_now(lambda tx: runs.move(tx, run, "verifying"))
    ended = await started(quick)
    assert ended is not None
    assert (ended.state, run_of(store, run).state) == ("done", "done")


async def test_a_target_that_is_down_at_the_next_start_is_waited_for(
    quick: Site, store: Store, instant: Instant, held: Run
) -> None:
    await broken_off(quick, instant, held.id, "deactivate-account")
    instant.failing = lambda call, name: Unavailable("No answer.")
    ended = await started(quick)
    assert ended is not None
    assert (ended.state, ended.is_target_down) == ("waiting", True)
    instant.failing = lambda call, name: None
    await started(quick)
    assert active(instant) == {"fay"}


async def test_no_other_plan_takes_the_place_of_one_that_goes_on_or_adds_to_it(
    quick: Site, store: Store, company: Company, instant: Instant, held: Run, staff: list[str]
) -> None:
    await broken_off(quick, instant, held.id, "deactivate-account")
    company.dismiss(staff[5])
    await pushed(quick)
    await compared(quick)
    await compared(quick, Comparison("order", True, "ada@console"))
    run = run_of(store, held.id)
    assert (run.state, run.planned) == ("waiting", held.planned)


async def test_it_can_be_dropped_before_it_goes_on(quick: Site, store: Store, instant: Instant, held: Run) -> None:
    await broken_off(quick, instant, held.id, "deactivate-account")
    assert await dropped(store, held.id, "dropped by ada@console")
    assert await started(quick) is None
    assert len(active(instant)) == 5


async def test_a_run_that_an_admin_cancelled_does_not_go_on(
    quick: Site, store: Store, instant: Instant, held: Run
) -> None:
    stop = Stop()
    instant.before_call = lambda call, name: (
        stop.ask("cancelled by ada@console", cancel=True) if call == "deactivate-account" else None
    )
    await approve(quick, held, "bob@console", stop, 1)
    instant.before_call = lambda call, name: None
    assert await started(quick) is None
    assert run_of(store, held.id).state == "cancelled"


async def test_what_failed_before_the_end_of_the_engine_is_planned_again(
    quick: Site, store: Store, company: Company, instant: Instant, held: Run, staff: list[str]
) -> None:
    with store.read() as connection:
        first = changes.of_run(connection, held.id)[0]
    store.writer.write_now(lambda tx: runs.approve(tx, held.id, "bob@console", held.plan_hash))
    store.writer.write_now(lambda tx: changes.settle(tx, first.id, "failed", "no"))
    await started(quick)
    assert active(instant) == {"ada", "fay"}
    assert company.pending() == {staff[0]}


async def test_a_reconciler_goes_on_with_it_before_anything_else(
    quick: Site, store: Store, instant: Instant, held: Run
) -> None:
    async with asyncio.timeout(20), working(quick) as it:
        instant.before_call = lambda call, name: it.drain() if call == "find-account" else None
        it.obey(given(store, "approve", f"{held.id} {held.plan_hash}"))
        await until(store, lambda: run_of(store, held.id).error is not None)
    instant.before_call = lambda call, name: None
    async with working(quick) as it:
        sync = given(store, "sync", "wiki")
        it.obey(sync)
        await until(store, lambda: len(states(store)) == 4 and states(store)[-1] == "done")
    assert run_of(store, held.id).state == "done"
    assert run_of(store, 4).planned == 0


async def test_an_order_that_was_not_yet_planned_is_to_be_given_again(
    quick: Site, store: Store, instant: Instant, held: Run
) -> None:
    await approve(quick, held, "bob@console", Stop(), 1)
    stop = stopping(instant, "find-account")
    ended = await undo(quick, run_of(store, held.id), "ada@console", stop)
    assert ended.answer == f"Run {ended.run} stopped: the engine was stopped; it had no plan yet: give the order again"
