"""What a Bitbucket target changes, and how it tells refusals apart."""

from typing import Literal

import pytest
from bitbucket_site import bitbucket_site

from core.sandbox.bitbucket import (
    INTERNAL_DIRECTORY,
    Bitbucket,
    Directory,
    LocalAccount,
    Permission,
    Quirks,
    Settings,
)
from core.targets.auth import BasicAuth
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    NewAccount,
    NoSeats,
    NotFound,
    OutcomeUnknown,
    Refused,
)

JANE = LocalAccount("Jane", "Jane Doe", "jane@example.com", groups=("stash-users", "Staff"))
JOHN = LocalAccount("john", "John Roe", "john@example.com")
NEW = NewAccount("New.One", "New One", "new@example.com")
READ_ONLY = Directory(2, "Crowd", "CROWD", writable=False)


async def test_a_new_account_keeps_its_capital_letters_and_is_in_the_default_group() -> None:
    async with bitbucket_site(Bitbucket.with_defaults()) as site:
        created = await site.target.create_account(NEW)
        assert (created.name, created.key, created.active) == ("New.One", "new.one", True)
        assert created.groups == frozenset({"stash-users"})
        assert "New.One" in site.simulator.snapshot().licensed


async def test_each_new_account_has_a_password_of_its_own() -> None:
    async with bitbucket_site(Bitbucket.with_defaults()) as site:
        for name in ("a", "b"):
            await site.target.create_account(NewAccount(name, "X", "x@example.com"))
        passwords = {query.partition(b"password=")[2].partition(b"&")[0] for query in site.queries} - {b""}
        assert len(passwords) == 2
        assert min(map(len, passwords)) > 40


async def test_a_name_that_is_taken_is_told() -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE])) as site:
        with pytest.raises(AlreadyExists):
            await site.target.create_account(NewAccount("JANE", "X", "x@example.com"))


async def test_without_a_seat_no_account_is_made_and_none_joins_what_gives_one() -> None:
    out = LocalAccount("out", "Out", "out@example.com", groups=())
    async with bitbucket_site(Bitbucket.with_defaults([out], settings=Settings(seats=1))) as site:
        with pytest.raises(NoSeats, match="no seat left") as caught:
            await site.target.create_account(NEW)
        assert "Deactivate leavers" in caught.value.remedy
        with pytest.raises(NoSeats):
            await site.target.add_member("stash-users", "out")
        assert site.effects == []


async def test_where_no_directory_can_be_written_the_refusal_is_about_this_account_and_not_the_credential() -> None:
    bitbucket = Bitbucket.with_defaults(directories=(Directory(1, "LDAP", "CONNECTOR", writable=False),))
    async with bitbucket_site(bitbucket) as site:
        with pytest.raises(Refused, match="read-only") as caught:
            await site.target.create_account(NEW)
        assert not isinstance(caught.value, NoSeats)


async def test_a_lost_answer_to_a_creation_is_not_repeated() -> None:
    async with bitbucket_site(Bitbucket.with_defaults()) as site:
        site.breaking.fault = "reset-after"
        with pytest.raises(OutcomeUnknown):
            await site.target.create_account(NEW)
        assert [each.kind for each in site.effects] == ["create-account", "join-default-group"]


async def test_name_and_address_are_changed_together() -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE])) as site:
        await site.target.update_account("jane", display_name="Jane Roe", email="roe@example.com")
        assert [(each.kind, each.detail) for each in site.effects] == [("update-account", "Jane Roe <roe@example.com>")]
        with pytest.raises(NotFound):
            await site.target.update_account("ghost", display_name="G", email="g@example.com")


@pytest.mark.parametrize("status", [400, 409])
async def test_a_rename_keeps_the_id_and_to_a_taken_name_is_a_clash_whatever_its_code(
    status: Literal[400, 409],
) -> None:
    bitbucket = Bitbucket.with_defaults([JANE, JOHN], quirks=Quirks(rename_clash_status=status))
    async with bitbucket_site(bitbucket) as site:
        before = await site.target.find_account("jane")
        with pytest.raises(AlreadyExists):
            await site.target.rename_account("jane", "JOHN")
        with pytest.raises(Refused) as caught:
            await site.target.rename_account("jane", "x" * 256)
        assert not isinstance(caught.value, AlreadyExists)
        await site.target.rename_account("jane", "janet")
        after = await site.target.find_account("janet")
        assert before is not None
        assert after is not None
        assert (after.id, after.groups) == (before.id, before.groups)
        await site.target.rename_account("janet", "Janet")
        assert "Janet" in {each.username for each in bitbucket.snapshot().accounts}
        with pytest.raises(NotFound):
            await site.target.rename_account("ghost", "spirit")


async def test_the_own_account_is_not_deleted_and_that_is_no_clash_of_names() -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE])) as site:
        with pytest.raises(Refused) as caught:
            await site.target.delete_account("admin")
        assert not isinstance(caught.value, AlreadyExists)
        for _ in range(2):
            await site.target.delete_account("jane")
        assert [each.kind for each in site.effects] == ["delete-account"]


@pytest.mark.parametrize("status", [200, 201])
async def test_groups_are_made_and_removed_and_a_repeat_of_removing_succeeds(status: Literal[200, 201]) -> None:
    async with bitbucket_site(Bitbucket.with_defaults(quirks=Quirks(group_created_status=status))) as site:
        assert (await site.target.create_group("Dev")).name == "Dev"
        with pytest.raises(AlreadyExists):
            await site.target.create_group("dev")
        for _ in range(2):
            await site.target.delete_group("dev")
        assert [each.kind for each in site.effects] == ["create-group", "delete-group"]


@pytest.mark.parametrize(
    "quirks", [Quirks(), Quirks(add_member_again_status=409, remove_non_member_status=200), Quirks(largest_page=1)]
)
async def test_members_come_and_go_and_repeats_succeed(quirks: Quirks) -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE, JOHN], quirks=quirks)) as site:
        for _ in range(2):
            await site.target.add_member("staff", "john")
        for _ in range(2):
            await site.target.remove_member("staff", "john")
        assert [(each.kind, each.subject, each.detail) for each in site.effects] == [
            ("add-member", "john", "Staff"),
            ("remove-member", "john", "Staff"),
        ]


@pytest.mark.parametrize("quirks", [Quirks(), Quirks(remove_non_member_status=200), Quirks(members_of_nobody="empty")])
async def test_a_group_or_an_account_that_is_not_there_is_not_found(quirks: Quirks) -> None:
    async with bitbucket_site(Bitbucket.with_defaults([JANE], quirks=quirks)) as site:
        for change in (site.target.add_member, site.target.remove_member):
            with pytest.raises(NotFound):
                await change("ghosts", "jane")
            with pytest.raises(NotFound):
                await change("staff", "ghost")


async def test_what_is_about_one_account_stops_nothing_else() -> None:
    bitbucket = Bitbucket.with_defaults([JANE], directories=(INTERNAL_DIRECTORY, READ_ONLY))
    bitbucket.add_account(JOHN, directory=2)
    bitbucket.add_account(LocalAccount("boss", "Boss", "b@example.com"), password="secret")
    bitbucket.grant("boss", Permission.ADMIN)
    async with bitbucket_site(bitbucket, auth=BasicAuth("boss", "secret")) as site:
        with pytest.raises(Refused, match="read-only"):
            await site.target.update_account("john", display_name="J", email="j@example.com")
        for call in (site.target.delete_account("admin"), site.target.set_active("admin", False)):
            with pytest.raises(Refused, match="higher permission"):
                await call
        assert "admin" in bitbucket.snapshot().licensed


async def test_a_credential_that_ends_is_told_apart_from_a_refusal() -> None:
    for quirks in (Quirks(), Quirks(bad_credential="anonymous"), Quirks(unauthenticated="html")):
        bitbucket = Bitbucket.with_defaults([JANE], quirks=quirks)
        async with bitbucket_site(bitbucket) as site:
            bitbucket.revoke_token(site.token)
            for call in (site.target.create_group("x"), site.target.add_member("staff", "jane")):
                with pytest.raises(CredentialFailed):
                    await call
