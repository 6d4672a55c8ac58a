"""Reference C.4: reading, listing and searching (RFC 7644 §3.4, §3.9)."""

from typing import Any

import httpx
import pytest
from protocol import (
    ENTERPRISE,
    SEARCH,
    USER,
    assert_error,
    assert_list,
    create_group,
    create_user,
    patched,
    place_of,
    read,
    send_patch,
    user_body,
)


async def names(scim: httpx.AsyncClient, path: str = "/Users", **query: Any) -> list[str]:
    """The names on one page, in its order."""
    document = assert_list(await scim.get(path, params=query))
    return [each.get("userName") or each.get("displayName") for each in document["Resources"]]


async def five_users(scim: httpx.AsyncClient) -> list[str]:
    return [(await create_user(scim, name))["userName"] for name in ("c", "a", "e", "b", "d")]


@pytest.mark.parametrize("path", ["/Users", "/Groups"])
async def test_26_an_unknown_id_is_404_with_an_error(scim: httpx.AsyncClient, path: str) -> None:
    """RFC 7644 §3.4.1."""
    detail = assert_error(await scim.get(f"{path}/2819c223-7f76-453a-919d-413861904646"), 404)
    assert "2819c223-7f76-453a-919d-413861904646" in detail


@pytest.mark.parametrize("path", ["/Users", "/Groups"])
async def test_27_a_list_without_hits_is_200_and_empty(scim: httpx.AsyncClient, path: str) -> None:
    """RFC 7644 §3.4.2; Entra and Okta test the connection so."""
    for query in ({}, {"filter": 'id eq "2819c223-7f76-453a-919d-413861904646"'}):
        document = assert_list(await scim.get(path, params=query))
        assert (document["totalResults"], document["Resources"]) == (0, [])


@pytest.mark.parametrize("path", ["/Users/.search", "/.search"])
async def test_28_a_search_by_post_takes_what_a_query_takes(scim: httpx.AsyncClient, path: str) -> None:
    """RFC 7644 §3.4.3."""
    await five_users(scim)
    body = {
        "schemas": [SEARCH],
        "attributes": ["userName"],
        "filter": 'userName gt "a"',
        "sortBy": "userName",
        "sortOrder": "descending",
        "startIndex": 2,
        "count": 2,
    }
    document = assert_list(await scim.post(path, json=body))
    assert (document["totalResults"], document["startIndex"], document["itemsPerPage"]) == (4, 2, 2)
    assert [each["userName"] for each in document["Resources"]] == ["d", "c"]
    assert all(each.keys() <= {"schemas", "id", "userName", "meta"} for each in document["Resources"])
    assert not any("meta" in each for each in document["Resources"])


async def test_28_a_search_by_post_leaves_out_what_is_excluded(scim: httpx.AsyncClient) -> None:
    await create_group(scim, "G", await create_user(scim))
    document = assert_list(await scim.post("/Groups/.search", json={"excludedAttributes": ["members"]}))
    assert [(each["displayName"], "members" in each) for each in document["Resources"]] == [("G", False)]


@pytest.mark.parametrize("path", ["/.search", "/Users/.search", "/groups/.SEARCH"])
async def test_28_a_search_by_post_is_no_resource(scim: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await scim.request(method, path, json={})
        assert_error(answer, 405, None, "POST")
        assert answer.headers["allow"] == "POST"


async def test_29_the_base_url_is_searched_over_all_types(scim: httpx.AsyncClient) -> None:
    """RFC 7644 §3.4.2.1."""
    user = await create_user(scim)
    group = await create_group(scim, "G", user)
    document = assert_list(await scim.get("/"))
    assert sorted(each["id"] for each in document["Resources"]) == sorted([user["id"], group["id"]])
    found = assert_list(await scim.get("/", params={"filter": 'displayName eq "G"'}))
    assert [each["meta"]["resourceType"] for each in found["Resources"]] == ["Group"]


@pytest.mark.parametrize("index", ["0", "-1", "-100", "1"])
async def test_30_a_start_index_below_one_means_one(scim: httpx.AsyncClient, index: str) -> None:
    """RFC 7644 §3.4.2.4."""
    everybody = await five_users(scim)
    document = assert_list(await scim.get("/Users", params={"startIndex": index}))
    assert document["startIndex"] == 1
    assert [each["userName"] for each in document["Resources"]] == everybody


@pytest.mark.parametrize("count", ["0", "-1", "-100"])
async def test_30_a_count_of_zero_or_below_gives_only_the_total(scim: httpx.AsyncClient, count: str) -> None:
    await five_users(scim)
    document = assert_list(await scim.get("/Users", params={"count": count}))
    assert (document["totalResults"], document["itemsPerPage"], document["Resources"]) == (5, 0, [])


async def test_30_pages_hold_no_more_than_asked_and_together_everybody_once_in_a_stable_order(
    scim: httpx.AsyncClient,
) -> None:
    everybody = await five_users(scim)
    for query in ({}, {"filter": "userName pr"}):
        pages = []
        for start in (1, 3, 5):
            document = assert_list(await scim.get("/Users", params={"startIndex": start, "count": 2, **query}))
            assert (document["totalResults"], document["startIndex"]) == (5, start)
            assert document["itemsPerPage"] == (1 if start == 5 else 2)
            pages += [each["userName"] for each in document["Resources"]]
        assert pages == everybody


async def test_30_the_parameters_are_read_in_any_case(scim: httpx.AsyncClient) -> None:
    """Entra's reader writes startindex; one that is overlooked would give the first page for ever."""
    await five_users(scim)
    document = assert_list(
        await scim.get("/Users?startindex=4&COUNT=1&SORTBY=userName&Filter=userName+pr&ATTRIBUTES=title")
    )
    assert (document["totalResults"], document["startIndex"], document["itemsPerPage"]) == (5, 4, 1)
    assert "userName" not in document["Resources"][0]


async def test_30_the_page_size_is_bounded_as_announced(scim: httpx.AsyncClient) -> None:
    most = (await read(scim, "/ServiceProviderConfig"))["filter"]["maxResults"]
    await five_users(scim)
    assert len(await names(scim, count=most + 1)) == 5


@pytest.mark.parametrize("index", [6, 7, 1000, 2**40])
async def test_31_a_start_index_beyond_the_end_is_200_and_empty(scim: httpx.AsyncClient, index: int) -> None:
    await five_users(scim)
    document = assert_list(await scim.get("/Users", params={"startIndex": index}))
    assert (document["totalResults"], document["Resources"]) == (5, [])


FULL = {
    "displayName": "Ada",
    "name": {"givenName": "Ada", "familyName": "King"},
    "emails": [{"type": "work", "value": "ada@example.com"}],
    ENTERPRISE: {"department": "R&D", "costCenter": "7"},
}


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ("userName", {"userName"}),
        ("userName,nothing", {"userName"}),
        ("displayName, name.givenName", {"displayName", "name"}),
        (f"{USER}:displayName", {"displayName"}),
        (f"{ENTERPRISE}:department", {ENTERPRISE}),
        ("meta.location", {"meta"}),
        ("nothing", set()),
    ],
)
async def test_32_only_the_asked_attributes_are_returned_and_those_that_always_are(
    scim: httpx.AsyncClient, attributes: str, shown: set[str]
) -> None:
    """RFC 7644 §3.4.2.5, §3.9."""
    user = await create_user(scim, **FULL)
    document = await read(scim, place_of(user), attributes=attributes)
    assert document.keys() - {"schemas", "id"} == shown
    assert document["id"] == user["id"]


async def test_32_sub_attributes_are_asked_for_by_themselves(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, **FULL)
    document = await read(scim, place_of(user), attributes=f"name.givenName,emails.value,{ENTERPRISE}:department")
    assert document["name"] == {"givenName": "Ada"}
    assert document["emails"] == [{"value": "ada@example.com"}]
    assert document[ENTERPRISE] == {"department": "R&D"}


async def test_32_excluded_attributes_are_left_out_save_those_always_returned(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, **FULL)
    document = await read(scim, place_of(user), excludedAttributes=f"id,emails,name.givenName,{ENTERPRISE}:costCenter")
    assert document["id"] == user["id"]
    assert "emails" not in document
    assert document["name"] == {"familyName": "King"}
    assert document[ENTERPRISE] == {"department": "R&D"}


async def test_32_both_parameters_at_once_are_refused(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    for path in (place_of(user), "/Users"):
        answer = await scim.get(path, params={"attributes": "userName", "excludedAttributes": "emails"})
        assert_error(answer, 400, "invalidValue", "attributes")


async def test_32_the_parameters_hold_for_every_answer_with_a_resource(scim: httpx.AsyncClient) -> None:
    only = {"attributes": "userName"}
    answer = await scim.post("/Users", json=user_body(**FULL), params=only)
    assert answer.json().keys() - {"schemas", "id"} == {"userName"}
    place = f"/Users/{answer.json()['id']}"
    put = await scim.put(place, json=user_body(displayName="B"), params=only)
    assert put.json().keys() - {"schemas", "id"} == {"userName"}
    patch = await send_patch(scim, place, {"op": "add", "path": "title", "value": "Dr"}, params=only)
    assert patch.json().keys() - {"schemas", "id"} == {"userName"}
    (listed,) = assert_list(await scim.get("/Users", params=only))["Resources"]
    assert listed.keys() - {"schemas", "id"} == {"userName"}


async def test_32_a_group_is_read_and_listed_without_its_members(scim: httpx.AsyncClient) -> None:
    """As Entra asks in every cycle."""
    group = await create_group(scim, "G", await create_user(scim))
    without = {"excludedAttributes": "members"}
    assert "members" not in await read(scim, place_of(group), **without)
    (listed,) = assert_list(await scim.get("/Groups", params=without | {"filter": 'displayName eq "G"'}))["Resources"]
    assert "members" not in listed


async def test_33_a_patch_that_asks_for_attributes_is_answered_200_with_them(scim: httpx.AsyncClient) -> None:
    """RFC 7644 §3.5.2."""
    user = await create_user(scim)
    group = await create_group(scim, "G", user)
    rename = {"op": "replace", "path": "displayName", "value": "N"}
    for resource in (user, group):
        answer = await send_patch(scim, place_of(resource), rename, params={"attributes": "displayName"})
        assert (answer.status_code, answer.json()["displayName"]) == (200, "N")
    members = {"op": "remove", "path": f'members[value eq "{user["id"]}"]'}
    answer = await send_patch(scim, place_of(group), members, params={"attributes": "members"})
    assert (answer.status_code, answer.json().get("members", [])) == (200, [])


async def test_34_sorting_is_announced_and_ascends_unless_told_otherwise(scim: httpx.AsyncClient) -> None:
    """RFC 7644 §3.4.2.3."""
    assert (await read(scim, "/ServiceProviderConfig"))["sort"] == {"supported": True}
    await five_users(scim)
    assert await names(scim, sortBy="userName") == ["a", "b", "c", "d", "e"]
    assert await names(scim, sortBy="userName", sortOrder="descending") == ["e", "d", "c", "b", "a"]
    assert await names(scim, sortBy="userName", startIndex=2, count=2) == ["b", "c"]


async def test_34_missing_values_are_last_when_ascending_and_first_when_descending(scim: httpx.AsyncClient) -> None:
    await create_user(scim, "none")
    await create_user(scim, "two", title="Y")
    await create_user(scim, "one", title="X")
    assert await names(scim, sortBy="title") == ["one", "two", "none"]
    assert await names(scim, sortBy="title", sortOrder="descending") == ["none", "two", "one"]


async def test_34_case_counts_only_where_the_attribute_is_case_exact(scim: httpx.AsyncClient) -> None:
    for name, external in (("b", "B"), ("A", "a"), ("C", "C")):
        await create_user(scim, name, externalId=external)
    assert await names(scim, sortBy="userName") == ["A", "b", "C"]
    assert await names(scim, sortBy="externalId") == ["b", "C", "A"]


async def test_34_sorting_by_a_part_uses_the_primary_value_of_several(scim: httpx.AsyncClient) -> None:
    await create_user(scim, "one", emails=[{"value": "a@x"}, {"value": "z@x", "primary": True}])
    await create_user(scim, "two", emails=[{"value": "m@x"}])
    assert await names(scim, sortBy="emails.value") == ["two", "one"]
    await patched(
        scim, f"/Users/{(await read(scim, '/Users'))['Resources'][1]['id']}", {"op": "remove", "path": "emails"}
    )
    assert await names(scim, sortBy="name.familyName") == ["one", "two"]
