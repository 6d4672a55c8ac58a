"""C15: a name that manciple took from one person is not given to another unasked, by push and by comparison alike."""

import pytest

from core.apply.site import Site
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import Capabilities
from core.store import Store
from core.targets.confluence.names import NAME_RULES
from tests.core.apply.company import Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, held, pushed
from tests.core.apply.resolving import answer, open_one
from tests.core.apply.test_previewing import previewed, shown


@pytest.fixture
def rules() -> TargetRules:
    return TargetRules(UserRules(when_inactive="delete"), GroupRules())


@pytest.fixture
def instant() -> Instant:
    return Instant(capabilities=Capabilities(names=NAME_RULES, rename_user=None, delete_user=None))


async def left(quick: Site, company: Company) -> None:
    """Somebody called ada came, and left: the account was deleted. Bob stays."""
    company.hire("bob")
    ada = company.hire("ada", display_name="Ada King")
    await pushed(quick)
    company.delete("User", ada)
    await pushed(quick)


def names(instant: Instant) -> set[str]:
    """Of all accounts but Bob's."""
    return {account.name for account in instant.accounts.values()} - {"bob"}


@pytest.mark.parametrize("compares", [False, True])
async def test_who_is_called_like_somebody_whose_account_was_deleted_waits(
    quick: Site, store: Store, company: Company, instant: Instant, compares: bool
) -> None:
    await left(quick, company)
    new = company.hire("ada", display_name="Ada Lovelace")
    await (compared if compares else pushed)(quick)
    assert held(store) == {("C15", f"user:{new}")}
    assert names(instant) == set()
    assert open_one(store, "C15")[1].evidence["was the account of"] == "Ada King"


async def test_what_another_name_leads_to_is_shown_and_then_done(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    await left(quick, company)
    company.hire("ada", display_name="Ada Lovelace")
    await pushed(quick)
    found = previewed(quick, "C15", "N")
    assert (shown(found), found.helps) == (["create-account ada2"], True)
    answer(store, "C15", "N")
    await pushed(quick)
    assert (names(instant), held(store)) == ({"ada2"}, set())
    assert (await compared(quick)).answer == "Nothing to change."


async def test_the_name_itself_is_given_to_who_types_it(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    await left(quick, company)
    company.hire("ada", display_name="Ada Lovelace")
    await pushed(quick)
    answer(store, "C15", "N", "ada")
    await pushed(quick)
    assert (names(instant), held(store)) == ({"ada"}, set())
    assert (await compared(quick)).answer == "Nothing to change."


async def test_a_name_that_somebody_lost_by_a_rename_is_asked_for_too(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    await pushed(quick)
    company.change(ada, userName="ada.king")
    await pushed(quick)
    new = company.hire("ada")
    await pushed(quick)
    assert held(store) == {("C15", f"user:{new}")}
    assert names(instant) == {"ada.king"}


async def test_who_comes_back_gets_the_name_that_was_theirs(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.hire("bob")
    ada = company.hire("ada")
    await pushed(quick)
    company.dismiss(ada)
    await pushed(quick)
    assert names(instant) == set()
    company.change(ada, active=True)
    await pushed(quick)
    assert (names(instant), held(store)) == ({"ada"}, set())
