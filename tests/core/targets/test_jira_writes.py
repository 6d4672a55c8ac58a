"""Every change that a Jira target makes, on a simulated one: what it does there, what it answers and refuses."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from jira_site import jira_site

from core.planning.values import Account
from core.sandbox.jira import Directory, Effect, Jira, LocalAccount, Quirks, Settings
from core.targets.auth import BasicAuth, BearerAuth
from core.targets.jira import Jira as Target
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    NewAccount,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unsupported,
)

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("jira-software-users", "Staff"))
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)
JOHN = NewAccount("john", "John Roe", "john@example.com")
LDAP = Directory(2, "Company LDAP", "CONNECTOR", writable=False)
HOSTILE = ("o'hara", "a+b", 'say "x"', "per%cent", "a/b\\c", "ünïcödé-名前", "a?b#c", "with space", "..", "-- drop")

WRITES: dict[str, Callable[[Target], Awaitable[object]]] = {
    "create account": lambda target: target.create_account(JOHN),
    "update account": lambda target: target.update_account("jane", display_name="J", email="j@example.com"),
    "rename account": lambda target: target.rename_account("jane", "jane.roe"),
    "deactivate": lambda target: target.set_active("jane", False),
    "reactivate": lambda target: target.set_active("left", True),
    "delete account": lambda target: target.delete_account("jane"),
    "create group": lambda target: target.create_group("Ops"),
    "delete group": lambda target: target.delete_group("Staff"),
    "add member": lambda target: target.add_member("Staff", "left"),
    "remove member": lambda target: target.remove_member("Staff", "jane"),
}
every_write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


def simulator(**options: Any) -> Jira:
    return Jira.with_defaults([JANE, LEFT], **options)


async def test_a_new_account_is_answered_as_jira_shows_it() -> None:
    async with jira_site(simulator()) as site:
        account = await site.target.create_account(JOHN)
        groups = frozenset({"jira-software-users"})
        assert account == Account(account.id, "john", "john", "John Roe", "john@example.com", True, groups)
        assert await site.target.find_account_by_id(account.id) == account
        assert [effect.kind for effect in site.effects] == ["create-account", "join-default-group"]


@pytest.mark.parametrize("name", ["jane", "JANE"])
async def test_a_name_that_is_taken_exists_already_though_jira_says_400(name: str) -> None:
    async with jira_site(simulator()) as site:
        with pytest.raises(AlreadyExists, match="username"):
            await site.target.create_account(NewAccount(name, "Other", "o@example.com"))
        with pytest.raises(AlreadyExists, match="username"):
            await site.target.rename_account("left", name)
        assert site.effects == []


async def test_capital_letters_are_made_small_where_jira_would_refuse_them_too() -> None:
    async with jira_site(simulator(quirks=Quirks(upper_case_usernames="refuse"))) as site:
        assert (await site.target.create_account(NewAccount("John.Roe", "J", "j@example.com"))).name == "john.roe"
        await site.target.rename_account("john.roe", "John.Doe")
        assert await site.target.find_account("john.doe") is not None


async def test_a_value_that_jira_does_not_accept_is_refused_with_its_field() -> None:
    async with jira_site(simulator()) as site:
        for account, field in [
            (NewAccount("a<b", "A", "a@example.com"), "username"),
            (NewAccount("ab", "A", "nobody"), "email"),
        ]:
            with pytest.raises(Refused, match=field) as refused:
                await site.target.create_account(account)
            assert not isinstance(refused.value, AlreadyExists)


async def test_a_rename_keeps_key_and_groups() -> None:
    async with jira_site(simulator()) as site:
        before = await site.target.find_account("jane")
        assert before is not None
        await site.target.rename_account("jane", "Jane.Roe")
        after = await site.target.find_account_by_id(before.id)
        assert after is not None
        assert (after.name, after.groups) == ("jane.roe", before.groups)
        assert await site.target.find_account("jane") is None


async def test_an_update_leaves_activity_and_name_alone() -> None:
    async with jira_site(simulator()) as site:
        await site.target.update_account("left", display_name="Lea ♥3", email="lea@example.com")
        assert site.effects == [Effect("update-account", "left", "Lea ♥3 <lea@example.com>")]


async def test_what_is_so_already_succeeds_and_happens_once() -> None:
    async with jira_site(simulator()) as site:
        for active in (False, False, True, True):
            await site.target.set_active("jane", active)
        await site.target.add_member("staff", "LEFT")
        await site.target.add_member("staff", "left")
        await site.target.remove_member("staff", "left")
        await site.target.remove_member("staff", "left")
        assert [effect.kind for effect in site.effects] == [
            "deactivate-account",
            "reactivate-account",
            "add-member",
            "remove-member",
        ]


async def test_removing_a_non_member_succeeds_where_jira_says_404_too() -> None:
    async with jira_site(simulator(quirks=Quirks(remove_non_member_status=404))) as site:
        await site.target.remove_member("Staff", "left")
        for group, name in (("ghosts", "left"), ("Staff", "ghost")):
            with pytest.raises(NotFound):
                await site.target.remove_member(group, name)
            with pytest.raises(NotFound):
                await site.target.add_member(group, name)


async def test_a_group_that_exists_says_so_though_jira_says_400() -> None:
    async with jira_site(simulator()) as site:
        group = await site.target.create_group("Ops & Co")
        assert (group.name, group.key) == ("Ops & Co", "ops & co")
        with pytest.raises(AlreadyExists):
            await site.target.create_group("OPS & CO")
        with pytest.raises(Refused) as refused:
            await site.target.create_group(" ")
        assert not isinstance(refused.value, AlreadyExists)


async def test_deleting_what_is_gone_succeeds() -> None:
    async with jira_site(simulator()) as site:
        for _ in range(2):
            await site.target.delete_account("jane")
            await site.target.delete_group("Staff")
        assert [effect.kind for effect in site.effects] == ["delete-account", "delete-group"]


async def test_an_account_with_traces_is_not_deleted_and_jira_says_why() -> None:
    jira = simulator()
    jira.keep_busy("jane")
    async with jira_site(jira) as site:
        with pytest.raises(Refused, match="reported or commented issues"):
            await site.target.delete_account("jane")


async def test_groups_are_not_renamed_and_the_way_round_is_told() -> None:
    async with jira_site(simulator()) as site:
        with pytest.raises(Unsupported, match="make a new one and move its members"):
            await site.target.rename_group("Staff", "Everybody")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_carried_whole(name: str) -> None:
    async with jira_site(simulator()) as site:
        account = await site.target.create_account(NewAccount(name, f"<{name}>", "x@example.com"))
        assert (account.name, account.display_name) == (name, f"<{name}>")
        await site.target.create_group(name)
        await site.target.add_member(name, name)
        assert await site.target.find_group(name) is not None
        assert [each.name async for each in site.target.list_members(name)] == [name]
        await site.target.set_active(name, False)
        await site.target.remove_member(name, name)
        await site.target.delete_group(name)
        await site.target.delete_account(name)
        assert await site.target.find_account(name) is None
        assert await site.target.find_group(name) is None


@every_write
@pytest.mark.parametrize(("fault", "happened"), [("reset-after", True), ("reset-before", False), ("500", False)])
async def test_a_write_whose_answer_is_lost_may_have_happened_and_is_not_repeated(
    write: Callable[[Target], Awaitable[object]], fault: str, happened: bool
) -> None:
    async with jira_site(simulator()) as site:
        site.breaking.fault, site.breaking.methods = fault, ("POST", "PUT", "DELETE")
        with pytest.raises(OutcomeUnknown):
            await write(site.target)
        assert bool(site.effects) is happened
        assert len([each for each in site.log if each.method != "GET"]) == 1


@every_write
@pytest.mark.parametrize("fault", ["429", "503"])
async def test_a_write_that_was_turned_away_is_sent_again_and_happens_once(
    write: Callable[[Target], Awaitable[object]], fault: str
) -> None:
    async with jira_site(simulator()) as site:
        site.breaking.fault = fault
        await write(site.target)
        kinds = [effect.kind for effect in site.effects]
        assert len(kinds) == len(set(kinds)) > 0


@every_write
@pytest.mark.parametrize("quirks", [Quirks(), Quirks(bad_token="empty"), Quirks(unauthenticated="redirect")])
async def test_a_dead_token_stops_every_write(write: Callable[[Target], Awaitable[object]], quirks: Quirks) -> None:
    async with jira_site(simulator(quirks=quirks), auth=BearerAuth("dead")) as site:
        with pytest.raises(CredentialFailed):
            await write(site.target)
        assert site.effects == []


@every_write
async def test_who_is_no_administrator_is_told_the_permission(write: Callable[[Target], Awaitable[object]]) -> None:
    jira = simulator()
    jira.add_account(LocalAccount("helper", "Helper", "helper@example.com"))
    async with jira_site(jira, auth=BearerAuth(jira.issue_token("helper"))) as site:
        with pytest.raises(CredentialFailed, match="no Jira administrator") as failed:
            await write(site.target)
        assert "Administer Jira" in failed.value.remedy


@pytest.mark.parametrize("status", [400, 403])
async def test_a_system_administrator_is_refused_as_an_item_and_stops_nothing_else(status: Any) -> None:
    settings = Settings(administrator_groups=frozenset({"helpers"}))
    jira = simulator(settings=settings, quirks=Quirks(edit_sysadmin_status=status))
    jira.add_account(LocalAccount("helper", "Helper", "helper@example.com", groups=("helpers",)))
    async with jira_site(jira, auth=BearerAuth(jira.issue_token("helper"))) as site:
        with pytest.raises(Refused, match="system administrator"):
            await site.target.update_account("admin", display_name="A", email="a@example.com")
        await site.target.update_account("jane", display_name="J", email="j@example.com")


@pytest.mark.parametrize("status", [400, 403])
@every_write
async def test_external_user_management_is_refused_in_jiras_words(
    write: Callable[[Target], Awaitable[object]], status: Any
) -> None:
    settings, quirks = Settings(external_user_management=True), Quirks(external_management_status=status)
    async with jira_site(simulator(settings=settings, quirks=quirks)) as site:
        with pytest.raises(Refused, match="external user management"):
            await write(site.target)


async def test_an_account_of_a_read_only_directory_is_refused_as_an_item() -> None:
    jira = Jira.with_defaults(directories=(Directory(1, "Internal"), LDAP))
    jira.add_account(JANE, directory=2)
    async with jira_site(jira) as site:
        with pytest.raises(Refused, match="read only"):
            await site.target.set_active("jane", False)


async def test_before_8_3_deactivating_is_unsupported_with_the_way_round() -> None:
    async with jira_site(simulator(version="8.2"), auth=BasicAuth("admin", "admin")) as site:
        with pytest.raises(Unsupported, match=r"before 8\.3"):
            await site.target.set_active("jane", False)


async def test_a_creation_that_cannot_be_read_back_is_unknown() -> None:
    async with jira_site(simulator()) as site:

        def meddle(method: str, path: str) -> None:
            if method == "POST":
                site.breaking.fault = "html"

        site.meddle = meddle
        with pytest.raises(OutcomeUnknown, match="could not be read back"):
            await site.target.create_account(JOHN)
        assert isinstance(await site.target.find_account("john"), Account)


async def test_a_page_in_place_of_an_answer_is_a_missing_login() -> None:
    async with jira_site(simulator()) as site:
        site.breaking.fault = "html"
        with pytest.raises(CredentialFailed, match="login page"):
            await site.target.find_account("jane")
