"""The memberships of deactivated Bitbucket accounts: shown as they come back, changed without letting anybody in."""

from bitbucket_leaver import OWN, code, is_active, members, real
from bitbucket_site import bitbucket_site

from core.sandbox.bitbucket import (
    ADMIN,
    LocalAccount,
    Permission,
)


async def test_the_groups_that_remember_are_no_groups_of_the_target() -> None:
    async with bitbucket_site(code()) as site:
        await site.target.set_active("jane", False)
        listed = [group.name async for group in site.target.list_groups()]
        assert listed == ["bosses", "creators", "Staff", "stash-users"]
        assert await site.target.find_group(OWN) is None


async def test_a_deactivated_account_is_shown_in_the_groups_that_it_gets_back() -> None:
    async with bitbucket_site(code()) as site:
        await site.target.set_active("jane", False)
        found = await site.target.find_account("jane")
        assert found is not None
        assert found.groups == frozenset({"staff", "creators", "stash-users"})
        assert await members(site, "creators") == {"Jane": False}
        assert await members(site, "stash-users") == {ADMIN: True, "Jane": False}
        assert await members(site, "Staff") == {"Jane": False}


async def test_memberships_that_change_while_it_is_away_count_when_it_returns_and_let_nobody_in_before() -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        await site.target.create_group("Other")
        await site.target.set_active("jane", False)
        for _ in range(2):
            await site.target.remove_member("creators", "jane")
            await site.target.remove_member("staff", "jane")
            await site.target.add_member("bosses", "jane")
            await site.target.add_member("other", "jane")
        assert await members(site, "bosses") == {"Jane": False}
        assert await members(site, "creators") == {}
        assert await members(site, "Other") == {"Jane": False}
        assert "Jane" not in bitbucket.snapshot().licensed
        assert real(site) == {"Other"}
        await site.target.set_active("jane", True)
        assert real(site) == {"stash-users", "bosses", "Other"}


async def test_a_group_that_is_deleted_is_no_longer_shown_with_who_would_get_it_back() -> None:
    async with bitbucket_site(code()) as site:
        await site.target.set_active("jane", False)
        await site.target.delete_group("Creators")
        found = await site.target.find_account("jane")
        assert found is not None
        assert found.groups == frozenset({"staff", "stash-users"})


async def test_whom_somebody_let_in_again_is_shown_as_it_is_and_joins_for_real() -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        await site.target.set_active("jane", False)
        assert await members(site, "creators") == {"Jane": False}
        bitbucket.grant("Jane", Permission.LICENSED_USER)
        await site.target.add_member("bosses", "jane")
        assert real(site) == {"Staff", "bosses"}
        found = await site.target.find_account("jane")
        assert found is not None
        assert (found.active, found.groups) == (True, frozenset({"staff", "bosses"}))


async def test_a_name_that_is_the_id_of_somebody_else_is_not_taken_for_it() -> None:
    bitbucket = code()
    async with bitbucket_site(bitbucket) as site:
        jane = await site.target.find_account("jane")
        assert jane is not None
        bitbucket.add_account(LocalAccount(jane.id, "Number", "n@example.com"))
        await site.target.set_active(jane.id, False)
        assert await is_active(site)
        assert not await is_active(site, jane.id)
