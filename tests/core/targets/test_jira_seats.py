"""Seats are looked at before anything needs one, and not for every account anew."""

from typing import Any

import pytest
from jira_site import jira_site

from core.sandbox.jira import ApplicationRole, Jira, LocalAccount, Quirks, Settings
from core.targets.protocol import NewAccount, NoSeats, Refused

SOFTWARE = ApplicationRole(
    "jira-software", "Jira Software", ("jira-software-users",), ("jira-software-users",), seats=4
)
DESK = ApplicationRole(
    "jira-servicedesk", "Jira Service Management", ("agents",), ("agents",), selected_by_default=False, seats=1
)
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)


def simulator(**options: Any) -> Jira:
    """Three seats of Jira Software are left, and one of Jira Service Management."""
    jira = Jira.with_defaults([LEFT], settings=Settings(applications=(SOFTWARE, DESK)), **options)
    jira.add_group("agents")
    return jira


def new(name: str) -> NewAccount:
    return NewAccount(name, name.title(), f"{name}@example.com")


@pytest.mark.parametrize("habit", ["refuse", "no-access"])
async def test_creating_ends_with_the_last_seat_before_jira_is_asked(habit: Any) -> None:
    async with jira_site(simulator(quirks=Quirks(create_without_seats=habit))) as site:
        for name in ("a", "b", "c"):
            await site.target.create_account(new(name))
        with pytest.raises(NoSeats, match="Jira Software has no seat left"):
            await site.target.create_account(new("d"))
        assert len([line for line in site.lines if line == "POST /rest/api/2/user"]) == 3
        await site.target.set_active("a", False)
        assert (await site.target.create_account(new("d"))).active


async def test_the_seats_are_not_read_again_for_every_account() -> None:
    jira = Jira.with_defaults()
    async with jira_site(jira) as site:
        for number in range(20):
            await site.target.create_account(new(f"u{number}"))
        assert len([line for line in site.lines if line.endswith("/applicationrole")]) == 1


async def test_reactivating_needs_a_seat_where_the_groups_give_access() -> None:
    async with jira_site(simulator(quirks=Quirks(reactivation_without_seats="allow"))) as site:
        for name in ("a", "b", "c"):
            await site.target.create_account(new(name))
        with pytest.raises(NoSeats):
            await site.target.set_active("left", True)
        await site.target.remove_member("jira-software-users", "left")
        await site.target.set_active("left", True)


async def test_new_accounts_get_the_applications_that_are_configured() -> None:
    async with jira_site(simulator(), applications=["jira-servicedesk"]) as site:
        assert (await site.target.create_account(new("a"))).groups == {"agents"}
        with pytest.raises(NoSeats, match="Service Management"):
            await site.target.create_account(new("b"))


async def test_without_applications_new_accounts_get_no_access_and_need_no_seat() -> None:
    async with jira_site(simulator(), applications=[]) as site:
        for name in ("a", "b", "c", "d"):
            assert (await site.target.create_account(new(name))).groups == frozenset()


async def test_an_application_that_jira_does_not_have_is_refused_with_those_it_has() -> None:
    async with jira_site(simulator(), applications=["jira-core"]) as site:
        with pytest.raises(Refused, match="no application jira-core; it has jira-servicedesk, jira-software"):
            await site.target.create_account(new("a"))


async def test_a_membership_without_a_seat_is_refused_in_jiras_words() -> None:
    async with jira_site(simulator(quirks=Quirks(membership_without_seats="refuse")), applications=[]) as site:
        for name in ("a", "b", "c", "d"):
            await site.target.create_account(new(name))
        for name in ("a", "b", "c"):
            await site.target.add_member("jira-software-users", name)
        with pytest.raises(Refused, match="no seats left for Jira Software"):
            await site.target.add_member("jira-software-users", "d")
