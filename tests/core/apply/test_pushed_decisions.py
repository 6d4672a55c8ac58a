"""What pushes decide from little: as much as the whole would say of it, and no more."""

from dataclasses import replace

import pytest

from core.apply import drafting
from core.apply.site import Site
from core.planning.rules import GroupMap, GroupRules
from core.planning.values import Account, TargetGroup
from core.store import Store, conflicts
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, held, pushed

ADMINS = "wiki-administrators"


async def test_a_push_for_one_member_neither_closes_nor_narrows_what_is_open_about_its_group(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    """Others are still to be added to the protected group; this one is in it already."""
    instant.groups[ADMINS] = TargetGroup(ADMINS, ADMINS)
    instant.accounts["b"] = Account("b", "ben", "ben", "Ben", "ben@contoso.example", True, frozenset({ADMINS}))
    ada, ben, cyd = company.hire("ada"), company.hire("ben"), company.hire("cyd")
    admins = company.form(ADMINS, [ada, ben, cyd])
    await compared(quick)
    assert held(store) == {("C29", f"group:{admins}")}
    shown = evidence(store)
    for user in (ben, ada):
        company.change(user, displayName="Somebody")
        await pushed(quick)
        assert (held(store), evidence(store)) == ({("C29", f"group:{admins}")}, shown)
    company.leave(admins, ada)
    company.leave(admins, cyd)
    await compared(quick)
    assert held(store) == set()


async def test_where_one_key_leads_to_many_users_everything_is_observed_instead(
    quick: Site, company: Company, instant: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = company.form("Crew", [company.hire(f"user{number}") for number in range(5)])
    await pushed(quick)
    monkeypatch.setattr(drafting, "WIDE", 4)
    company.rename_group(crew, "Team")
    instant.calls.clear()
    await pushed(quick)
    assert ("list-accounts", "") in instant.calls
    assert [call for call in instant.calls if call[0] == "find-account"] == []
    assert {tuple(account.groups or ()) for account in instant.accounts.values()} == {("crew",)}, "it keeps its name"
    assert company.pending() == set()


async def test_a_push_closes_what_was_open_about_a_target_group_once_the_group_that_it_names_has_come(
    quick: Site, store: Store, company: Company
) -> None:
    mapping = GroupMap(("Crew", "Guests"), ("staff",))
    rules = replace(quick.rules, groups=GroupRules(mode="manual", create_missing=True, map=(mapping,)))
    by_hand = replace(quick, settings=replace(quick.settings, rules=rules))
    company.form("Crew", [company.hire("ada")])
    await compared(by_hand)
    assert held(store) == {("C25", "target-group:staff")}
    company.form("Pilots", [])
    await pushed(by_hand)
    assert held(store) == {("C25", "target-group:staff")}, "it is about another group"
    company.form("Guests", [])
    await pushed(by_hand)
    assert held(store) == set()


def evidence(store: Store) -> dict[str, str]:
    with store.read() as connection:
        (listed,) = conflicts.open_conflicts(connection, TARGET)
        found = conflicts.opened(connection, listed.id)
    assert found is not None
    return dict(found[1].evidence)
