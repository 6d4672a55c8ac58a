"""Every change that a Confluence target makes, on a simulated one: what it does there, what it answers and refuses."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from simulated_site import site

from core.planning.values import Account, TargetGroup
from core.sandbox.confluence import Confluence, Directory, Effect, LocalAccount, Quirks, Settings
from core.targets.auth import BearerAuth
from core.targets.confluence import Confluence as Target
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    NewAccount,
    NoSeats,
    NotFound,
    OutcomeUnknown,
    Refused,
    Unavailable,
    Unsupported,
)

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("confluence-users", "Staff"))
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)
JOHN = NewAccount("john", "John Roe", "john@example.com")
LDAP = Directory(2, "Company LDAP", "CONNECTOR", writable=False)

WRITES: dict[str, Callable[[Target], Awaitable[object]]] = {
    "create account": lambda target: target.create_account(JOHN),
    "update account": lambda target: target.update_account("jane", display_name="J", email="j@example.com"),
    "deactivate": lambda target: target.set_active("jane", False),
    "reactivate": lambda target: target.set_active("left", True),
    "create group": lambda target: target.create_group("Ops"),
    "add member": lambda target: target.add_member("Staff", "left"),
    "remove member": lambda target: target.remove_member("Staff", "jane"),
}
every_write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


def simulator(**options: Any) -> Confluence:
    return Confluence.with_defaults([JANE, LEFT], **options)


async def test_a_new_account_is_answered_as_confluence_shows_it() -> None:
    async with site(simulator()) as wiki:
        account = await wiki.target.create_account(JOHN)
        assert account == Account(
            account.id, "john", "john", "John Roe", "john@example.com", True, frozenset({"confluence-users"})
        )
        assert wiki.effects == [
            Effect("create-account", "john", "John Roe <john@example.com>"),
            Effect("join-default-group", "john", "confluence-users"),
        ]
        assert await wiki.target.find_account_by_id(account.id) == account


async def test_an_update_sets_name_and_e_mail() -> None:
    async with site(simulator()) as wiki:
        await wiki.target.update_account("jane", display_name="Jane ♥3", email="j@example.com")
        found = await wiki.target.find_account("jane")
        assert found is not None
        assert (found.display_name, found.email) == ("Jane ♥3", "j@example.com")


@pytest.mark.parametrize("status", [200, 204])
async def test_an_update_succeeds_with_either_status(status: Any) -> None:
    async with site(simulator(quirks=Quirks(update_status=status))) as wiki:
        await wiki.target.update_account("jane", display_name="J", email="j@example.com")
        assert len(wiki.effects) == 1


async def test_activating_and_deactivating_what_is_so_already_succeeds() -> None:
    async with site(simulator()) as wiki:
        for active in (False, False, True, True):
            await wiki.target.set_active("jane", active)
        assert wiki.effects == [Effect("deactivate-account", "jane"), Effect("reactivate-account", "jane")]


async def test_members_are_added_and_removed_again_and_again() -> None:
    async with site(simulator()) as wiki:
        for _ in range(2):
            await wiki.target.add_member("staff", "left")
        assert [account.name async for account in wiki.target.list_members("staff")] == ["jane", "left"]
        for _ in range(2):
            await wiki.target.remove_member("Staff", "LEFT")
        assert wiki.effects == [Effect("add-member", "left", "Staff"), Effect("remove-member", "left", "Staff")]


@pytest.mark.parametrize("lower", [False, True])
async def test_a_new_group_is_answered_under_the_name_that_it_was_given(lower: bool) -> None:
    async with site(simulator(quirks=Quirks(lower_group_names=lower))) as wiki:
        group = await wiki.target.create_group("Größe")
        assert group == TargetGroup("größe" if lower else "Größe", "größe")
        assert await wiki.target.find_group("GRÖßE") == group


async def test_what_exists_is_told_apart_from_what_is_refused() -> None:
    async with site(simulator()) as wiki:
        with pytest.raises(AlreadyExists, match="already exists"):
            await wiki.target.create_account(NewAccount("jane", "Jane", "jane@example.com"))
        with pytest.raises(AlreadyExists):
            await wiki.target.create_group("STAFF")
        with pytest.raises(Refused, match="lower case") as caught:
            await wiki.target.create_account(NewAccount("John", "John", "john@example.com"))
        assert type(caught.value) is Refused
        with pytest.raises(Refused, match="not valid"):
            await wiki.target.update_account("jane", display_name="Jane", email="nowhere")
        assert wiki.effects == []


async def test_without_a_seat_nothing_is_created_and_everything_else_goes_on() -> None:
    async with site(simulator(settings=Settings(seats=2))) as wiki:
        with pytest.raises(NoSeats) as caught:
            await wiki.target.create_account(JOHN)
        assert "seat" in caught.value.remedy
        await wiki.target.set_active("jane", False)
        assert (await wiki.target.create_account(JOHN)).active


async def test_who_comes_back_may_find_no_seat() -> None:
    full = simulator(settings=Settings(seats=2), quirks=Quirks(reactivation_without_seats="refuse"))
    async with site(full) as wiki:
        with pytest.raises(NoSeats):
            await wiki.target.set_active("left", True)
        await wiki.target.set_active("jane", False)
        await wiki.target.set_active("left", True)
        assert [effect.subject for effect in wiki.effects] == ["jane", "left"]


async def test_who_is_not_there_is_not_found() -> None:
    async with site(simulator()) as wiki:
        for write in (
            wiki.target.update_account("ghost", display_name="G", email="g@example.com"),
            wiki.target.set_active("ghost", False),
            wiki.target.add_member("Staff", "ghost"),
            wiki.target.remove_member("ghosts", "jane"),
        ):
            with pytest.raises(NotFound):
                await write
        assert wiki.effects == []


@every_write
@pytest.mark.parametrize("status", [403, 405])
async def test_read_only_mode_is_named_and_nothing_happens(
    write: Callable[[Target], Awaitable[object]], status: Any
) -> None:
    quirks = Quirks(read_only_mode_status=status)
    async with site(simulator(quirks=quirks, settings=Settings(access_mode="READ_ONLY"))) as wiki:
        with pytest.raises(Unavailable, match="read-only mode") as caught:
            await write(wiki.target)
        assert "Maintenance" in caught.value.remedy
        assert wiki.effects == []


@every_write
async def test_an_account_that_is_no_administrator_is_told_to_become_one(
    write: Callable[[Target], Awaitable[object]],
) -> None:
    confluence = simulator()
    async with site(confluence, auth=BearerAuth(confluence.issue_token("jane"))) as wiki:
        with pytest.raises(CredentialFailed, match="no Confluence administrator") as caught:
            await write(wiki.target)
        assert "permission" in caught.value.remedy
        assert wiki.effects == []


@every_write
@pytest.mark.parametrize(
    ("quirks", "settings"),
    [
        (Quirks(), Settings()),
        (Quirks(anonymous_browses_users=False), Settings()),
        (Quirks(bad_token_is_anonymous=False), Settings()),
        (Quirks(unauthenticated="html"), Settings(anonymous_access=False)),
        (Quirks(unauthenticated="redirect"), Settings(anonymous_access=False)),
    ],
    ids=["anonymous", "anonymous sees nobody", "401", "401 page", "login page"],
)
async def test_an_expired_token_changes_nothing_and_asks_for_a_new_one(
    write: Callable[[Target], Awaitable[object]], quirks: Quirks, settings: Settings
) -> None:
    async with site(simulator(quirks=quirks, settings=settings), auth=BearerAuth("expired")) as wiki:
        with pytest.raises(CredentialFailed) as caught:
            await write(wiki.target)
        assert "new" in caught.value.remedy
        assert wiki.effects == []


@pytest.mark.parametrize("status", [400, 403])
async def test_an_account_of_a_read_only_directory_is_refused_with_the_reason(status: Any) -> None:
    confluence = Confluence.with_defaults(
        directories=(Directory(1, "Internal"), LDAP), quirks=Quirks(read_only_directory_status=status)
    )
    confluence.add_account(JANE, directory=2)
    async with site(confluence) as wiki:
        for name in ("update account", "deactivate", "remove member"):
            with pytest.raises(Refused, match="read-only") as caught:
                await WRITES[name](wiki.target)
            assert type(caught.value) is Refused
            assert "director" in caught.value.message
        assert wiki.effects == []


@pytest.mark.parametrize("status", [400, 403])
async def test_without_a_directory_that_can_be_written_nothing_is_created(status: Any) -> None:
    confluence = Confluence.with_defaults(directories=(LDAP,), quirks=Quirks(read_only_directory_status=status))
    async with site(confluence) as wiki:
        for name in ("create account", "create group"):
            with pytest.raises(Refused, match="director"):
                await WRITES[name](wiki.target)
        assert wiki.effects == []


@pytest.mark.parametrize("name", ["a/b", "a\\b", ".", "..", ""])
async def test_a_name_that_no_address_can_carry_is_unsupported_and_never_sent(name: str) -> None:
    async with site(simulator()) as wiki:
        for write in (
            wiki.target.create_account(NewAccount(name, "A", "a@example.com")),
            wiki.target.update_account(name, display_name="A", email="a@example.com"),
            wiki.target.set_active(name, False),
            wiki.target.create_group(name),
            wiki.target.add_member(name, "jane"),
            wiki.target.remove_member("Staff", name),
            wiki.target.find_group(name),
        ):
            with pytest.raises(Unsupported) as caught:
                await write
            assert "Rename it" in caught.value.remedy
        assert wiki.log == []


@pytest.mark.parametrize(
    "name", ["jörg", "東京", "50%25", "a&b=c", "semi;colon", "q?x#y", "o`neil", "a:b@c", "~tilde", "...", "🦊"]
)
async def test_unusual_names_arrive_as_they_are(name: str) -> None:
    async with site(simulator(context_path="/confluence")) as wiki:
        group = f"{name} + 'Team', \"R&D\""
        created = await wiki.target.create_account(NewAccount(name, f"{name} Ünal", "u@example.com"))
        await wiki.target.create_group(group)
        await wiki.target.add_member(group, name)
        await wiki.target.update_account(name, display_name=f"{name} 2", email="v@example.com")
        await wiki.target.set_active(name, False)
        found = await wiki.target.find_account(name)
        assert found == Account(
            created.id, name, name, f"{name} 2", "v@example.com", False, frozenset({"confluence-users", group.lower()})
        )
        assert [account.id async for account in wiki.target.list_members(group)] == [created.id]
        assert (await wiki.target.find_group(group)) == TargetGroup(group, group.lower())
        await wiki.target.remove_member(group, name)
        assert [(effect.kind, effect.subject) for effect in wiki.effects] == [
            ("create-account", name),
            ("join-default-group", name),
            ("create-group", group),
            ("add-member", name),
            ("update-account", name),
            ("deactivate-account", name),
            ("remove-member", name),
        ]


@every_write
async def test_a_call_that_this_version_lacks_is_unsupported(write: Callable[[Target], Awaitable[object]]) -> None:
    for absent in ("json", "html"):
        quirks = Quirks(absent_endpoint="html" if absent == "html" else "json")
        async with site(simulator(version="7.19", quirks=quirks)) as wiki:
            with pytest.raises(Unsupported) as caught:
                await write(wiki.target)
            assert "Upgrade it" in caught.value.remedy
            assert wiki.effects == []


async def test_an_account_created_and_gone_before_it_was_read_back_leaves_the_outcome_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with site(simulator()) as wiki:
        find = wiki.target.find_account

        async def find_too_late(name: str) -> Account | None:
            wiki.simulator.remove_account(name)
            return await find(name)

        monkeypatch.setattr(wiki.target, "find_account", find_too_late)
        with pytest.raises(OutcomeUnknown, match="does not show it"):
            await wiki.target.create_account(JOHN)
