"""Which memberships count as ours: those that were added, and no other, whatever happens around them."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.apply.site import Site
from core.planning.values import Account, TargetGroup
from core.sandbox.confluence import Confluence, LocalAccount
from core.store import Store, observed
from core.targets.protocol import Refused
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, errors, held, pushed, steps


def number_managed(store: Store) -> int:
    with store.read() as connection:
        return len(observed.managed(connection, TARGET))


async def test_a_membership_that_was_there_is_not_taken_for_ours(
    site: Site, store: Store, company: Company, confluence: Confluence
) -> None:
    confluence.add_account(LocalAccount("ada", "Ada", "ada@contoso.example", groups=("Crew",)))
    ada = company.hire("ada")
    crew = company.form("Crew", [ada])
    await compared(site)
    assert number_managed(store) == 0
    company.leave(crew, ada)
    await compared(site)
    assert ("Crew", "ada") in confluence.snapshot().memberships


async def test_a_group_that_the_idp_formed_while_the_target_was_read_waits_for_the_next_plan(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    """Its members were not read: to plan it would take for ours what was there before."""
    ada = company.hire("ada")
    await compared(quick)
    instant.groups["crew"] = TargetGroup("Crew", "crew")
    (account,) = instant.accounts.values()
    instant.accounts[account.id] = replace(account, groups=frozenset({"crew"}))
    formed: list[str] = []

    def form(call: str, name: str) -> None:
        if call == "list-accounts":
            formed.append(company.form("Crew", [ada]))

    instant.before_call = form
    ended = await compared(quick)
    assert steps(store, ended.run) == []
    assert number_managed(store) == 0
    assert company.pending() == {ada, *formed}


async def test_what_was_added_to_an_account_that_is_missing_for_a_while_stays_ours(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada, _ = company.hire("ada"), company.hire("ben")
    crew = company.form("Crew", [ada])
    await compared(quick)
    (account,) = [account for account in instant.accounts.values() if account.name == "ada"]
    del instant.accounts[account.id]
    await compared(quick)
    assert held(store) == {("C06", f"user:{ada}")}
    instant.accounts[account.id] = account
    company.leave(crew, ada)
    await compared(quick)
    assert held(store) == set()
    assert instant.accounts[account.id].groups == frozenset()


async def test_what_was_added_and_taken_back_at_the_target_is_no_longer_ours(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Crew", [company.hire("ada")])
    await compared(quick)
    assert number_managed(store) == 1
    (account,) = instant.accounts.values()
    instant.accounts[account.id] = replace(account, groups=frozenset())
    instant.failing = lambda call, name: Refused("not now") if call == "add-member" else None
    await compared(quick)
    assert number_managed(store) == 0


async def no_groups() -> AsyncIterator[TargetGroup]:
    """A listing that a proxy answered, say: empty, and without an error."""
    return
    yield


async def test_a_membership_that_was_there_stays_another_s_though_its_group_was_not_listed_for_once(
    quick: Site, store: Store, company: Company, instant: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group is to be created then, and is there: who is in it was not put there by us."""
    instant.groups["crew"] = TargetGroup("Crew", "crew")
    instant.accounts["a"] = Account("a", "ada", "ada", "Ada", "ada@contoso.example", True, frozenset({"crew"}))
    ada = company.hire("ada")
    crew = company.form("Crew", [ada])
    await compared(quick)
    monkeypatch.setattr(instant, "list_groups", no_groups)
    ended = await compared(quick)
    assert steps(store, ended.run) == ["create-group Crew done", "add-member ada Crew dropped"]
    assert errors(store, ended.run) == {
        "add-member ada Crew": "waits until the members of Crew are read: the group was there already"
    }
    assert (number_managed(store), company.pending()) == (0, {ada})
    monkeypatch.undo()
    company.leave(crew, ada)
    await pushed(quick)
    await compared(quick)
    assert instant.accounts["a"].groups == {"crew"}


async def test_who_is_yet_to_be_added_to_a_group_that_was_there_is_added_by_the_next_plan(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    """Somebody else creates the group while the run is under way."""
    ada = company.hire("ada")
    company.form("Crew", [ada])

    def create(call: str, name: str) -> None:
        if call == "create-group":
            instant.groups["crew"] = TargetGroup("Crew", "crew")

    instant.before_call = create
    await compared(quick)
    assert (number_managed(store), company.pending()) == (0, {ada})
    await compared(quick)
    assert (number_managed(store), company.pending()) == (1, set())


async def test_a_listing_without_groups_makes_nothing_another_s_that_was_ours(
    quick: Site, store: Store, company: Company, instant: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = [company.hire(name) for name in ("ada", "ben")]
    crew = company.form("Crew", staff)
    await compared(quick)
    monkeypatch.setattr(instant, "list_groups", no_groups)
    await compared(quick)
    assert number_managed(store) == 2
    monkeypatch.undo()
    company.leave(crew, staff[0])
    ended = await compared(quick)
    assert steps(store, ended.run) == ["remove-member ada Crew done"]
