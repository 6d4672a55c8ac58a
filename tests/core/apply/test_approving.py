"""An approved plan is applied exactly: what no longer holds is stale, and what is needed beyond it waits."""

from dataclasses import replace

import pytest

from core.apply.site import Site
from core.planning.values import Account
from core.store import Store, links
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import HELD, approved, compared, steps


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
