"""Drift: what somebody else changed at the target is found by the next reading, told, and cleared once it is over."""

from dataclasses import replace

from core.apply.site import Site
from core.store import Store, drift
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, pushed


def told(store: Store) -> list[tuple[str, str, str | None]]:
    with store.read() as connection:
        return sorted((row.kind, row.name, row.field) for row in drift.open_ones(connection, TARGET, 10))


async def test_what_manciple_did_itself_is_no_drift(quick: Site, store: Store, company: Company) -> None:
    ada = company.hire("ada")
    company.form("Crew", [ada])
    await pushed(quick)
    company.change(ada, displayName="Ada King")
    await pushed(quick)
    await compared(quick)
    assert told(store) == []


async def test_what_somebody_else_changed_is_told_and_over_once_it_is_put_right(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.form("Crew", [company.hire("ada")])
    await compared(quick)
    (account,) = instant.accounts.values()
    instant.accounts[account.id] = replace(account, display_name="Somebody", groups=frozenset())
    await compared(quick)
    assert told(store) == [("account-changed", "ada", "display_name"), ("member-removed", "ada in crew", None)]
    await compared(quick)
    assert told(store) == [], "the run before has put it right"


async def test_an_account_that_is_gone_is_told_until_it_is_there_again(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.hire("ada"), company.hire("ben")
    await compared(quick)
    account = next(each for each in instant.accounts.values() if each.name == "ada")
    del instant.accounts[account.id]
    await compared(quick)
    assert told(store) == [("account-gone", "ada", None)]
    instant.accounts[account.id] = account
    await compared(quick)
    assert told(store) == []


async def test_a_group_that_is_gone_is_told(quick: Site, store: Store, company: Company, instant: Instant) -> None:
    company.form("Crew", [company.hire("ada")])
    company.form("Other", [])
    await compared(quick)
    del instant.groups["crew"]
    (account,) = instant.accounts.values()
    instant.accounts[account.id] = replace(account, groups=frozenset())
    await compared(quick)
    assert ("group-gone", "Crew", None) in told(store)
    await compared(quick)
    assert told(store) == []
