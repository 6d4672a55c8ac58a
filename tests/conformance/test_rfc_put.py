"""Reference C.6: replacing a resource (RFC 7644 §3.5.1)."""

import httpx
import pytest
from protocol import (
    ENTERPRISE,
    GROUP,
    USER,
    Document,
    assert_error,
    assert_list,
    create_group,
    create_user,
    place_of,
    read,
    user_body,
)


@pytest.mark.parametrize("path", ["/Users", "/Groups"])
async def test_47_a_put_never_creates(scim: httpx.AsyncClient, path: str) -> None:
    answer = await scim.put(f"{path}/2819c223-7f76-453a-919d-413861904646", json=user_body() | {"displayName": "G"})
    assert answer.status_code in (400, 404)
    body = user_body() if path == "/Users" else {"schemas": [GROUP], "displayName": "G"}
    assert_error(await scim.put(f"{path}/2819c223-7f76-453a-919d-413861904646", json=body), 404)
    assert assert_list(await scim.get(path))["totalResults"] == 0


async def test_48_read_only_attributes_are_ignored(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    group = await create_group(scim, "G", user)
    body = user_body(id="other", meta={"version": 'W/"99"', "resourceType": "Robot"}, groups=[])
    answer = await scim.put(place_of(user), json=body)
    assert answer.status_code == 200, answer.text
    document = answer.json()
    assert document["id"] == user["id"]
    assert document["meta"]["resourceType"] == "User"
    assert [each["value"] for each in document["groups"]] == [group["id"]]


@pytest.mark.parametrize("body", [{"schemas": [USER]}, {"schemas": [USER], "displayName": "x"}])
async def test_48_required_attributes_must_be_there(scim: httpx.AsyncClient, body: dict[str, object]) -> None:
    user = await create_user(scim)
    assert_error(await scim.put(place_of(user), json=body), 400, "invalidValue", "userName")
    assert await read(scim, place_of(user)) == user


async def test_48_a_name_that_another_one_has_is_409(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, "ada")
    await create_user(scim, "ben")
    assert_error(await scim.put(place_of(user), json=user_body("BEN")), 409, "uniqueness", "BEN")


@pytest.mark.parametrize("wrong", [{"type": "Group"}, {"$ref": "https://elsewhere.example/Users/1"}])
async def test_48_what_is_said_wrong_of_a_member_changes_nothing(scim: httpx.AsyncClient, wrong: Document) -> None:
    """A member's parts are immutable (RFC 7643 §4.2): all that counts is its id, the rest we know ourselves."""
    user = await create_user(scim)
    group = await create_group(scim, "G", user)
    body = {"schemas": [GROUP], "displayName": "G", "members": [{"value": user["id"], **wrong}]}
    answer = await scim.put(place_of(group), json=body)
    if answer.status_code != 200:
        assert_error(answer, 400, "mutability")
    assert (await read(scim, place_of(group)))["members"] == group["members"]


async def test_49_what_a_put_leaves_out_is_cleared(scim: httpx.AsyncClient) -> None:
    """The RFC lets us choose: an IdP that sends whole resources (Okta) means what it sends."""
    user = await create_user(
        scim, title="Dr", emails=[{"value": "a@example.com"}], **{ENTERPRISE: {"department": "R&D"}}
    )
    document = (await scim.put(place_of(user), json=user_body(displayName="Ada"))).json()
    assert not {"title", "emails", ENTERPRISE} & document.keys()
    assert document["displayName"] == "Ada"


@pytest.mark.parametrize("active", [True, False])
async def test_49_active_is_kept_where_a_put_leaves_it_out(scim: httpx.AsyncClient, active: bool) -> None:
    """A leaver is not enabled by an IdP that does not speak of it."""
    user = await create_user(scim, active=active)
    for body in (user_body(title="Dr"), user_body(title="Prof", active=None)):
        answer = await scim.put(place_of(user), json=body)
        assert (answer.status_code, answer.json()["active"]) == (200, active)
        assert (await read(scim, place_of(user)))["active"] is active


async def test_49_members_are_kept_where_a_put_of_a_group_leaves_them_out(scim: httpx.AsyncClient) -> None:
    """Nobody loses access by a slip; `members: []` says it in so many words."""
    user = await create_user(scim)
    group = await create_group(scim, "G", user)
    for body in ({"displayName": "H"}, {"displayName": "I", "members": None}):
        answer = await scim.put(place_of(group), json={"schemas": [GROUP], **body})
        assert answer.status_code == 200, answer.text
        assert [each["value"] for each in answer.json()["members"]] == [user["id"]]
    answer = await scim.put(place_of(group), json={"schemas": [GROUP], "displayName": "I", "members": []})
    assert not answer.json().get("members")
    assert not (await read(scim, place_of(user))).get("groups")


async def test_50_a_put_is_200_with_the_whole_resource(scim: httpx.AsyncClient) -> None:
    ada, ben = await create_user(scim, "ada"), await create_user(scim, "ben")
    group = await create_group(scim, "G", ada)
    body = {"schemas": [GROUP], "displayName": "H", "externalId": "E", "members": [{"value": ben["id"]}]}
    answer = await scim.put(place_of(group), json=body)
    assert answer.status_code == 200
    document = answer.json()
    assert (document["displayName"], document["externalId"]) == ("H", "E")
    assert [each["value"] for each in document["members"]] == [ben["id"]]
    assert document == await read(scim, place_of(group))
    assert answer.headers["etag"] == document["meta"]["version"] != group["meta"]["version"]


async def test_50_a_put_that_changes_nothing_keeps_version_and_time(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, displayName="Ada")
    answer = await scim.put(place_of(user), json=user_body(displayName="Ada"))
    assert answer.json()["meta"] == user["meta"]
