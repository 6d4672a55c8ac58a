"""Pages: `limit` is a wish, `_links.next` is the way on, and it is relative to `_links.base`."""

import pytest
from confluence_visit import Visit, all_pages, names

from core.sandbox.confluence import Confluence, LocalAccount, Quirks, Settings

CROWD = [LocalAccount(f"user{number:02}", f"User {number}", f"u{number}@example.com") for number in range(9)]
EVERYBODY = ["admin", *(account.username for account in CROWD)]


async def test_a_page_has_at_most_what_the_system_allows_whatever_is_asked(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(CROWD, quirks=Quirks(page_cap=4)))
    page = (await client.get("/rest/api/user/list?limit=1000")).json()
    assert (page["start"], page["limit"], page["size"]) == (0, 4, 4)
    assert names(page["results"]) == EVERYBODY[:4]


async def test_the_default_limit_is_200(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(quirks=Quirks(page_cap=1000)))
    assert (await client.get("/rest/api/user/list")).json()["limit"] == 200


async def test_next_is_relative_to_the_base_and_keeps_the_query(visit: Visit) -> None:
    confluence = Confluence.with_defaults(CROWD, context_path="/confluence", quirks=Quirks(page_cap=4))
    client = await visit(confluence)
    base = str(client.base_url).rstrip("/")
    links = (await client.get("/rest/api/user/list?expand=status&limit=3&start=3")).json()["_links"]
    assert links["next"] == "/rest/api/user/list?expand=status&limit=3&start=6"
    assert (links["base"], links["context"]) == (base, "/confluence")
    assert links["self"] == f"{base}/rest/api/user/list?expand=status"


@pytest.mark.parametrize("cap", [1, 3, 5, 10, 200])
async def test_following_next_gives_everything_once(visit: Visit, cap: int) -> None:
    confluence = Confluence.with_defaults(CROWD, context_path="/wiki", quirks=Quirks(page_cap=cap))
    client = await visit(confluence)
    assert names(await all_pages(client, "/rest/api/user/list")) == EVERYBODY
    assert names(await all_pages(client, "/rest/api/group/confluence-users/member")) == EVERYBODY
    assert names(await all_pages(client, "/rest/api/admin/users/list/active")) == EVERYBODY


async def test_the_links_of_an_unusual_group_lead_on(visit: Visit) -> None:
    everybody = [LocalAccount(f"u{number}", "U", "u@example.com", groups=("R&D 東京 50%",)) for number in range(3)]
    client = await visit(Confluence.with_defaults(everybody, quirks=Quirks(page_cap=2)))
    page = (await client.get("/rest/api/group")).json()
    assert len(page["results"]) == 2
    group = (await all_pages(client, "/rest/api/group"))[-1]
    assert names(await all_pages(client, f"{group['_links']['self']}/member")) == ["u0", "u1", "u2"]


async def test_the_last_page_has_no_next(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(CROWD, quirks=Quirks(page_cap=5)))
    assert "next" in (await client.get("/rest/api/user/list?start=4")).json()["_links"]
    assert "next" not in (await client.get("/rest/api/user/list?start=5")).json()["_links"]


async def test_a_page_beyond_the_end_is_empty(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults(CROWD))
    page = (await client.get("/rest/api/user/list?start=500")).json()
    assert (page["results"], page["size"], page["start"]) == ([], 0, 500)
    assert "next" not in page["_links"]


@pytest.mark.parametrize("query", ["start=-1", "limit=-1", "start=x", "limit=1.5", "start=", "limit=²"])
async def test_numbers_that_are_none_are_a_bad_request(visit: Visit, query: str) -> None:
    assert (await (await visit(Confluence.with_defaults())).get(f"/rest/api/group?{query}")).status_code == 400


async def test_all_links_carry_the_configured_base_url(visit: Visit) -> None:
    settings = Settings(base_url="https://wiki.example.com")
    client = await visit(Confluence.with_defaults(settings=settings))
    page = (await client.get("/rest/api/user/list")).json()
    assert page["_links"]["base"] == "https://wiki.example.com"
    assert page["results"][0]["_links"]["self"].startswith("https://wiki.example.com/rest/api/user?key=")
