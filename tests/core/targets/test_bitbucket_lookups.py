"""One account or group of a Bitbucket is found by comparing what its filter finds."""

import pytest
from bitbucket_site import bitbucket_site

from core.sandbox.bitbucket import Bitbucket, LocalAccount, Quirks
from core.targets.protocol import IncompleteRead, TargetError

JANE = LocalAccount("Jane", "Jane Doe", "jane@example.com", groups=("stash-users", "Staff"))
HOSTILE = [
    "a b",
    "a/b",
    "a\\b",
    "..",
    "%2f",
    "a+b",
    "a&b=c",
    "a?b#c",
    '"quoted"',
    "o'neil",
    "<b>",
    "Jürgen",
    "李雷",
    "🦊",
    "a;b",
]


async def test_a_name_is_found_as_bitbucket_writes_it_whatever_its_case() -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE])) as site:
        for name in ("jane", "JANE"):
            found = await site.target.find_account(name)
            assert found is not None
            assert (found.name, found.key, found.display_name, found.email) == (
                "Jane",
                "jane",
                "Jane Doe",
                "jane@example.com",
            )
            assert found.groups == frozenset({"stash-users", "staff"})


async def test_parts_of_names_and_whole_addresses_and_full_names_are_nobody() -> None:
    people = [JANE, LocalAccount("janet", "jan", "jane"), LocalAccount("jan.e", "Jan", "jan@example.com")]
    async with bitbucket_site(Bitbucket.with_defaults(people)) as site:
        for name in ("jan", "Jane Doe", "jane@example.com"):
            assert await site.target.find_account(name) is None
        found = await site.target.find_account("jane")
        assert found is not None
        assert found.name == "Jane"


@pytest.mark.parametrize("name", HOSTILE)
async def test_every_name_can_be_asked_for_made_and_removed(name: str) -> None:
    bitbucket = Bitbucket.with_defaults([LocalAccount(name, "X", "x@example.com")])
    async with bitbucket_site(bitbucket) as site:
        found = await site.target.find_account(name)
        assert found is not None
        assert found.name == name
        await site.target.create_group(name)
        await site.target.add_member(name, name)
        group = await site.target.find_group(name)
        assert group is not None
        assert group.name == name
        assert [member.name async for member in site.target.list_members(name)] == [name]
        await site.target.set_active(name, False)
        await site.target.set_active(name, True)
        await site.target.remove_member(name, name)
        await site.target.delete_group(name)
        await site.target.delete_account(name)
        assert await site.target.find_account(name) is None


async def test_half_a_character_is_refused_and_nothing_is_sent() -> None:
    async with bitbucket_site(Bitbucket.with_defaults()) as site:
        for call in (site.target.find_account("\ud83d"), site.target.find_group("\ud83d")):
            with pytest.raises(TargetError):
                await call
        assert site.log == []


async def test_an_id_is_found_whatever_the_name_is_by_now() -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE])) as site:
        before = await site.target.find_account("jane")
        assert before is not None
        site.simulator.rename_account("jane", "janet")
        after = await site.target.find_account_by_id(before.id)
        assert after is not None
        assert (after.name, after.groups) == ("janet", before.groups)
        assert await site.target.find_account_by_id("999999") is None
        assert await site.target.find_account_by_id("ghost") is None


async def test_an_id_that_was_read_before_is_looked_for_by_its_name_and_not_in_the_listing_of_all() -> None:
    people = [LocalAccount(f"u{n}", "U", "u@example.com") for n in range(50)]
    async with bitbucket_site(Bitbucket.with_defaults(people, quirks=Quirks(largest_page=10))) as site:
        ids = [account.id async for account in site.target.list_accounts()]
        site.log.clear()
        for ident in ids:
            assert await site.target.find_account_by_id(ident) is not None
        assert len(site.log) < 3 * len(ids)
        site.simulator.rename_account("u7", "swap")
        site.simulator.rename_account("u8", "u7")
        found = [await site.target.find_account_by_id(ident) for ident in ids]
        assert [account.id for account in found if account] == ids


@pytest.mark.parametrize("answer", ["404", "empty"])
async def test_an_account_that_goes_while_it_is_read_is_no_account_without_groups(answer: str) -> None:
    quirks = Quirks(members_of_nobody="404" if answer == "404" else "empty")
    bitbucket = Bitbucket.with_defaults([JANE], quirks=quirks)
    async with bitbucket_site(bitbucket) as site:

        def meddle(method: str, path: str) -> None:
            if path.endswith("/admin/users/more-members"):
                site.meddle = lambda method, path: None
                bitbucket.remove_account("jane")

        site.meddle = meddle
        with pytest.raises(IncompleteRead, match="renamed or deleted"):
            await site.target.find_account("jane")


async def test_a_group_is_found_by_its_whole_name() -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE])) as site:
        found = await site.target.find_group("STAFF")
        assert found is not None
        assert (found.name, found.key) == ("Staff", "staff")
        assert await site.target.find_group("sta") is None
