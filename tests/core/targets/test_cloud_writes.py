"""What the target changes in a directory: once each, by id, and every refusal with the way round."""

from typing import Literal

import pytest
from cloud_site import cloud_site
from scripted import Bench, Reply

from core.sandbox.cloud import Cloud, Effect, LocalAccount, Quirks, Settings
from core.targets.cloud import Cloud as Target
from core.targets.cloud import UnverifiedDomain
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    NewAccount,
    NoSeats,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unsupported,
)

JANE = LocalAccount("jane@example.com", "Jane Doe", "jane@example.com", groups=("Staff",))
NEW = NewAccount("new@example.com", "New One", "new@example.com", external_id="e-1")
STATUSES = pytest.mark.parametrize("status", [400, 403, 409])


async def test_an_account_is_created_active_with_all_that_is_known_of_it_and_read_back() -> None:
    attributes = {
        "title": "Engineer",
        "department": "R&D",
        "organization": "Acme",
        "timezone": "Europe/Berlin",
        "preferredLanguage": "de-DE",
        "nickName": "Neo",
        "givenName": "New",
        "familyName": "One",
    }
    async with cloud_site() as site:
        created = await site.target.create_account(
            NewAccount("new@example.com", "New One", "new@example.com", attributes | {"shoeSize": "43"}, "e-1")
        )
        assert (created.name, created.display_name, created.email) == ("new@example.com", "New One", "new@example.com")
        assert (created.active, created.groups, created.external_id) == (True, frozenset(), "e-1")
        assert created.attributes == attributes
        assert site.effects == [Effect("create-account", "new@example.com", "New One <new@example.com>")]


async def test_a_name_that_is_taken_is_told() -> None:
    async with cloud_site(Cloud.with_defaults([JANE])) as site:
        with pytest.raises(AlreadyExists):
            await site.target.create_account(NewAccount("JANE@example.com", "Jane", "jane@example.com"))
        assert site.effects == []


async def test_a_name_that_a_deleted_account_holds_is_refused_with_the_way_round() -> None:
    cloud = Cloud.with_defaults([JANE], quirks=Quirks(deleted_comes_back="conflict", deactivated="gone"))
    async with cloud_site(cloud) as site:
        await site.target.set_active(JANE.username, False)
        with pytest.raises(Refused, match="belongs to a user that was deleted") as caught:
            await site.target.create_account(NewAccount(JANE.username, "Jane", JANE.email))
        assert not isinstance(caught.value, AlreadyExists)


async def test_an_address_of_a_domain_that_is_not_verified_is_a_refusal_of_its_own() -> None:
    async with cloud_site(Cloud.with_defaults([JANE])) as site:
        for call in (
            site.target.create_account(NewAccount("x@example.com", "X", "x@elsewhere.org")),
            site.target.update_account(JANE.username, display_name="Jane", email="jane@elsewhere.org"),
        ):
            with pytest.raises(UnverifiedDomain) as caught:
                await call
            assert caught.value.remedy.startswith("Verify elsewhere.org in admin.atlassian.com")
        assert site.effects == []


@STATUSES
async def test_a_full_directory_stops_creations_and_nothing_else(status: Literal[400, 403, 409]) -> None:
    cloud = Cloud.with_defaults([JANE], settings=Settings(max_users=1), quirks=Quirks(limit_status=status))
    async with cloud_site(cloud) as site:
        with pytest.raises(NoSeats, match="limit of 1 users") as caught:
            await site.target.create_account(NEW)
        assert caught.value.remedy.startswith("The directory is full")
        await site.target.set_active(JANE.username, False)


async def test_an_update_keeps_other_addresses_and_clears_what_is_empty() -> None:
    async with cloud_site() as site:
        await site.target.create_account(
            NewAccount("new@example.com", "New", "new@example.com", {"title": "Engineer", "department": "R&D"})
        )
        changed = {"title": "", "department": "Ops", "timezone": "Europe/Paris"}
        await site.target.update_account(
            "new@example.com", display_name="Newer", email="newer@example.com", attributes=changed
        )
        found = await site.target.find_account("new@example.com")
        assert found is not None
        assert (found.display_name, found.email) == ("Newer", "newer@example.com")
        assert found.attributes == {"department": "Ops", "timezone": "Europe/Paris"}


async def test_a_rename_keeps_the_id_and_the_groups() -> None:
    async with cloud_site(Cloud.with_defaults([JANE])) as site:
        before = await site.target.find_account(JANE.username)
        await site.target.rename_account(JANE.username, "roe@example.com")
        after = await site.target.find_account("roe@example.com")
        assert before is not None
        assert after is not None
        assert (after.id, after.groups) == (before.id, {"staff"})
        assert site.effects == [Effect("rename-account", JANE.username, "roe@example.com")]


async def test_a_rename_to_a_name_that_is_taken_is_told() -> None:
    other = LocalAccount("john@example.com", "John", "john@example.com")
    async with cloud_site(Cloud.with_defaults([JANE, other])) as site:
        with pytest.raises(AlreadyExists):
            await site.target.rename_account(JANE.username, other.username)


async def test_deactivating_and_reactivating_happen_once_and_keep_memberships() -> None:
    async with cloud_site(Cloud.with_defaults([JANE])) as site:
        for active in (False, False, True, True):
            await site.target.set_active(JANE.username, active)
        assert [effect.kind for effect in site.effects] == ["deactivate-account", "reactivate-account"]
        assert site.simulator.snapshot().memberships == {("Staff", JANE.username)}


async def test_one_who_is_hidden_once_deactivated_is_reactivated_by_the_id_that_is_remembered() -> None:
    cloud = Cloud.with_defaults([JANE], quirks=Quirks(deactivated="gone", patch_revives=True))
    async with cloud_site(cloud) as site:
        await site.target.set_active(JANE.username, False)
        assert await site.target.find_account(JANE.username) is None
        await site.target.set_active(JANE.username, False)
        await site.target.set_active(JANE.username, True)
        assert await site.target.find_account(JANE.username) is not None
        assert [effect.kind for effect in site.effects] == ["deactivate-account", "reactivate-account"]


async def test_one_who_was_renamed_is_not_taken_for_the_one_who_is_hidden() -> None:
    async with cloud_site(Cloud.with_defaults([JANE])) as site:
        await site.target.set_active(JANE.username, False)
        site.simulator.rename_account(JANE.username, "roe@example.com")
        for active in (True, False):
            with pytest.raises(NotFound):
                await site.target.set_active(JANE.username, active)
        assert [effect.kind for effect in site.effects] == ["deactivate-account"]


async def test_nobody_is_deactivated_who_is_not_there() -> None:
    async with cloud_site() as site:
        for active in (True, False):
            with pytest.raises(NotFound, match="no account ghost in the directory"):
                await site.target.set_active("ghost", active)


async def test_accounts_are_not_deleted_and_groups_not_renamed() -> None:
    async with cloud_site(Cloud.with_defaults([JANE])) as site:
        can = await site.target.capabilities()
        for call, reason in (
            (site.target.delete_account(JANE.username), can.delete_user),
            (site.target.rename_group("Staff", "Team"), can.rename_group),
        ):
            with pytest.raises(Unsupported) as caught:
                await call
            assert str(caught.value) == reason
        assert site.effects == []


async def test_a_group_is_created_with_its_id_and_told_where_it_is_there() -> None:
    async with cloud_site() as site:
        created = await site.target.create_group("Staff")
        assert created == await site.target.find_group("Staff")
        assert created.id is not None
        with pytest.raises(AlreadyExists):
            await site.target.create_group("STAFF")


@pytest.mark.parametrize(
    "name",
    ["site-admins", "Org-Admins", "confluence-users", "jira-software-users-acme", "jira-servicemanagement-users-acme"],
)
async def test_a_group_of_atlassians_own_is_never_created_beside_it(name: str) -> None:
    async with cloud_site() as site:
        with pytest.raises(Refused, match="keeps the group name") as caught:
            await site.target.create_group(name)
        assert caught.value.remedy.startswith("Map to another name")
        assert site.log == []


async def test_a_group_of_the_organization_is_never_taken_over() -> None:
    async with cloud_site(Cloud.with_defaults(settings=Settings(site_groups=frozenset({"Local"})))) as site:
        with pytest.raises(Refused, match="does not come from this directory") as caught:
            await site.target.create_group("Local")
        assert not isinstance(caught.value, AlreadyExists)


@STATUSES
async def test_a_limit_of_groups_is_no_fault_of_the_key(status: Literal[400, 403, 409]) -> None:
    cloud = Cloud.with_defaults([JANE], settings=Settings(max_groups=1), quirks=Quirks(limit_status=status))
    async with cloud_site(cloud) as site:
        with pytest.raises(Refused, match="limit of 1 groups") as caught:
            await site.target.create_group("Second")
        assert not isinstance(caught.value, (CredentialFailed, NoSeats))


async def test_a_group_is_deleted_once() -> None:
    async with cloud_site(Cloud.with_defaults([JANE])) as site:
        await site.target.delete_group("Staff")
        await site.target.delete_group("Staff")
        assert site.effects == [Effect("delete-group", "Staff")]


async def test_a_creation_whose_answer_is_lost_is_unknown_and_not_sent_twice() -> None:
    async with cloud_site() as site:
        site.breaking.spoil("reset-after", only_writes=True)
        with pytest.raises(OutcomeUnknown):
            await site.target.create_account(NEW)
        assert [effect.kind for effect in site.effects] == ["create-account"]
        assert await site.target.find_account(NEW.name) is not None


async def test_a_key_that_lapses_is_told_with_where_to_make_a_new_one() -> None:
    async with cloud_site(Cloud.with_defaults([JANE])) as site:
        await site.target.find_account(JANE.username)
        site.simulator.revoke_key(site.key)
        for call in (site.target.find_account(JANE.username), site.target.create_account(NEW)):
            with pytest.raises(CredentialFailed) as caught:
                await call
            assert caught.value.remedy.startswith("Regenerate it in admin.atlassian.com")


async def test_a_refusal_is_told_by_what_atlassian_says_and_not_by_the_name_of_the_target() -> None:
    missing = b'{"status":"400","scimType":"invalidValue","detail":"displayName is too strange"}'
    bench = Bench(Reply(400, missing))
    bench.http.party = "limited-domain"
    with pytest.raises(Refused, match="too strange") as caught:
        await Target(bench.http).create_account(NEW)
    assert type(caught.value) is Refused
