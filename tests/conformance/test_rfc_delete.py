"""Reference C.8: deleting a resource (RFC 7644 §3.6)."""

import httpx
import pytest
from protocol import (
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


@pytest.mark.parametrize("kind", ["User", "Group"])
async def test_64_a_deletion_is_204_and_then_everything_is_404(scim: httpx.AsyncClient, kind: str) -> None:
    resource = await (create_user(scim) if kind == "User" else create_group(scim, "G"))
    answer = await scim.delete(place_of(resource))
    assert (answer.status_code, answer.content) == (204, b"")
    rename = {"op": "replace", "path": "displayName", "value": "x"}
    for gone in (
        await scim.get(place_of(resource)),
        await scim.put(place_of(resource), json=user_body() if kind == "User" else group_body("G")),
        await send_patch(scim, place_of(resource), rename),
        await scim.delete(place_of(resource)),
    ):
        assert_error(gone, 404, None, resource["id"])


async def test_64_a_deleted_resource_is_gone_from_queries_memberships_and_conflicts(scim: httpx.AsyncClient) -> None:
    ada, ben = await create_user(scim, "ada"), await create_user(scim, "ben")
    group = await create_group(scim, "G", ada, ben)
    await scim.delete(place_of(ada))
    for query in ({}, {"filter": 'userName eq "ada"'}, {"filter": f'id eq "{ada["id"]}"'}):
        names = [each["userName"] for each in assert_list(await scim.get("/Users", params=query))["Resources"]]
        assert "ada" not in names
    assert [each["value"] for each in (await read(scim, place_of(group)))["members"]] == [ben["id"]]
    await create_user(scim, "ada")
    await scim.delete(place_of(group))
    assert not (await read(scim, place_of(ben))).get("groups")
