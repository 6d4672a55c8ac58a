"""Reference C.10: versions and conditional requests (RFC 7644 §3.14)."""

import httpx
import pytest
from protocol import (
    Document,
    assert_error,
    assert_list,
    create_group,
    create_user,
    group_body,
    place_of,
    read,
    send_patch,
    user_body,
)

TITLE = {"op": "replace", "path": "title", "value": "Dr"}
NAME = {"op": "replace", "path": "displayName", "value": "H"}


async def resource_of(scim: httpx.AsyncClient, kind: str) -> Document:
    return await (create_user(scim) if kind == "User" else create_group(scim, "G"))


@pytest.mark.parametrize("kind", ["User", "Group"])
async def test_66_every_answer_with_a_resource_has_its_weak_etag(scim: httpx.AsyncClient, kind: str) -> None:
    resource = await resource_of(scim, kind)
    assert resource["meta"]["version"].startswith('W/"')
    answer = await scim.get(place_of(resource))
    assert answer.headers["etag"] == answer.json()["meta"]["version"] == resource["meta"]["version"]
    (listed,) = assert_list(await scim.get(f"/{kind}s"))["Resources"]
    assert listed["meta"]["version"] == resource["meta"]["version"]
    body = user_body("other") if kind == "User" else group_body("other")
    put = await scim.put(place_of(resource), json=body)
    assert put.headers["etag"] == put.json()["meta"]["version"] != resource["meta"]["version"]
    patch = await send_patch(scim, place_of(resource), NAME)
    assert patch.headers["etag"] == (await read(scim, place_of(resource)))["meta"]["version"] != put.headers["etag"]


@pytest.mark.parametrize("kind", ["User", "Group"])
async def test_66_a_read_of_what_is_known_is_304_without_a_body(scim: httpx.AsyncClient, kind: str) -> None:
    resource = await resource_of(scim, kind)
    version = resource["meta"]["version"]
    for known in (version, version.removeprefix("W/"), f'W/"x", {version}', "*"):
        answer = await scim.get(place_of(resource), headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", version)
    assert (await scim.get(place_of(resource), headers={"If-None-Match": 'W/"x"'})).status_code == 200
    await send_patch(scim, place_of(resource), NAME)
    assert (await scim.get(place_of(resource), headers={"If-None-Match": version})).status_code == 200


@pytest.mark.parametrize("kind", ["User", "Group"])
async def test_66_a_write_on_another_version_is_412_and_changes_nothing(scim: httpx.AsyncClient, kind: str) -> None:
    resource = await resource_of(scim, kind)
    body = user_body("other") if kind == "User" else group_body("other")
    stale = {"If-Match": 'W/"999"'}
    for answer in (
        await scim.put(place_of(resource), json=body, headers=stale),
        await send_patch(scim, place_of(resource), NAME, headers=stale),
        await scim.delete(place_of(resource), headers=stale),
    ):
        assert_error(answer, 412, None, "again")
    assert await read(scim, place_of(resource)) == resource


async def test_66_a_stale_version_holds_back_a_change_of_members_too(scim: httpx.AsyncClient) -> None:
    user, group = await create_user(scim), await create_group(scim, "G")
    joined = {"op": "add", "path": "members", "value": [{"value": user["id"]}]}
    assert_error(await send_patch(scim, place_of(group), joined, headers={"If-Match": 'W/"999"'}), 412)
    assert not (await read(scim, place_of(group))).get("members")


@pytest.mark.parametrize("asked", ["*", "the version", "none"])
async def test_66_a_write_on_this_version_any_or_none_told_is_done(scim: httpx.AsyncClient, asked: str) -> None:
    user = await create_user(scim)
    for value in ("Dr", "Prof"):
        version = (await read(scim, place_of(user)))["meta"]["version"]
        headers = {} if asked == "none" else {"If-Match": "*" if asked == "*" else version}
        answer = await send_patch(scim, place_of(user), {**TITLE, "value": value}, headers=headers)
        assert (answer.status_code, answer.json()["title"]) == (200, value)
    put = await scim.put(place_of(user), json=user_body(), headers={"If-Match": answer.headers["etag"]})
    assert put.status_code == 200
    assert (await scim.delete(place_of(user), headers={"If-Match": put.headers["etag"]})).status_code == 204
