"""An approved plan is applied exactly: what no longer holds is stale, and what is needed beyond it waits."""

from dataclasses import replace

import pytest

from core.apply.approving import approve, refusal
from core.apply.excluding import exclude
from core.apply.site import Site
from core.apply.stopping import Stop
from core.planning.changes import Hold
from core.planning.rules import GroupRules, TargetRules
from core.planning.values import Account
from core.store import Store, links
from core.store.runs import Run
from tests.core.apply.braked import ids
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import HELD, approved, compared, run_of, steps


async def test_a_membership_of_an_account_to_be_created_does_not_go_to_a_strangers_account_of_that_name(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Crew", [company.hire("ada")])
    waiting = await compared(quick, HELD)
    instant.accounts["x"] = Account("x", "ada", "ada", "Another Ada", "x@contoso.example", True, frozenset())
    await approved(quick, waiting.run)
    assert steps(store, waiting.run) == [
        "create-group Crew done",
        "create-account ada stale",
        "add-member ada Crew stale",
    ]
    with store.read() as connection:
        assert links.all_links(connection, TARGET) == []


async def test_the_account_of_a_link_that_was_replaced_is_left_alone(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    await compared(quick)
    company.dismiss(ada)
    waiting = await compared(quick, HELD)
    (account,) = instant.accounts.values()
    instant.accounts = {"other": replace(account, id="other")}
    await approved(quick, waiting.run)
    assert steps(store, waiting.run) == ["deactivate-account ada stale"]
    assert instant.accounts["other"].active


@pytest.mark.parametrize("is_new", [False, True])
async def test_a_plan_for_one_user_looks_at_no_other_when_it_is_applied(
    quick: Site, store: Store, company: Company, instant: Instant, is_new: bool
) -> None:
    ada, ben = company.hire("ada"), company.hire("ben")
    if is_new:
        await compared(quick)
    crew = company.form("Crew", [ben])
    if not is_new:
        await compared(quick)
    company.join(crew, ada)
    waiting = await compared(quick, replace(HELD, user=(ada, "ada")))
    instant.calls.clear()
    await approved(quick, waiting.run)
    assert {step.rpartition(" ")[2] for step in steps(store, waiting.run)} == {"done"}
    assert ("find-account", "ben") not in instant.calls
    assert not {("list-accounts", ""), ("list-groups", "")} & set(instant.calls)


async def test_a_group_alone_is_created_as_approved_for_a_user_whose_account_is_held(
    quick: Site, store: Store, company: Company
) -> None:
    bad = company.hire("ada", display_name="  ")
    company.form("Crew", [bad])
    waiting = await compared(quick, replace(HELD, user=(bad, "ada")))
    assert steps(store, waiting.run)[0] == "create-group Crew planned"
    await approved(quick, waiting.run)
    assert steps(store, waiting.run)[0] == "create-group Crew done"


@pytest.fixture
async def waiting_plan(quick: Site, store: Store, company: Company) -> Run:
    company.hire("ada")
    return run_of(store, (await compared(quick, HELD)).run)


async def test_a_plan_that_no_brake_holds_is_approved_with_its_hash_or_without(waiting_plan: Run) -> None:
    assert refusal(waiting_plan, "") is None
    assert refusal(waiting_plan, waiting_plan.plan_hash or "") is None


async def test_a_plan_that_has_changed_since_it_was_looked_at_is_not_approved(waiting_plan: Run) -> None:
    assert refusal(waiting_plan, "another") == (
        f"Run {waiting_plan.id} has changed since you looked: it has 1 change now. Look again."
    )


async def test_what_brakes_hold_is_approved_by_who_saw_exactly_it(waiting_plan: Run) -> None:
    held = replace(waiting_plan, holds=(Hold("brakes.delete", "12 accounts would be deleted.", ("k",), ("ada",), "c"),))
    assert refusal(held, held.plan_hash or "") is None
    assert refusal(held, "") == (
        f"Run {held.id} is held by brakes: approve it by its number, once you have looked at what holds it."
    )


async def test_nobody_approves_that_the_last_administrator_goes(waiting_plan: Run) -> None:
    last = Hold("brakes.min_admins", "'admins' would keep 0 of 1 active member.", ("k",), ("ada",), "c", False)
    assert refusal(replace(waiting_plan, holds=(last,)), waiting_plan.plan_hash or "") == (
        f"Run {waiting_plan.id} cannot be approved: 'admins' would keep 0 of 1 active member. Take these changes out "
        "of it, or make somebody else an administrator at the product and synchronise again."
    )


async def test_a_run_that_does_not_wait_is_not_approved(waiting_plan: Run) -> None:
    assert refusal(replace(waiting_plan, state="done"), "") == (
        f"Run {waiting_plan.id} does not wait for approval: it is done."
    )


async def test_a_plan_that_is_edited_at_the_moment_of_its_approval_is_not_applied(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.hire("ada")
    company.hire("ben")
    seen = run_of(store, (await compared(quick, HELD)).run)
    await exclude(store, seen.id, ids(store, seen.id, "ada"), "ada@console")
    ended = await approve(quick, seen, "bob@console", Stop(), 4)
    assert (ended.state, instant.effects) == ("dropped", [])
    assert run_of(store, seen.id).state == "waiting"


async def test_a_group_that_only_a_rule_names_is_found_again_when_it_is_approved(
    quick: Site, store: Store, company: Company
) -> None:
    company.hire("ada")
    site = with_rules(quick, GroupRules(default_for_all=("Staff",), create_missing=True))
    waiting = await compared(site, HELD)
    assert steps(store, waiting.run)[0] == "create-group Staff planned"
    await approved(site, waiting.run)
    assert {step.rpartition(" ")[2] for step in steps(store, waiting.run)} == {"done"}
    assert company.pending() == set()


def with_rules(site: Site, groups: GroupRules) -> Site:
    """The site with other rules for groups."""
    return replace(site, settings=replace(site.settings, rules=TargetRules(groups=groups)))
