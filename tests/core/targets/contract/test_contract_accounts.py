"""Accounts at every product: made, found, changed, renamed, switched off and on, deleted; or refused in its own words.

What a product cannot do is read from its capabilities, and the refusal must say the same.
"""

import pytest
from refusals import NO, refused
from stage import Stage

from core.targets.protocol import AlreadyExists, NewAccount, NotFound, Refused

JANE = NewAccount("jane", "Jane Doe", "jane@example.com")


async def test_a_created_account_is_active_and_as_it_was_asked_for(stage: Stage) -> None:
    created = await stage.target.create_account(JANE)
    assert stage.seen().accounts["jane"] == ("Jane Doe", "jane@example.com", True)
    assert (created.name, created.key) == ("jane", stage.target.account_key("jane"))
    assert (created.display_name, created.active) == ("Jane Doe", True)
    assert created.email in ("jane@example.com", None)
    assert created.groups is not None


async def test_an_account_is_found_by_its_name_however_it_is_written_and_by_its_id(stage: Stage) -> None:
    stage.person("jane", "Jane Doe", "jane@example.com")
    stage.group("staff", ["jane"])
    found = await stage.target.find_account("jane")
    assert found is not None
    assert (found.name, found.display_name, found.active) == ("jane", "Jane Doe", True)
    assert stage.target.group_key("staff") in (found.groups or ())
    assert await stage.target.find_account_by_id(found.id) == found
    if stage.target.account_key("JANE") == stage.target.account_key("jane"):
        assert await stage.target.find_account("JANE") == found


async def test_nobody_is_found_where_there_is_nobody(stage: Stage) -> None:
    stage.person("jane")
    assert await stage.target.find_account("jan") is None
    assert await stage.target.find_account("janet") is None
    assert await stage.target.find_account_by_id("4028b8818c0000000000000000000000") is None


async def test_display_name_and_email_are_changed_and_nothing_else(stage: Stage) -> None:
    stage.person("jane", "Jane Doe", "jane@example.com", active=False)
    stage.person("john", "John Roe", "john@example.com")
    stage.group("staff", ["jane"])
    before = stage.seen()
    change = stage.target.update_account("jane", display_name="Jane Roe", email="roe@example.com")
    if await refused((await stage.target.capabilities()).update_user, change):
        assert stage.seen() == before
        return
    after = stage.seen()
    assert after.accounts == {**before.accounts, "jane": ("Jane Roe", "roe@example.com", False)}
    assert (after.groups, after.memberships) == (before.groups, before.memberships)


async def test_a_renamed_account_keeps_its_id_and_its_groups(stage: Stage) -> None:
    stage.person("jane", "Jane Doe", "jane@example.com")
    stage.group("staff", ["jane"])
    before = await stage.target.find_account("jane")
    assert before is not None
    rename = stage.target.rename_account("jane", "jane.roe")
    if await refused((await stage.target.capabilities()).rename_user, rename):
        assert await stage.target.find_account("jane") == before
        return
    assert ("staff", "jane.roe") in stage.seen().memberships
    assert "jane" not in stage.seen().accounts
    renamed = await stage.target.find_account_by_id(before.id)
    assert renamed is not None
    assert (renamed.name, renamed.groups) == ("jane.roe", before.groups)
    assert await stage.target.find_account("jane") is None


async def test_no_account_takes_the_name_of_another(stage: Stage) -> None:
    stage.person("jane")
    stage.person("john")
    if (await stage.target.capabilities()).rename_user is not None:
        return
    before = stage.seen()
    with pytest.raises(AlreadyExists):
        await stage.target.rename_account("jane", "john")
    assert stage.seen() == before


async def test_a_deactivated_account_is_still_found_and_comes_back_with_its_groups(stage: Stage) -> None:
    created = await stage.target.create_account(JANE)
    await stage.target.create_group("staff")
    await stage.target.add_member("staff", "jane")
    before = stage.seen()
    if await refused((await stage.target.capabilities()).set_active, stage.target.set_active("jane", False)):
        assert stage.seen() == before
        return
    assert stage.seen().accounts["jane"] == ("Jane Doe", "jane@example.com", False)
    found = await stage.target.find_account_by_id(created.id)
    assert found is not None
    assert (found.name, found.active) == ("jane", False)
    await stage.target.set_active("jane", True)
    assert stage.seen() == before
    found = await stage.target.find_account("jane")
    assert found is not None
    assert found.active


async def test_who_is_active_or_not_already_stays_so(stage: Stage) -> None:
    stage.person("jane")
    stage.person("john", active=False)
    if (await stage.target.capabilities()).set_active is not None:
        return
    before = stage.seen()
    await stage.target.set_active("jane", True)
    await stage.target.set_active("john", False)
    assert stage.seen() == before


async def test_a_deleted_account_is_gone_and_stays_gone(stage: Stage) -> None:
    stage.person("jane")
    before = stage.seen()
    if await refused((await stage.target.capabilities()).delete_user, stage.target.delete_account("jane")):
        assert stage.seen() == before
        return
    assert "jane" not in stage.seen().accounts
    assert await stage.target.find_account("jane") is None
    await stage.target.delete_account("jane")


async def test_who_gets_the_name_of_a_deleted_account_is_somebody_else(stage: Stage) -> None:
    if (await stage.target.capabilities()).delete_user is not None:
        return
    before = await stage.target.create_account(JANE)
    await stage.target.delete_account("jane")
    after = await stage.target.create_account(NewAccount("jane", "Another Jane", "another@example.com"))
    assert after.id != before.id
    assert await stage.target.find_account_by_id(before.id) is None


async def test_an_account_that_exists_is_not_made_again(stage: Stage) -> None:
    stage.person("jane", "Jane Doe", "jane@example.com")
    before = stage.seen()
    with pytest.raises(AlreadyExists):
        await stage.target.create_account(NewAccount("jane", "Another Jane", "another@example.com"))
    assert stage.seen() == before


async def test_an_account_without_what_the_product_demands_is_refused(stage: Stage) -> None:
    before = stage.seen()
    if (await stage.target.capabilities()).names.email_required:
        with pytest.raises(Refused) as caught:
            await stage.target.create_account(NewAccount("jane", "Jane Doe", ""))
        assert caught.value.remedy
    with pytest.raises(NO):
        await stage.target.create_account(NewAccount("", "", ""))
    assert stage.seen() == before


async def test_nothing_is_changed_at_an_account_that_is_not_there(stage: Stage) -> None:
    can, before = await stage.target.capabilities(), stage.seen()
    if can.update_user is None:
        with pytest.raises(NotFound):
            await stage.target.update_account("ghost", display_name="Ghost", email="ghost@example.com")
    if can.set_active is None:
        with pytest.raises(NotFound):
            await stage.target.set_active("ghost", False)
    if can.rename_user is None:
        with pytest.raises(NotFound):
            await stage.target.rename_account("ghost", "spirit")
    assert stage.seen() == before
