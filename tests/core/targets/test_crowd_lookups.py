"""What a Crowd target finds: accounts by name and by key, with direct groups and attributes, and groups."""

from dataclasses import replace
from typing import Any

import pytest
from crowd_site import crowd_site

from core.planning.values import Account, TargetGroup
from core.sandbox.crowd import (
    APPLICATION,
    Crowd,
    Directory,
    DirectoryMapping,
    LocalAccount,
    Quirks,
    Settings,
)
from core.targets.protocol import IncompleteRead, NotFound

JANE = LocalAccount("Jane", "Jane Doe", "jane@example.com", groups=("Staff", "Ops"))
LEFT = LocalAccount("left", "Lea Left", "", active=False)


async def test_an_account_is_found_whole_by_name_and_by_key() -> None:
    crowd = Crowd()
    key = crowd.add_account(JANE, attributes={"externalId": "42", "team": "Blue", "shoe": "38"})
    async with crowd_site(crowd, attributes=["team", "site"]) as site:
        jane = Account(
            id=key,
            name="Jane",
            key="jane",
            display_name="Jane Doe",
            email="jane@example.com",
            active=True,
            groups=frozenset({"staff", "ops"}),
            external_id="42",
            attributes={"first_name": "Jane", "last_name": "Doe", "team": "Blue"},
        )
        for found in (await site.target.find_account("JANE"), await site.target.find_account_by_id(key)):
            assert found == jane


async def test_after_a_rename_it_is_found_by_its_key_and_not_by_its_old_name() -> None:
    crowd = Crowd()
    key = crowd.add_account(JANE)
    async with crowd_site(crowd) as site:
        crowd.rename_account("jane", "jane.roe")
        found = await site.target.find_account_by_id(key)
        assert found is not None
        assert (found.name, found.groups) == ("jane.roe", {"staff", "ops"})
        assert await site.target.find_account("jane") is None


async def test_another_of_the_same_name_after_a_deletion_has_another_key() -> None:
    crowd = Crowd()
    key = crowd.add_account(JANE)
    async with crowd_site(crowd) as site:
        crowd.remove_account("jane")
        assert crowd.add_account(JANE) != key
        assert await site.target.find_account_by_id(key) is None


async def test_an_account_without_address_that_was_deactivated_is_found_too() -> None:
    async with crowd_site(Crowd([LEFT])) as site:
        found = await site.target.find_account("left")
        assert found is not None
        assert (found.email, found.active, found.groups) == ("", False, frozenset())


async def test_groups_inside_groups_give_no_membership_of_their_own() -> None:
    crowd = Crowd([JANE])
    crowd.add_group("Company")
    crowd.add_group("Staff", inside="Company")
    async with crowd_site(crowd) as site:
        found = await site.target.find_account("jane")
        assert found is not None
        assert found.groups == {"staff", "ops"}
        assert [each async for each in site.target.list_members("Company")] == []


@pytest.mark.parametrize("quirk", ["404", "empty"])
async def test_who_is_deleted_while_he_is_read_is_no_account_without_groups(quirk: Any) -> None:
    crowd = Crowd([JANE], quirks=Quirks(groups_of_nobody=quirk))
    async with crowd_site(crowd) as site:

        def delete_between(method: str, path: str) -> None:
            if path.endswith("/user/group/direct"):
                crowd.remove_account("jane")

        site.meddle = delete_between
        with pytest.raises(IncompleteRead, match="renamed or deleted while it was read"):
            await site.target.find_account("jane")


async def test_whoever_takes_the_name_meanwhile_does_not_lend_his_lack_of_groups() -> None:
    crowd = Crowd([JANE])
    async with crowd_site(crowd) as site:

        def exchange(method: str, path: str) -> None:
            if path.endswith("/user/group/direct"):
                crowd.remove_account("jane")
                crowd.add_account(replace(JANE, groups=()))

        site.meddle = exchange
        with pytest.raises(IncompleteRead):
            await site.target.find_account("jane")


async def test_a_group_is_found_as_it_is_written_and_its_members_are_direct_ones_inactive_too() -> None:
    crowd = Crowd([JANE, LEFT])
    crowd.add_member("Staff", "left")
    async with crowd_site(crowd) as site:
        assert await site.target.find_group("STAFF") == TargetGroup("Staff", "staff")
        assert await site.target.find_group("ghosts") is None
        assert [each.key async for each in site.target.list_members("staff")] == ["jane", "left"]
        with pytest.raises(NotFound):
            _ = [each async for each in site.target.list_members("ghosts")]


async def test_names_in_lower_case_are_the_same_names() -> None:
    application = replace(APPLICATION, lower_case_output=True)
    async with crowd_site(Crowd([JANE], settings=Settings(applications=(application,)))) as site:
        found = await site.target.find_account("Jane")
        assert found is not None
        assert (found.name, found.key) == ("jane", site.target.account_key("Jane"))
        group = await site.target.find_group("Staff")
        assert group == TargetGroup("staff", site.target.group_key("Staff"))


@pytest.mark.parametrize("name", ["jürgen", "a+b@example.com", "o'neil", "a/b\\c?d&e=f#g%", "名前", "a b", "<x>", "."])
async def test_every_name_can_be_asked_for(name: str) -> None:
    account = LocalAccount(name, "Some Body", "x@example.com", groups=(name,))
    async with crowd_site(Crowd([account])) as site:
        found = await site.target.find_account(name)
        assert found is not None
        assert (found.name, found.groups) == (name, {site.target.group_key(name)})
        assert [each.name async for each in site.target.list_members(name)] == [name]


async def test_users_without_a_key_are_refused_with_the_version_that_has_one() -> None:
    async with crowd_site(Crowd([JANE], quirks=Quirks(shows_keys=False))) as site:
        with pytest.raises(IncompleteRead, match=r"key of the user Jane.* 2\.7"):
            await site.target.find_account("jane")


async def test_of_two_accounts_of_one_name_the_key_tells_which_one_counts() -> None:
    first, second = Directory(1, "First"), Directory(2, "Second")
    crowd = Crowd([JANE], directories=(first, second))
    crowd.add_account(replace(JANE, full_name="Other Jane"), directory=2)
    async with crowd_site(crowd) as site:
        before = await site.target.find_account("jane")
        turned = replace(APPLICATION, directories=(DirectoryMapping(2), DirectoryMapping(1)))
        crowd.settings = Settings(applications=(turned,))
        after = await site.target.find_account("jane")
        assert before is not None
        assert after is not None
        assert (before.display_name, after.display_name) == ("Jane Doe", "Other Jane")
        assert before.id != after.id
        assert await site.target.find_account_by_id(before.id) is None
