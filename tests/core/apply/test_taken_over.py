"""C10: an account that is taken from one user and given to another, and what becomes of who loses it."""

import pytest

from core.apply.site import Site
from core.planning.rules import GroupRules, TargetRules, UserRules, ValueRule
from core.store import Store, links
from tests.core.apply.company import TARGET, Company
from tests.core.apply.looking import compared, held, pushed
from tests.core.apply.resolving import answer, open_one
from tests.core.apply.test_previewing import previewed, shown


@pytest.fixture
def rules() -> TargetRules:
    name = ValueRule("userName", match="^(.+)@", replace="$1", case="lower")
    return TargetRules(UserRules(username=name), GroupRules())


async def test_who_takes_the_account_is_linked_to_it_and_who_loses_it_is_asked_for(
    quick: Site, store: Store, company: Company
) -> None:
    old = company.hire("ada@x", email="ada@contoso.example")
    await pushed(quick)
    new = company.hire("ada@y", email="ada@contoso.example", display_name="Ada@X")
    await pushed(quick)
    assert held(store) == {("C10", f"user:{new}")}
    assert open_one(store, "C10")[1].evidence["belongs to"] == "Ada@X", "pushed or compared, it says whose it is"
    assert shown(previewed(quick, "C10", "L")) == ["link-account ada"]
    answer(store, "C10", "L")
    await pushed(quick)
    with store.read() as connection:
        (link,) = links.all_links(connection, TARGET)
    assert (link.user_id, link.account_name) == (new, "ada")
    assert held(store) == {("C10", f"user:{old}")}
    await compared(quick)
    assert held(store) == {("C10", f"user:{old}")}
