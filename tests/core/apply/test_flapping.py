"""C41: another tool takes back what manciple does; the third time it does it again, manciple stops and tells."""

from dataclasses import replace

import pytest

from core.apply.resolving import NotAnswered
from core.apply.site import Site
from core.store import Store, repeats
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, held, pushed
from tests.core.apply.resolving import answer, open_one, state
from tests.core.apply.test_previewing import previewed, shown


def take_out(instant: Instant, name: str) -> None:
    """Another tool takes an account out of all groups."""
    (account,) = (each for each in instant.accounts.values() if each.name == name)
    instant.accounts[account.id] = replace(account, groups=frozenset())


def groups(instant: Instant) -> set[str]:
    return {key for account in instant.accounts.values() for key in account.groups or ()}


async def flapped(site: Site, company: Company, instant: Instant) -> str:
    """Ada is put into Crew, and taken out by somebody else, four times."""
    ada = company.hire("ada")
    company.form("Crew", [ada])
    for _ in range(4):
        await compared(site)
        take_out(instant, "ada")
    return ada


@pytest.mark.parametrize("compares", [True, False])
async def test_what_another_tool_takes_back_is_held(
    quick: Site, store: Store, company: Company, instant: Instant, compares: bool
) -> None:
    ada = await flapped(quick, company, instant)
    company.change(ada, title="Countess")
    await (compared if compares else pushed)(quick)
    assert held(store) == {("C41", f"user:{ada}")}
    assert groups(instant) == set()
    evidence = open_one(store, "C41")[1].evidence
    assert evidence["changes"] == "add-member ada Crew"
    assert evidence["done by"].count("run ") == 3


async def test_done_once_more_it_is_asked_again_when_it_is_taken_back_again(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = await flapped(quick, company, instant)
    await compared(quick)
    assert shown(previewed(quick, "C41", "R")) == ["add-member ada Crew"]
    answer(store, "C41", "R")
    await pushed(quick)
    assert (groups(instant), held(store)) == ({"crew"}, set())
    take_out(instant, "ada")
    await compared(quick)
    assert held(store) == {("C41", f"user:{ada}")}


async def test_left_to_the_other_tool_it_is_not_done_and_nothing_is_asked(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    await flapped(quick, company, instant)
    await compared(quick)
    number = open_one(store, "C41")[0].id
    with pytest.raises(NotAnswered, match="is no day"):
        answer(store, "C41", "K", "soon")
    answer(store, "C41", "K", "30d")
    await pushed(quick)
    await compared(quick)
    assert (groups(instant), held(store), state(store, number)) == (set(), set(), "closed")


async def test_what_manciple_takes_back_itself_is_no_flapping(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    crew = company.form("Crew", [ada])
    for _ in range(4):
        await pushed(quick)
        company.leave(crew, ada)
        await pushed(quick)
        company.join(crew, ada)
    await pushed(quick)
    assert (groups(instant), held(store)) == ({"crew"}, set())
    with store.read() as connection:
        assert repeats.all_repeats(connection, TARGET) == []


async def test_once_manciple_takes_it_back_it_is_counted_anew(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    ada = company.hire("ada")
    crew = company.form("Crew", [ada])
    for _ in range(4):
        await compared(quick)
        take_out(instant, "ada")
    company.leave(crew, ada)
    await compared(quick)
    with store.read() as connection:
        (found,) = repeats.all_repeats(connection, TARGET)
        assert repeats.of_accounts(connection, TARGET, [found.account_id]) == [found]
    assert (found.kind, found.group_key, len(found.times)) == ("add-member", "crew", 3)
    store.writer.write_now(lambda tx: repeats.forget(tx, TARGET, [found.account_id]))
    company.join(crew, ada)
    await compared(quick)
    assert groups(instant) == {"crew"}
