"""`brakes.min_admins`: nobody approves that too few administrators are left, however it is asked for."""

from dataclasses import replace

import pytest

from core.apply import undoing
from core.apply.approving import refusal
from core.apply.site import Site
from core.apply.stopping import Stop
from core.planning.rules import BrakeRules, Limit, TargetRules
from core.planning.values import Account, TargetGroup
from core.store import Store, sources
from tests.core.apply.braked import waiting_run, waiting_runs
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import HELD, approved, compared, errors, pushed, run_of, steps
from tests.core.apply.test_choosing import chosen

NONE_LEFT = "'Admins' would keep 0 of 1 active member; brakes.min_admins asks for 1."


@pytest.fixture
def rules() -> TargetRules:
    return TargetRules(brakes=BrakeRules(deactivate=Limit(count=1), min_admins=1, admin_groups=("Admins",)))


@pytest.fixture
async def staff(quick: Site, company: Company) -> dict[str, str]:
    """Users with accounts; ada and ben administer the target."""
    hired = {name: company.hire(name) for name in ("ada", "ben", "cyd", "dot")}
    company.form("Admins", [hired["ada"], hired["ben"]])
    await compared(quick)
    await compared(quick)
    return hired


def active(instant: Instant) -> set[str]:
    return {account.name for account in instant.accounts.values() if account.active}


async def alone(site: Site, company: Company, users: dict[str, str], name: str) -> int:
    """A run that waits with the deactivation of one user."""
    company.dismiss(users[name])
    run = (await compared(site, replace(HELD, user=(users[name], name)))).run
    company.change(users[name], active=True)
    return run


async def test_of_two_plans_that_wait_the_second_does_not_take_the_last_administrator(
    quick: Site, store: Store, company: Company, instant: Instant, staff: dict[str, str]
) -> None:
    runs = [await alone(quick, company, staff, name) for name in ("ada", "ben")]
    for name in ("ada", "ben"):
        company.dismiss(staff[name])
    assert [refusal(run_of(store, run), "") for run in runs] == [None, None]
    for run in runs:
        await approved(quick, run)
    assert active(instant) == {"ben", "cyd", "dot"}
    assert steps(store, runs[1]) == ["deactivate-account ben stale"]
    assert errors(store, runs[1]) == {"deactivate-account ben": f"not made: {NONE_LEFT}"}


async def test_what_no_administrator_loses_goes_on_beside_it(
    quick: Site, store: Store, company: Company, instant: Instant, staff: dict[str, str]
) -> None:
    first = await alone(quick, company, staff, "ada")
    for name in ("ben", "cyd"):
        company.dismiss(staff[name])
    await compared(quick)
    run = next(each.id for each in waiting_runs(store) if each.scope == "held")
    company.dismiss(staff["ada"])
    await approved(quick, first)
    ended = await approved(quick, run)
    assert steps(store, run) == ["deactivate-account ben stale", "deactivate-account cyd done"]
    assert ended.answer.startswith(f"Run {run}: 1 of 2 changes made, 1 not")


async def test_small_pushes_that_together_take_all_administrators_wait_and_cannot_be_approved(
    quick: Site, store: Store, company: Company, instant: Instant, staff: dict[str, str]
) -> None:
    company.dismiss(staff["ada"])
    company.dismiss(staff["cyd"])
    await pushed(quick)
    company.dismiss(staff["ben"])
    await pushed(quick)
    run = waiting_run(store)
    assert [hold.brake for hold in run.holds if not hold.approvable] == ["brakes.min_admins"]
    assert "cannot be approved" in (refusal(run, run.plan_hash or "") or "")
    await approved(quick, run.id)
    assert active(instant) >= {"ada", "ben"}


async def test_what_waits_is_held_for_good_once_it_would_take_the_last_administrator(
    quick: Site, store: Store, company: Company, instant: Instant, staff: dict[str, str]
) -> None:
    for name in ("ben", "cyd"):
        company.dismiss(staff[name])
    await compared(quick)
    assert refusal(waiting_run(store), waiting_run(store).plan_hash or "") is None
    (ada,) = (account for account in instant.accounts.values() if account.name == "ada")
    instant.accounts[ada.id] = replace(ada, groups=frozenset())
    company.delete("Group", group_of(quick))
    await compared(quick)
    run = waiting_run(store)
    assert "cannot be approved" in (refusal(run, run.plan_hash or "") or "")
    assert (await compared(quick)).answer.count(f"run {run.id} waits") == 1


def group_of(site: Site) -> str:
    with site.store.read() as connection:
        return next(group.id for group in sources.all_groups(connection, site.provider))


async def test_it_can_be_approved_again_once_somebody_else_administers(
    quick: Site, store: Store, company: Company, instant: Instant, staff: dict[str, str]
) -> None:
    for name in ("ada", "ben"):
        company.dismiss(staff[name])
    await compared(quick)
    held = waiting_run(store)
    assert "cannot be approved" in (refusal(held, held.plan_hash or "") or "")
    instant.accounts["boss"] = Account("boss", "boss", "boss", "Boss", None, True, frozenset({"admins"}))
    await compared(quick)
    run = waiting_run(store)
    assert refusal(run, run.plan_hash or "") is None
    await approved(quick, run.id)
    assert active(instant) == {"boss", "cyd", "dot"}


async def test_a_choice_does_not_take_the_last_administrator(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    instant.groups["admins"] = TargetGroup("Admins", "admins")
    instant.accounts["x"] = Account("x", "boss", "boss", "Boss", None, True, frozenset({"admins"}))
    company.hire("cyd")
    await compared(quick)
    ended = await chosen(quick, "deactivate boss")
    assert ended.state == "failed"
    assert NONE_LEFT in ended.answer


async def test_a_choice_that_has_come_to_be_about_the_last_administrator_is_not_carried_out(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    instant.groups["admins"] = TargetGroup("Admins", "admins")
    for name in ("boss", "vice"):
        instant.accounts[name] = Account(name, name, name, name, None, True, frozenset({"admins"}))
    company.hire("cyd")
    await compared(quick)
    first, second = await chosen(quick, "deactivate boss"), await chosen(quick, "deactivate vice")
    await approved(quick, first.run)
    assert (await approved(quick, second.run)).state == "failed"
    assert active(instant) == {"vice", "cyd"}


async def test_an_undoing_does_not_take_the_last_administrator(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Admins", [company.hire("ada")])
    made = (await compared(quick)).run
    await compared(quick)
    ended = await undoing.undo(quick, run_of(store, made), "ada@console", Stop())
    run = run_of(store, ended.run)
    assert [(hold.brake, hold.approvable) for hold in run.holds] == [("brakes.min_admins", False)]
    assert NONE_LEFT in (refusal(run, run.plan_hash or "") or "")
    await approved(quick, run.id)
    assert active(instant) == {"ada"}
    assert [account.groups for account in instant.accounts.values()] == [{"admins"}]
