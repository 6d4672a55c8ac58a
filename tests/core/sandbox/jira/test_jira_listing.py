"""The caps of finding users, by version."""

from typing import Any

import httpx
import pytest
from jira_visit import API, JANE, LEFT, JiraVisit, people

from core.sandbox.jira import Jira, Quirks

ALL = f"{API}/user/search?username=.&includeInactive=true"


def names(answer: httpx.Response) -> list[str]:
    return [user["name"] for user in answer.json()]


async def test_the_search_leaves_inactive_users_out_unless_asked_and_gives_50(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults([LEFT, *people(60)], version="9.12"))
    assert len(names(await client.get(f"{API}/user/search?username=."))) == 50
    assert "left" not in names(await client.get(f"{API}/user/search?username=.&maxResults=1000"))
    assert "left" in names(await client.get(f"{ALL}&maxResults=1000"))
    assert (await client.get(f"{API}/user/search?username=")).status_code == 404


@pytest.mark.parametrize(
    ("quirks", "start", "found"),
    [
        (Quirks(), 0, 1000),
        (Quirks(), 600, 400),
        (Quirks(), 1001, 0),
        (Quirks(search_pages_past_cap=True), 0, 1000),
        (Quirks(search_pages_past_cap=True), 1001, 199),
    ],
)
async def test_before_10_the_search_has_the_first_1000_users(
    visit: JiraVisit, quirks: Quirks, start: int, found: int
) -> None:
    client = await visit(Jira.with_defaults(people(1199), version="9.12", quirks=quirks))
    assert len(names(await client.get(f"{ALL}&maxResults=5000&startAt={start}"))) == found


@pytest.mark.parametrize("version", ["10.0", "10.2", "11.0"])
async def test_since_10_the_search_gives_the_same_100_wherever_it_shall_start(visit: JiraVisit, version: str) -> None:
    client = await visit(Jira.with_defaults(people(150), version=version))
    first = names(await client.get(f"{ALL}&maxResults=1000"))
    assert len(first) == 100
    assert names(await client.get(f"{ALL}&maxResults=1000&startAt=100")) == first


@pytest.mark.parametrize(
    ("matches", "query", "found"),
    [("prefix", "do", True), ("prefix", "oe", False), ("substring", "oe", True), ("prefix", "JANE@", True)],
)
async def test_other_queries_match_names_and_addresses(visit: JiraVisit, matches: Any, query: str, found: bool) -> None:
    client = await visit(Jira.with_defaults([JANE], version="9.12", quirks=Quirks(search_matches=matches)))
    assert ("jane" in names(await client.get(f"{API}/user/search?username={query}"))) is found


@pytest.mark.parametrize(
    ("version", "status"), [("8.20", 404), ("9.12", 404), ("10.2", 404), ("10.3", 200), ("11.0", 200)]
)
async def test_the_list_came_with_10_3(visit: JiraVisit, version: str, status: int) -> None:
    client = await visit(Jira.with_defaults(version=version))
    assert (await client.get(f"{API}/user/list")).status_code == status


async def test_the_list_goes_on_from_cursor_to_cursor_and_has_everybody_once(visit: JiraVisit) -> None:
    jira = Jira.with_defaults([LEFT, *people(5)])
    client = await visit(jira)
    found: list[str] = []
    cursor: str | None = "0"
    while cursor:
        page = (await client.get(f"{API}/user/list?maxResults=2&cursor={cursor}")).json()
        found += [user["name"] for user in page["values"]]
        assert page["isLast"] is ("nextCursor" not in page)
        cursor = page.get("nextCursor")
        if len(found) == 2:
            jira.remove_account("admin")  # who comes or goes meanwhile moves nobody
            client = await visit(jira, user="u0000")
    assert found == ["admin", "left", "u0000", "u0001", "u0002", "u0003", "u0004"]


async def test_a_cursor_that_was_never_given_is_no_error(visit: JiraVisit) -> None:
    page = (await (await visit(Jira.with_defaults())).get(f"{API}/user/list?cursor=99999999")).json()
    assert (page["values"], page["isLast"]) == ([], True)
