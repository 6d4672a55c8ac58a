"""Groups and their members at every product: made, found, listed, changed; or refused in its own words."""

import pytest
from refusals import NO, refused
from stage import Stage

from core.targets.protocol import AlreadyExists, NotFound


async def test_a_created_group_is_found_and_empty(stage: Stage) -> None:
    created = await stage.target.create_group("Ops")
    assert created.key == stage.target.group_key("Ops")
    assert created.name in stage.seen().groups
    assert await stage.target.find_group("Ops") == created
    assert [member async for member in stage.target.list_members("Ops")] == []


async def test_a_group_is_found_however_it_is_written(stage: Stage) -> None:
    stage.group("Staff")
    found = await stage.target.find_group("Staff")
    assert found is not None
    assert (found.name, found.key) == ("Staff", stage.target.group_key("Staff"))
    assert await stage.target.find_group("Staf") is None
    assert await stage.target.find_group("Staffs") is None
    if stage.target.group_key("STAFF") == stage.target.group_key("Staff"):
        also = await stage.target.find_group("STAFF")
        assert also is not None
        assert also.key == found.key


async def test_a_group_that_exists_is_not_made_again(stage: Stage) -> None:
    stage.person("jane")
    stage.group("Staff", ["jane"])
    before = stage.seen()
    with pytest.raises(AlreadyExists):
        await stage.target.create_group("Staff")
    assert stage.seen() == before


async def test_a_group_without_a_name_is_refused(stage: Stage) -> None:
    before = stage.seen()
    with pytest.raises(NO) as caught:
        await stage.target.create_group("")
    assert caught.value.remedy
    assert stage.seen() == before


async def test_members_come_and_go_one_by_one(stage: Stage) -> None:
    for name in ("jane", "john"):
        stage.person(name)
    stage.group("Staff", ["john"])
    before = stage.seen()
    await stage.target.add_member("Staff", "jane")
    assert stage.seen().memberships == before.memberships | {("Staff", "jane")}
    assert {member.name async for member in stage.target.list_members("Staff")} == {"jane", "john"}
    await stage.target.remove_member("Staff", "jane")
    assert stage.seen() == before


async def test_who_is_a_member_or_none_already_stays_so(stage: Stage) -> None:
    for name in ("jane", "john"):
        stage.person(name)
    stage.group("Staff", ["john"])
    before = stage.seen()
    await stage.target.add_member("Staff", "john")
    await stage.target.remove_member("Staff", "jane")
    assert stage.seen() == before


async def test_deactivated_members_are_listed_too(stage: Stage) -> None:
    stage.person("jane")
    stage.person("john", active=False)
    stage.group("Staff", ["jane", "john"])
    listed = {member.name: member.active async for member in stage.target.list_members("Staff")}
    assert listed == {"jane": True, "john": False}


async def test_no_membership_comes_about_without_a_group_and_an_account(stage: Stage) -> None:
    stage.person("jane")
    stage.group("Staff")
    before = stage.seen()
    for group, account in (("ghosts", "jane"), ("Staff", "ghost")):
        with pytest.raises(NotFound):
            await stage.target.add_member(group, account)
        with pytest.raises(NotFound):
            await stage.target.remove_member(group, account)
    assert stage.seen() == before


async def test_the_members_of_a_group_that_is_not_there_are_no_empty_list(stage: Stage) -> None:
    with pytest.raises(NotFound):
        [member async for member in stage.target.list_members("ghosts")]


async def test_a_renamed_group_keeps_its_members(stage: Stage) -> None:
    stage.person("jane")
    stage.group("Staff", ["jane"])
    before = stage.seen()
    if await refused((await stage.target.capabilities()).rename_group, stage.target.rename_group("Staff", "People")):
        assert stage.seen() == before
        return
    assert stage.seen().groups == before.groups - {"Staff"} | {"People"}
    assert ("People", "jane") in stage.seen().memberships


async def test_a_deleted_group_is_gone_and_stays_gone(stage: Stage) -> None:
    stage.person("jane")
    stage.group("Staff", ["jane"])
    before = stage.seen()
    if await refused((await stage.target.capabilities()).delete_group, stage.target.delete_group("Staff")):
        assert stage.seen() == before
        return
    assert stage.seen().groups == before.groups - {"Staff"}
    assert stage.seen().accounts == before.accounts
    await stage.target.delete_group("Staff")


async def test_leads_are_listed_or_refused(stage: Stage) -> None:
    reason = (await stage.target.capabilities()).leads

    async def leads() -> None:
        assert [lead async for lead in stage.target.list_leads(())] == []

    if await refused(reason, leads()):
        await refused(reason, stage.target.find_lead("PRJ"))
        await refused(reason, stage.target.move_lead("PRJ", "jane"))
