"""A listing of Jira is whole or refused, whatever its version caps: nothing may look like accounts that are gone."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from jira_site import JiraSite, jira_site
from scripted import Bench, Reply

from core.sandbox.jira import Jira, LocalAccount, Quirks
from core.targets.jira import Jira as Target
from core.targets.protocol import CredentialFailed, IncompleteRead, NotFound, TargetError, Unsupported

VERSIONS = ("8.20", "9.12", "10.0", "10.3", "11.0")
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)


def people(count: int, groups: tuple[str, ...] = ()) -> list[LocalAccount]:
    return [LocalAccount(f"u{n:05}", f"User {n}", f"u{n:05}@example.com", groups=groups) for n in range(count)]


async def accounts(site: JiraSite) -> list[str]:
    return sorted([account.name async for account in site.target.list_accounts()])


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_version_lists_all_accounts_inactive_ones_too(version: str) -> None:
    async with jira_site(Jira.with_defaults([LEFT, *people(40)], version=version)) as site:
        found = {account.name: account async for account in site.target.list_accounts()}
        assert len(found) == 42
        assert (found["left"].active, found["left"].email, found["left"].id) == (
            False,
            "left@example.com",
            "JIRAUSER10001",
        )
        assert site.effects == []


@pytest.mark.parametrize(
    ("version", "others", "is_listed"),
    [
        ("8.20", 998, True),
        ("9.12", 998, True),
        ("9.12", 99, True),
        ("9.12", 999, False),
        ("9.12", 1500, False),
        ("10.0", 98, True),
        ("10.0", 99, False),
        ("10.2", 150, False),
        ("10.3", 150, True),
        ("11.0", 2500, True),
    ],
)
async def test_an_answer_that_may_be_cut_off_is_no_list(version: str, others: int, is_listed: bool) -> None:
    async with jira_site(Jira.with_defaults(people(others), version=version)) as site:
        if is_listed:
            assert len(await accounts(site)) == others + 1
            return
        with pytest.raises(Unsupported, match="cannot list all of its accounts") as refused:
            await accounts(site)
        assert "Upgrade it to 10.3" in refused.value.remedy


async def test_where_the_search_of_9_pages_past_its_cap_more_than_1000_are_listed() -> None:
    jira = Jira.with_defaults(people(2500), version="9.12", quirks=Quirks(search_pages_past_cap=True))
    async with jira_site(jira) as site:
        assert len(await accounts(site)) == 2501


@pytest.mark.parametrize("query", [".", "%", "_", '""'])
async def test_the_query_that_finds_everybody_is_found_out(query: str) -> None:
    # Nobody else has a point, a per cent sign, an underscore or quotes in his name.
    quirks = Quirks(everything=frozenset({query}), search_matches="substring")
    dotted = LocalAccount("dot", "Dot", "dot@host.example")
    jira = Jira.with_defaults(
        [dotted, LocalAccount("plain", "Plain", "plain@localhost")], version="9.12", quirks=quirks
    )
    jira.change_account("admin", email="admin@localhost")
    async with jira_site(jira) as site:
        assert await accounts(site) == ["admin", "dot", "plain"]


async def test_a_search_that_finds_some_and_not_oneself_is_no_list() -> None:
    quirks = Quirks(everything=frozenset(), search_matches="substring")
    jira = Jira.with_defaults(people(3), version="9.12", quirks=quirks)
    jira.change_account("admin", email="admin@localhost")
    async with jira_site(jira) as site:
        with pytest.raises(IncompleteRead, match="lacks admin"):
            await accounts(site)


async def test_a_search_that_finds_fewer_than_the_licence_counts_is_no_list() -> None:
    quirks = Quirks(everything=frozenset(), search_matches="substring")
    plain = LocalAccount("plain", "Plain", "plain@localhost")
    async with jira_site(Jira.with_defaults([plain], version="9.12", quirks=quirks)) as site:
        with pytest.raises(IncompleteRead, match="1 active accounts, and its licence counts 2"):
            await accounts(site)


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 99, 10_000])
async def test_members_are_read_to_the_last_page(count: int) -> None:
    jira = Jira.with_defaults(people(count, ("All",)))
    jira.add_group("All")
    async with jira_site(jira) as site:
        found = [account.name async for account in site.target.list_members("all")]
        assert found == [f"u{n:05}" for n in range(count)]


async def test_inactive_members_and_those_of_inner_groups_are_members() -> None:
    jira = Jira.with_defaults([LocalAccount("left", "L", "l@example.com", active=False, groups=("Inner",))])
    jira.add_group("Outer")
    jira.add_group("Inner", inside="Outer")
    async with jira_site(jira) as site:
        assert [account.name async for account in site.target.list_members("Outer")] == ["left"]
        with pytest.raises(NotFound):
            _ = [account async for account in site.target.list_members("ghosts")]


async def test_whoever_leaves_a_group_while_it_is_read_breaks_the_reading() -> None:
    async with jira_site(Jira.with_defaults(people(120, ("All",)))) as site:
        reads = 0

        def meddle(method: str, path: str) -> None:
            nonlocal reads
            reads += path.endswith("/group/member")
            if reads == 2:
                site.simulator.remove_account("u00003")

        site.meddle = meddle
        with pytest.raises(IncompleteRead):
            _ = [account async for account in site.target.list_members("All")]


@pytest.mark.parametrize("count", [0, 30, 10_050])
async def test_all_groups_are_listed_however_many_the_picker_gives_by_itself(count: int) -> None:
    jira = Jira.with_defaults()
    for number in range(count):
        jira.add_group(f"Team {number}")
    async with jira_site(jira) as site:
        assert len([group async for group in site.target.list_groups()]) == count + 2


async def test_groups_that_the_picker_keeps_back_are_told_and_the_list_is_refused() -> None:
    async with jira_site(Jira.with_defaults(quirks=Quirks(picker_cap=1))) as site:
        with pytest.raises(IncompleteRead, match="2 groups and lists 1"):
            _ = [group async for group in site.target.list_groups()]
        found = await site.target.find_group("JIRA-software-users")
        assert found is not None
        assert found.key == "jira-software-users"


async def test_no_group_at_all_is_a_missing_permission_and_no_empty_list() -> None:
    nothing = reply({"header": "Showing 0 of 0 matching groups", "total": 0, "groups": []})
    with pytest.raises(IncompleteRead) as refused:
        _ = [group async for group in Target(Bench(nothing).http).list_groups()]
    assert "Browse Users" in refused.value.remedy


@pytest.mark.parametrize("quirks", [Quirks(), Quirks(bad_token="empty"), Quirks(bad_token="anonymous")])
async def test_a_credential_that_lapses_midway_ends_every_listing(quirks: Quirks) -> None:
    readings: list[Callable[[Target], Any]] = [
        lambda target: target.list_accounts(),
        lambda target: target.list_members("All"),
        lambda target: target.list_groups(),
        lambda target: target.list_leads(()),
    ]
    for reading in readings:
        async with jira_site(Jira.with_defaults(people(120, ("All",)), quirks=quirks)) as site:
            asked = 0

            def meddle(method: str, path: str, site: JiraSite = site) -> None:
                nonlocal asked
                asked += 1
                if asked == 2 and site.token:
                    site.simulator.revoke_token(site.token)

            site.meddle = meddle
            if reading is readings[2]:
                site.simulator.revoke_token(site.token)
                site.token = ""
            with pytest.raises(CredentialFailed):
                _ = [each async for each in reading(site.target)]


def user(name: str, **more: Any) -> dict[str, Any]:
    return {"key": f"key-{name}", "name": name, "displayName": name.title(), "active": True} | more


def reply(document: Any) -> Reply:
    return Reply(200, orjson.dumps(document))


ME, A, B, C = reply(user("me")), user("a"), user("b"), user("c")


@pytest.mark.parametrize(
    "page",
    [
        {"values": [A, A, user("me")], "isLast": True},
        {"values": [A], "isLast": True},
        {"values": [], "isLast": True},
        {"values": [A, user("me")], "isLast": False},
        {"values": [], "isLast": False, "nextCursor": "7"},
        {"values": [user("me"), {"name": "a"}], "isLast": True},
        {"values": [user("me"), {"key": "a", "name": ""}], "isLast": True},
        {"values": None},
        [],
    ],
)
async def test_a_list_that_does_not_add_up_is_none(page: Any) -> None:
    with pytest.raises(IncompleteRead):
        _ = [account async for account in Target(Bench(ME, reply(page)).http).list_accounts()]


async def test_a_cursor_that_comes_again_ends_the_reading() -> None:
    first = {"values": [user("me")], "isLast": False, "nextCursor": 7}
    second = {"values": [A], "isLast": False, "nextCursor": 7}
    with pytest.raises(IncompleteRead, match="leads to no next one"):
        _ = [account async for account in Target(Bench(ME, reply(first), reply(second)).http).list_accounts()]


NO_DUPLICATES = reply({})


async def test_a_page_that_fails_midway_makes_the_list_incomplete() -> None:
    first = {"values": [user("me")], "isLast": False, "nextCursor": 7}
    for failure in (Reply(500), Reply(404, b'{"errorMessages":["no"]}'), Reply(404, b"<h1>", media_type="text/html")):
        bench = Bench(ME, reply(first), NO_DUPLICATES, failure)
        with pytest.raises(IncompleteRead, match="broke off"):
            _ = [account async for account in Target(bench.http).list_accounts()]


async def test_users_who_were_deleted_and_left_their_name_are_no_accounts() -> None:
    page = {"values": [user("me"), user("old", deleted=True)], "isLast": True}
    listed = [account.name async for account in Target(Bench(ME, reply(page)).http).list_accounts()]
    assert listed == ["me"]


def members(values: list[Any], start: int, total: Any, **more: Any) -> Reply:
    return reply({"values": values, "startAt": start, "total": total, "maxResults": 50} | more)


@pytest.mark.parametrize(
    "pages",
    [
        [members([A, B], 0, 3), members([C], 1, 3)],
        [members([A, B], 0, 3), members([B, C], 2, 3)],
        [members([A, B], 0, 3), members([B, A], 1, 3)],
        [members([A, B], 0, 3), members([B, C], 1, 4)],
        [members([A, B], 0, 3), members([B], 1, 3)],
        [members([A, B], 0, 3), members([], 1, 3)],
        [members([A, B], 0, 3, isLast=True)],
        [members([A, B], 0, 1)],
        [members([A, A], 0, 2)],
        [members([A], 0, None)],
        [members([A], 0, True)],
        [reply({"total": 0})],
        [reply([])],
        [members([A, B], 0, 3), Reply(500)],
        [members([A, B], 0, 3), Reply(200, b'{"values": [')],
    ],
)
async def test_pages_of_members_that_do_not_add_up_are_no_list(pages: list[Reply]) -> None:
    with pytest.raises(IncompleteRead):
        _ = [account async for account in Target(Bench(*pages).http).list_members("All")]


async def test_a_first_page_that_fails_is_just_that() -> None:
    with pytest.raises(TargetError) as failed:
        _ = [account async for account in Target(Bench(Reply(400, b"{}")).http).list_members("All")]
    assert not isinstance(failed.value, IncompleteRead)
