"""Reference C.14: pages by cursor (RFC 9865)."""

import re
from typing import Any

import httpx
import pytest
from protocol import SEARCH, Document, assert_error, assert_list, create_group, create_user, place_of, read
from providers import Provider

NAMES = [f"u{number}" for number in range(7)]


@pytest.fixture
async def seven(scim: httpx.AsyncClient) -> httpx.AsyncClient:
    for name in NAMES:
        await create_user(scim, name)
    return scim


async def page(scim: httpx.AsyncClient, cursor: str = "", path: str = "/Users", **query: Any) -> Document:
    document = assert_list(await scim.get(path, params={"cursor": cursor, "count": 3, **query}))
    assert "startIndex" not in document
    assert len(document["Resources"]) <= 3
    return document


async def everybody(scim: httpx.AsyncClient, **query: Any) -> list[str]:
    """The names on all pages, from the first to the one without a next cursor."""
    document = await page(scim, **query)
    names = [each["userName"] for each in document["Resources"]]
    while "nextCursor" in document:
        document = await page(scim, document["nextCursor"], **query)
        names += [each["userName"] for each in document["Resources"]]
    return names


async def test_75_cursors_are_announced_beside_pages_by_index_which_stay_the_default(seven: httpx.AsyncClient) -> None:
    announced = (await read(seven, "/ServiceProviderConfig"))["pagination"]
    assert (announced["cursor"], announced["index"], announced["defaultPaginationMethod"]) == (True, True, "index")
    assert announced["maxPageSize"] >= announced.get("defaultPageSize", 1) > 0
    document = assert_list(await seven.get("/Users", params={"count": 3}))
    assert (document["startIndex"], "nextCursor" in document) == (1, False)


@pytest.mark.parametrize("query", [{}, {"filter": "userName pr"}, {"sortBy": "userName"}, {"attributes": "userName"}])
async def test_75_pages_follow_each_other_to_the_end_and_hold_everybody_once(
    seven: httpx.AsyncClient, query: dict[str, str]
) -> None:
    assert await everybody(seven, **query) == NAMES


async def test_75_the_first_page_has_no_previous_and_the_last_no_next(seven: httpx.AsyncClient) -> None:
    first = await page(seven)
    assert "previousCursor" not in first
    last = await page(seven, (await page(seven, first["nextCursor"]))["nextCursor"])
    assert [each["userName"] for each in last["Resources"]] == NAMES[6:]
    assert "nextCursor" not in last


async def test_75_a_page_that_just_fits_has_no_next(scim: httpx.AsyncClient) -> None:
    assert "nextCursor" not in await page(scim)
    for name in NAMES[:3]:
        await create_user(scim, name)
    assert "nextCursor" not in await page(scim)


async def test_75_a_cursor_is_of_unreserved_characters(seven: httpx.AsyncClient) -> None:
    """RFC 9865 §2, RFC 3986 §2.3."""
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", (await page(seven))["nextCursor"])


async def test_75_who_is_deleted_or_created_between_two_pages_shifts_nobody(seven: httpx.AsyncClient) -> None:
    first = await page(seven)
    await seven.delete(place_of(first["Resources"][0]))
    rest = await page(seven, first["nextCursor"])
    assert [each["userName"] for each in rest["Resources"]] == NAMES[3:6]


async def test_75_a_cursor_works_in_a_search_by_post(seven: httpx.AsyncClient) -> None:
    body = {"schemas": [SEARCH], "cursor": "", "count": 4, "filter": "userName pr"}
    first = assert_list(await seven.post("/Users/.search", json=body))
    second = assert_list(await seven.post("/Users/.search", json=body | {"cursor": first["nextCursor"]}))
    assert [each["userName"] for each in first["Resources"] + second["Resources"]] == NAMES
    assert "nextCursor" not in second


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "ZZ~~", "-", "1"])
async def test_75_a_cursor_that_is_none_is_400_invalid_cursor(seven: httpx.AsyncClient, cursor: str) -> None:
    answer = await seven.get("/Users", params={"cursor": cursor, "count": 3})
    assert_error(answer, 400, "invalidCursor", "cursor")


async def test_75_a_cursor_holds_for_its_query_and_provider_alone(seven: httpx.AsyncClient, other: Provider) -> None:
    await create_group(seven, "G")
    cursor = (await page(seven))["nextCursor"]
    async with other.client() as client:
        assert_error(await client.get("/Users", params={"cursor": cursor, "count": 3}), 400, "invalidCursor")
    assert_error(await seven.get("/Groups", params={"cursor": cursor, "count": 3}), 400, "invalidCursor")
    query = {"cursor": cursor, "count": 3, "filter": "title pr"}
    assert_error(await seven.get("/Users", params=query), 400, "invalidCursor")


async def test_75_a_changed_cursor_is_400_invalid_cursor(seven: httpx.AsyncClient) -> None:
    cursor = (await page(seven))["nextCursor"]
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    assert_error(await seven.get("/Users", params={"cursor": changed, "count": 3}), 400, "invalidCursor")


async def test_75_a_cursor_and_a_start_index_exclude_each_other(seven: httpx.AsyncClient) -> None:
    answer = await seven.get("/Users", params={"cursor": "", "startIndex": 1})
    assert_error(answer, 400, "invalidValue", "startIndex")
