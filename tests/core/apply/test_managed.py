"""Which memberships count as ours: those that were added, and no other, whatever happens around them."""

from dataclasses import replace

from core.apply.site import Site
from core.planning.values import TargetGroup
from core.sandbox.confluence import Confluence, LocalAccount
from core.store import Store, observed
from core.targets.protocol import Refused
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, held, steps


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
