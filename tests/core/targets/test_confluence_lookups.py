"""Everything a Confluence target reads, from a simulated one: accounts by name and id, groups, members, listings."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from simulated_site import site

from core.planning.values import Account, TargetGroup
from core.sandbox.confluence import Confluence, Directory, LocalAccount, Quirks, Settings
from core.targets.auth import BearerAuth
from core.targets.confluence import Confluence as Target
from core.targets.protocol import CredentialFailed, IncompleteRead, NotFound, Unsupported

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("confluence-users", "Staff"))
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)
GUEST = LocalAccount("gäst", "Gina Gäst", "guest@example.com", groups=("R&D / 東京",))
PEOPLE = [JANE, LEFT, GUEST]


async def all_of(listing: AsyncIterator[Any]) -> list[Any]:
    return [item async for item in listing]


READS: dict[str, Callable[[Target], Awaitable[object]]] = {
    "accounts": lambda target: all_of(target.list_accounts()),
    "groups": lambda target: all_of(target.list_groups()),
    "account": lambda target: target.find_account("ghost"),
    "account by id": lambda target: target.find_account_by_id("ghost"),
    "group": lambda target: target.find_group("ghosts"),
    "members": lambda target: all_of(target.list_members("ghosts")),
}
every_read = pytest.mark.parametrize("read", READS.values(), ids=READS)


@pytest.mark.parametrize("cap", [1, 2, 3, 200])
@pytest.mark.parametrize("context", ["", "/confluence"])
async def test_all_accounts_are_listed_whatever_the_size_of_the_pages(cap: int, context: str) -> None:
    quirks = Quirks(page_cap=cap, status_shape="string" if cap == 2 else "object")
    confluence = Confluence.with_defaults(PEOPLE, context_path=context, quirks=quirks)
    async with site(confluence) as wiki:
        accounts = await all_of(wiki.target.list_accounts())
        assert [(account.name, account.display_name, account.email, account.active) for account in accounts] == [
            ("admin", "Confluence Administrator", "admin@example.com", True),
            ("gäst", "Gina Gäst", None, True),
            ("jane", "Jane Doe", "jane@example.com", True),
            ("left", "Lea Left", None, False),
        ]
        assert all(account.groups is None for account in accounts)
        assert len({account.id for account in accounts}) == 4
        assert await all_of(wiki.target.list_groups()) == [
            TargetGroup("confluence-administrators", "confluence-administrators"),
            TargetGroup("confluence-users", "confluence-users"),
            TargetGroup("R&D / 東京", "r&d / 東京"),
            TargetGroup("Staff", "staff"),
        ]
        members = await all_of(wiki.target.list_members("confluence-users"))
        assert [(account.name, account.active) for account in members] == [
            ("admin", True),
            ("jane", True),
            ("left", False),
        ]


@pytest.mark.parametrize("happening", ["removed", "added", "renamed away", "renamed here"])
async def test_who_comes_or_goes_during_a_listing_makes_nobody_else_disappear_from_it(happening: str) -> None:
    people = [LocalAccount(f"user{number}", "User", "user@example.com") for number in range(8)]
    async with site(Confluence.with_defaults(people, quirks=Quirks(page_cap=3))) as wiki:
        changes: dict[str, Callable[[], object]] = {
            "removed": lambda: wiki.simulator.remove_account("user0"),
            "added": lambda: wiki.simulator.add_account(JANE),
            "renamed away": lambda: wiki.simulator.rename_account("user0", "zoe"),
            "renamed here": lambda: wiki.simulator.rename_account("user7", "adam"),
        }
        pages = 0

        def meddle(method: str, path: str) -> None:
            nonlocal pages
            pages += path.endswith("/user/list")
            if pages == 2:
                pages = 100
                changes[happening]()

        wiki.meddle = meddle
        with pytest.raises(IncompleteRead, match="changed while it was read"):
            await all_of(wiki.target.list_accounts())
        assert len(await all_of(wiki.target.list_accounts())) == len(wiki.simulator.snapshot().accounts)


async def test_links_with_another_base_url_than_ours_are_not_followed() -> None:
    confluence = Confluence.with_defaults(
        PEOPLE, quirks=Quirks(page_cap=1), settings=Settings(base_url="https://wiki.example.com")
    )
    async with site(confluence) as wiki:
        assert len(await all_of(wiki.target.list_accounts())) == 4


@pytest.mark.parametrize(
    ("version", "quirks", "email"),
    [
        ("9.2", Quirks(), None),
        ("9.3", Quirks(), "jane@example.com"),
        ("9.3", Quirks(active_list_path="/rest/api/user/list/active"), "jane@example.com"),
        ("10.2", Quirks(active_list_lags=True), None),
    ],
)
async def test_e_mails_are_listed_where_the_version_lists_them(version: str, quirks: Quirks, email: str | None) -> None:
    async with site(Confluence.with_defaults(PEOPLE, version=version, quirks=quirks)) as wiki:
        emails = {account.name: account.email async for account in wiki.target.list_accounts()}
        assert emails["jane"] == email


@pytest.mark.parametrize("absent", ["json", "html"])
async def test_a_version_without_a_listing_of_accounts_says_so(absent: Any) -> None:
    async with site(Confluence.with_defaults(version="8.3", quirks=Quirks(absent_endpoint=absent))) as wiki:
        with pytest.raises(Unsupported, match="cannot list its accounts") as caught:
            await all_of(wiki.target.list_accounts())
        assert "8.4" in caught.value.remedy


async def test_an_account_is_found_by_name_without_regard_to_case_with_groups_and_e_mail() -> None:
    async with site(Confluence.with_defaults(PEOPLE, quirks=Quirks(page_cap=1))) as wiki:
        jane = await wiki.target.find_account("JANE")
        assert jane == Account(
            jane.id if jane else "", "jane", "jane", "Jane Doe", "jane@example.com", True,
            frozenset({"confluence-users", "staff"}),
        )  # fmt: skip
        assert await wiki.target.find_account("left") is not None
        assert await wiki.target.find_account("ghost") is None


async def test_an_account_is_found_by_its_id_although_it_was_renamed() -> None:
    async with site(Confluence.with_defaults(PEOPLE)) as wiki:
        before = await wiki.target.find_account("jane")
        assert before is not None
        wiki.simulator.rename_account("jane", "jané.roe")
        after = await wiki.target.find_account_by_id(before.id)
        assert after is not None
        assert (after.id, after.name, after.key) == (before.id, "jané.roe", "jané.roe")
        assert (after.groups, after.email) == (before.groups, before.email)
        assert await wiki.target.find_account("jane") is None


async def test_an_id_does_not_lead_to_whoever_has_the_name_afterwards() -> None:
    async with site(Confluence.with_defaults(PEOPLE)) as wiki:
        before = await wiki.target.find_account("jane")
        assert before is not None
        wiki.simulator.remove_account("jane")
        wiki.simulator.add_account(JANE)
        assert await wiki.target.find_account_by_id(before.id) is None
        assert await wiki.target.find_account("jane") is not None


async def test_of_two_accounts_of_one_name_the_first_directory_counts() -> None:
    directories = (Directory(1, "Internal"), Directory(2, "LDAP", "CONNECTOR", writable=False))
    confluence = Confluence.with_defaults([JANE], directories=directories)
    confluence.add_account(LocalAccount("Jane", "Jane Ldap", "jane@ldap.example", groups=("Ldap",)), directory=2)
    async with site(confluence) as wiki:
        names = [account.display_name async for account in wiki.target.list_accounts()]
        assert names == ["Confluence Administrator", "Jane Doe"]
        assert await all_of(wiki.target.list_members("Ldap")) == []
        confluence.rename_account("jane", "jane.doe")
        assert [account.name async for account in wiki.target.list_accounts()] == ["admin", "Jane", "jane.doe"]


async def test_a_name_with_a_slash_is_found_and_does_not_cost_the_others_their_e_mail() -> None:
    slash = LocalAccount("a/b", "A B", "ab@example.com")
    async with site(Confluence.with_defaults([JANE, slash])) as wiki:
        found = await wiki.target.find_account("a/b")
        assert found is not None
        assert (found.name, found.email) == ("a/b", None)
        jane = await wiki.target.find_account("jane")
        assert jane is not None
        assert jane.email == "jane@example.com"


async def test_a_group_is_found_by_name_without_regard_to_case() -> None:
    async with site(Confluence.with_defaults(PEOPLE)) as wiki:
        assert await wiki.target.find_group("STAFF") == TargetGroup("Staff", "staff")
        assert await wiki.target.find_group("ghosts") is None
        with pytest.raises(Unsupported, match="cannot address"):
            await wiki.target.find_group("R&D / 東京")


async def test_an_empty_group_has_no_members_and_a_missing_one_is_not_found() -> None:
    confluence = Confluence.with_defaults(PEOPLE)
    confluence.add_group("Empty")
    async with site(confluence) as wiki:
        assert await all_of(wiki.target.list_members("Empty")) == []
        with pytest.raises(NotFound):
            await all_of(wiki.target.list_members("ghosts"))


async def test_names_are_compared_as_planning_compares_them() -> None:
    composed, decomposed = "ren\u00e9e", "Rene\u0301e "
    async with site(Confluence.with_defaults()) as wiki:
        assert wiki.target.account_key(decomposed) == wiki.target.account_key(composed) == composed
        assert wiki.target.group_key(decomposed) == wiki.target.group_key(composed) == composed


@every_read
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
async def test_an_expired_token_makes_nobody_seem_gone_and_asks_for_a_new_one(
    read: Callable[[Target], Awaitable[object]], quirks: Quirks, settings: Settings
) -> None:
    confluence = Confluence.with_defaults(PEOPLE, quirks=quirks, settings=settings)
    async with site(confluence, auth=BearerAuth("expired")) as wiki:
        with pytest.raises(CredentialFailed) as caught:
            await read(wiki.target)
        assert "new" in caught.value.remedy


async def test_where_anonymous_access_is_on_an_expired_token_is_called_by_its_name() -> None:
    for quirks in (Quirks(), Quirks(anonymous_browses_users=False)):
        async with site(Confluence.with_defaults(PEOPLE, quirks=quirks), auth=BearerAuth("expired")) as wiki:
            with pytest.raises(CredentialFailed, match="anonymous") as caught:
                await wiki.target.find_account("ghost")
            assert "Personal Access Tokens" in caught.value.remedy
