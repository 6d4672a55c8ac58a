"""Reference C.3: creating a resource (RFC 7644 §3.3)."""

import httpx
import pytest
from protocol import ENTERPRISE, USER, assert_error, create_group, create_user, place_of, user_body


async def test_21_read_only_attributes_are_ignored_on_input(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, id="x", groups=[{"value": "y"}], meta={"version": "z"})
    assert user["id"] != "x"
    assert "groups" not in user
    assert user["meta"]["version"] != "z"


async def test_22_a_creation_is_201_with_the_resource_its_location_and_its_type(scim: httpx.AsyncClient) -> None:
    body = user_body(
        displayName="Ada", active=True, emails=[{"type": "work", "value": "ada@example.com", "primary": True}]
    )
    answer = await scim.post("/Users", json=body)
    assert answer.status_code == 201
    user = answer.json()
    assert body.items() <= user.items()
    assert answer.headers["location"] == user["meta"]["location"]
    assert answer.headers["etag"] == user["meta"]["version"]
    assert user["meta"]["resourceType"] == "User"
    assert (await scim.get(place_of(user))).json() == user
    group = await create_group(scim, "G", user)
    assert group["meta"]["resourceType"] == "Group"
    assert [member["value"] for member in group["members"]] == [user["id"]]


async def test_23_a_duplicate_is_409_uniqueness_and_names_the_value(scim: httpx.AsyncClient) -> None:
    await create_user(scim)
    assert_error(await scim.post("/Users", json=user_body()), 409, "uniqueness", "ada@example.com")
    await create_group(scim, "G")
    answer = await scim.post("/Groups", json={"schemas": [USER.replace("User", "Group")], "displayName": "g"})
    assert_error(answer, 409, "uniqueness", "'g'")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"active": "perhaps"}, "active"),
        ({"emails": "ada@example.com"}, "emails"),
        ({"name": "Ada"}, "name"),
        ({"schemas": 1}, "schemas"),
        ({"emails": [{"value": 7}]}, "value"),
        ({ENTERPRISE: []}, ""),
    ],
)
async def test_24_a_wrong_shape_is_400_and_names_the_attribute(
    scim: httpx.AsyncClient, more: dict[str, object], says: str
) -> None:
    answer = await scim.post("/Users", json=user_body(**more))
    scim_type = answer.json().get("scimType")
    assert_error(answer, 400, scim_type, says)
    assert scim_type in ("invalidSyntax", "invalidValue")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe"])
async def test_24_what_is_no_json_object_is_400_invalid_syntax(scim: httpx.AsyncClient, body: bytes) -> None:
    answer = await scim.post("/Users", content=body, headers={"Content-Type": "application/scim+json"})
    assert_error(answer, 400, "invalidSyntax")


async def test_24_a_missing_required_attribute_is_400_invalid_value(scim: httpx.AsyncClient) -> None:
    assert_error(
        await scim.post("/Users", json={"schemas": [USER], "displayName": "x"}), 400, "invalidValue", "userName"
    )


async def test_25_a_deleted_resource_does_not_block_its_name(scim: httpx.AsyncClient) -> None:
    """RFC 7644 §3.6."""
    user, group = await create_user(scim), await create_group(scim, "G")
    for resource in (user, group):
        assert (await scim.delete(place_of(resource))).status_code == 204
    assert (await create_user(scim))["id"] != user["id"]
    assert (await create_group(scim, "G"))["id"] != group["id"]
