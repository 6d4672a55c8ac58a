"""What a Crowd target changes, and what becomes of a refusal."""

from dataclasses import replace
from typing import Any

import pytest
from crowd_site import crowd_site

from core.planning.values import TargetGroup
from core.sandbox.crowd import (
    ALL_PERMISSIONS,
    APPLICATION,
    Crowd,
    Directory,
    Effect,
    LocalAccount,
    Permission,
    Quirks,
    Settings,
)
from core.targets.protocol import AlreadyExists, NewAccount, NotFound, OutcomeUnknown, Refused, Unsupported

JANE = LocalAccount("Jane", "Jane Doe", "jane@example.com", groups=("Staff",))
JOHN = LocalAccount("john", "John Roe", "john@example.com")
NEW = NewAccount("New.One", "New One", "new@example.com", {"first_name": "Newt", "team": "Blue"}, "42")


async def test_an_account_is_created_active_with_its_attributes_and_a_password_that_meets_demands() -> None:
    strict = "^(.*[a-z].*[A-Z].*|.*[A-Z].*[a-z].*)$"
    async with crowd_site(Crowd(quirks=Quirks(password_pattern=strict)), attributes=["team"]) as site:
        created = await site.target.create_account(NEW)
        assert (created.name, created.display_name, created.email) == ("New.One", "New One", "new@example.com")
        assert (created.active, created.groups, created.external_id) == (True, frozenset(), "42")
        assert created.attributes == {"first_name": "Newt", "last_name": "One", "team": "Blue"}
        assert site.effects == [Effect("create-account", "New.One", "New One <new@example.com>")]


@pytest.mark.parametrize("quirks", [Quirks(attributes_at_creation=False), Quirks(create_answers_user=False)])
async def test_an_account_has_its_attributes_also_where_a_version_takes_none_with_it(quirks: Quirks) -> None:
    async with crowd_site(Crowd(quirks=quirks), attributes=["team"]) as site:
        created = await site.target.create_account(NEW)
        assert (created.external_id, created.attributes["team"]) == ("42", "Blue")


async def test_an_account_without_its_attributes_is_told_to_be_there() -> None:
    crowd = Crowd(quirks=Quirks(attributes_at_creation=False))
    crowd.allow(*(ALL_PERMISSIONS - {Permission.MODIFY_USER_ATTRIBUTES}))
    async with crowd_site(crowd) as site:
        with pytest.raises(OutcomeUnknown, match="was created, but"):
            await site.target.create_account(NEW)
        assert crowd.user("new.one").full_name == "New One"


@pytest.mark.parametrize("name", ["jane", "JANE"])
async def test_a_name_that_is_taken_is_told_whatever_its_case(name: str) -> None:
    async with crowd_site(Crowd([JANE])) as site:
        with pytest.raises(AlreadyExists):
            await site.target.create_account(replace(NEW, name=name))
        assert site.effects == []


async def test_what_crowd_does_not_accept_is_refused_in_its_words() -> None:
    async with crowd_site(Crowd(quirks=Quirks(refuses_blank_email=True))) as site:
        with pytest.raises(Refused, match="email address is blank") as refusal:
            await site.target.create_account(replace(NEW, email=""))
        assert not isinstance(refusal.value, AlreadyExists)


async def test_an_update_leaves_all_else_as_it_is() -> None:
    crowd = Crowd()
    crowd.add_account(replace(JANE, active=False), attributes={"externalId": "42", "team": "Blue", "site": "B1"})
    async with crowd_site(crowd, attributes=["team", "site", "floor"]) as site:
        await site.target.update_account(
            "jane",
            display_name="Jane Smith",
            email="smith@example.com",
            attributes={"team": "Red", "site": "", "floor": "", "last_name": "van Smith"},
        )
        user = crowd.user("jane")
        assert (user.username, user.full_name, user.email, user.active) == (
            "Jane",
            "Jane Smith",
            "smith@example.com",
            False,
        )
        assert (user.first_name, user.last_name) == ("Jane", "van Smith")
        assert user.attributes == {"externalId": ("42",), "team": ("Red",)}


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("", "", ("Mary Ann", "Smith")),  # Crowd made them from the display name, so they follow it
        ("Janet", "D.", ("Janet", "D.")),  # somebody gave them: they stay
    ],
)
async def test_first_and_last_name_follow_the_display_name_if_they_did_before(
    first: str, last: str, expected: tuple[str, str]
) -> None:
    crowd = Crowd([JANE])
    async with crowd_site(crowd) as site:
        parts = {"first_name": first, "last_name": last} if first else {}
        await site.target.update_account("jane", display_name="Jane Doe", email="", attributes=parts)
        await site.target.update_account("jane", display_name="Mary Ann Smith", email="")
        user = crowd.user("jane")
        assert (user.first_name, user.last_name, user.full_name) == (*expected, "Mary Ann Smith")


async def test_deactivating_keeps_everything_and_a_repeat_sends_nothing() -> None:
    crowd = Crowd()
    crowd.add_account(JANE, attributes={"externalId": "42"})
    before = crowd.user("jane")
    async with crowd_site(crowd) as site:
        for _ in range(2):
            await site.target.set_active("jane", active=False)
        assert crowd.user("jane") == replace(before, active=False)
        await site.target.set_active("jane", active=True)
        assert crowd.user("jane") == before
        assert [effect.kind for effect in site.effects] == ["deactivate-account", "reactivate-account"]
        assert crowd.snapshot().memberships == {("Staff", "Jane")}


async def test_a_rename_keeps_key_and_groups() -> None:
    crowd = Crowd()
    key = crowd.add_account(JANE)
    async with crowd_site(crowd) as site:
        await site.target.rename_account("jane", "Jane.Roe")
        found = await site.target.find_account_by_id(key)
        assert found is not None
        assert (found.name, found.groups) == ("Jane.Roe", {"staff"})
        await site.target.rename_account("jane.roe", "jane.roe")
        assert crowd.user("jane.roe").username == "jane.roe"


@pytest.mark.parametrize("quirk", ["400", "500"])
async def test_a_new_name_that_another_has_is_told_in_all_versions(quirk: Any) -> None:
    async with crowd_site(Crowd([JANE, JOHN], quirks=Quirks(rename_clash=quirk))) as site:
        with pytest.raises(AlreadyExists, match="Another account of Crowd has the name JOHN"):
            await site.target.rename_account("jane", "JOHN")
        assert site.effects == []


@pytest.mark.parametrize("new_name", ["", "n" * 256])
async def test_a_new_name_that_crowd_does_not_accept_is_refused(new_name: str) -> None:
    async with crowd_site(Crowd([JANE])) as site:
        with pytest.raises(Refused) as refusal:
            await site.target.rename_account("jane", new_name)
        assert not isinstance(refusal.value, AlreadyExists)


async def test_before_2_8_4_a_rename_is_unsupported() -> None:
    async with crowd_site(Crowd([JANE], version="2.8.3")) as site:
        with pytest.raises(Unsupported):
            await site.target.rename_account("jane", "jane.roe")


async def test_an_alias_that_hides_a_rename_is_told() -> None:
    crowd = Crowd()
    aliased = replace(APPLICATION, aliases={crowd.add_account(JANE): "jd"})
    crowd.settings = Settings(applications=(aliased,))
    async with crowd_site(crowd) as site:
        with pytest.raises(Refused, match=r"by the alias jd\. Take the alias away"):
            await site.target.rename_account("jd", "jane.roe")


async def test_an_account_is_deleted_and_gone_is_gone() -> None:
    async with crowd_site(Crowd([JANE])) as site:
        for _ in range(2):
            await site.target.delete_account("jane")
        assert [effect.kind for effect in site.effects] == ["delete-account"]


async def test_nothing_is_made_of_an_account_that_is_gone() -> None:
    async with crowd_site(Crowd([JANE])) as site:
        with pytest.raises(NotFound):
            await site.target.update_account("ghost", display_name="G", email="")
        with pytest.raises(NotFound):
            await site.target.set_active("ghost", active=False)
        with pytest.raises(NotFound):
            await site.target.rename_account("ghost", "jane")
        assert site.effects == []


async def test_groups_are_created_once_deleted_and_not_renamed() -> None:
    async with crowd_site(Crowd()) as site:
        assert await site.target.create_group("Ops") == TargetGroup("Ops", "ops")
        with pytest.raises(AlreadyExists):
            await site.target.create_group("OPS")
        with pytest.raises(Unsupported, match="Make a new group and move its members"):
            await site.target.rename_group("Ops", "Dev")
        for _ in range(2):
            await site.target.delete_group("ops")
        assert [effect.kind for effect in site.effects] == ["create-group", "delete-group"]


@pytest.mark.parametrize("status", [400, 409])
async def test_memberships_come_and_go_once_and_repeats_succeed(status: Any) -> None:
    async with crowd_site(Crowd([JANE, JOHN], quirks=Quirks(membership_exists_status=status))) as site:
        for _ in range(2):
            await site.target.add_member("staff", "john")
        for _ in range(2):
            await site.target.remove_member("staff", "jane")
        assert [(each.kind, each.subject) for each in site.effects] == [
            ("add-member", "john"),
            ("remove-member", "Jane"),
        ]


async def test_a_membership_of_who_or_what_is_gone_is_not_found() -> None:
    async with crowd_site(Crowd([JANE])) as site:
        for group, account in (("staff", "ghost"), ("ghosts", "jane")):
            with pytest.raises(NotFound):
                await site.target.add_member(group, account)
            with pytest.raises(NotFound):
                await site.target.remove_member(group, account)


async def test_what_the_application_may_not_do_stops_one_item_and_names_the_permission() -> None:
    crowd = Crowd([JANE, JOHN])
    crowd.allow(Permission.ADD_USER)
    async with crowd_site(crowd) as site:
        calls: dict[str, Any] = {
            "Modify User": lambda: site.target.set_active("jane", active=False),
            "Remove User": lambda: site.target.delete_account("jane"),
            "Add Group": lambda: site.target.create_group("Ops"),
            "Modify Group": lambda: site.target.add_member("staff", "john"),
            "Remove Group": lambda: site.target.delete_group("staff"),
        }
        for permission, call in calls.items():
            with pytest.raises(Refused, match=f"Allow {permission} in Crowd, both in"):
                await call()
        assert site.effects == []


async def test_new_accounts_go_into_the_first_directory_of_the_application_that_takes_them() -> None:
    read_only, own = Directory(1, "LDAP", "CONNECTOR", writable=False), Directory(2, "Own")
    async with crowd_site(Crowd(directories=(read_only, own))) as site:
        assert (await site.target.create_account(NEW)).id.startswith("2:")
