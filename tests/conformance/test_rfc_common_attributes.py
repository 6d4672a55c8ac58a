"""Reference C.2: what all resources have in common (RFC 7643 §2, §3, §4)."""

from datetime import datetime

import httpx
import pytest
from protocol import (
    ENTERPRISE,
    GROUP,
    USER,
    assert_error,
    create_group,
    create_user,
    found,
    patched,
    place_of,
    read,
    send_patch,
    user_body,
)
from providers import Provider


async def test_08_the_id_is_the_servers_and_cannot_be_changed(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §3.1."""
    user = await create_user(scim, id="mine")
    assert user["id"] not in ("mine", "bulkId", "")
    answer = await scim.put(place_of(user), json=user_body("renamed", id="mine"))
    assert answer.json()["id"] == user["id"]
    assert_error(
        await send_patch(scim, place_of(user), {"op": "replace", "path": "id", "value": "x"}), 400, "mutability"
    )


async def test_08_the_id_is_case_exact_and_always_returned(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    other_case = user["id"].upper() if user["id"] != user["id"].upper() else user["id"].lower()
    assert await found(scim, f'id eq "{user["id"]}"') == [user["userName"]]
    assert await found(scim, f'id eq "{other_case}"') == []
    assert (await read(scim, place_of(user), excludedAttributes="id"))["id"] == user["id"]
    assert (await read(scim, place_of(user), attributes="title"))["id"] == user["id"]


async def test_08_an_id_is_not_given_again(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    await scim.delete(place_of(user))
    assert (await create_user(scim))["id"] != user["id"]


async def test_09_the_external_id_is_the_clients_never_invented_and_need_not_be_unique(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §3.1."""
    assert "externalId" not in await create_user(scim, "none")
    await create_user(scim, "one", externalId="E-1")
    await create_user(scim, "two", externalId="E-1")
    assert await found(scim, 'externalId eq "E-1"') == ["one", "two"]


async def test_09_the_external_id_is_case_exact(scim: httpx.AsyncClient) -> None:
    await create_user(scim, externalId="Ab")
    assert await found(scim, 'externalId eq "aB"') == []


async def test_09_external_ids_are_scoped_to_the_provider(scim: httpx.AsyncClient, other: Provider) -> None:
    await create_user(scim, externalId="E-1")
    async with other.client() as client:
        assert await found(client, 'externalId eq "E-1"') == []


async def test_10_meta_is_the_servers_and_ignored_on_input(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §3.1."""
    wrong = {"resourceType": "Robot", "created": "2001-01-01T00:00:00Z", "version": "9", "location": "http://x"}
    user = await create_user(scim, meta=wrong)
    meta = user["meta"]
    assert meta["resourceType"] == "User"
    assert meta["lastModified"] == meta["created"]
    assert not meta["created"].startswith("2001")
    assert meta["location"] == f"https://scim.example.com{scim.base_url.path}Users/{user['id']}"
    assert meta["version"].startswith('W/"')


async def test_10_created_stays_and_version_moves_with_a_change(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    changed = await patched(scim, place_of(user), {"op": "add", "path": "title", "value": "Dr"})
    assert changed["meta"]["created"] == user["meta"]["created"]
    assert changed["meta"]["version"] != user["meta"]["version"]
    assert datetime.fromisoformat(changed["meta"]["lastModified"]) >= datetime.fromisoformat(changed["meta"]["created"])


async def test_11_the_answer_names_each_schema_once_in_its_own_case(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §3; a body that names none is taken as a resource of its endpoint, one that names others is not."""
    user = await create_user(scim, "a", schemas=[USER, USER.upper(), USER])
    assert user["schemas"] == [USER]
    assert (await scim.post("/Users", json={"userName": "b"})).json()["schemas"] == [USER]
    assert_error(await scim.post("/Users", json={"schemas": [GROUP], "userName": "c"}), 400, "invalidSyntax", USER)


async def test_11_the_extensions_urn_is_there_if_and_only_if_its_data_is(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §3: an empty extension is not listed."""
    user = await create_user(scim, schemas=[USER, ENTERPRISE])
    assert user["schemas"] == [USER]
    assert ENTERPRISE not in user
    with_data = await patched(scim, place_of(user), {"op": "add", "path": f"{ENTERPRISE}:department", "value": "R&D"})
    assert sorted(with_data["schemas"]) == sorted([USER, ENTERPRISE])
    without = await patched(scim, place_of(user), {"op": "remove", "path": f"{ENTERPRISE}:department"})
    assert without["schemas"] == [USER]
    assert (await create_group(scim, "G"))["schemas"] == [GROUP]


@pytest.mark.parametrize("nothing", [None, []])
async def test_12_null_and_an_empty_list_are_the_same_as_absent(
    scim: httpx.AsyncClient, nothing: list[str] | None
) -> None:
    """RFC 7643 §2.5."""
    user = await create_user(scim, "a", emails=nothing, title=None, name=None)
    assert not {"emails", "title", "name"} & user.keys()
    full = await create_user(scim, "b", emails=[{"value": "b@example.com"}], title="Dr")
    cleared = await patched(
        scim,
        place_of(full),
        {"op": "replace", "path": "emails", "value": nothing},
        {"op": "replace", "path": "title", "value": None},
    )
    assert not {"emails", "title"} & cleared.keys()


async def test_13_names_urns_and_operators_are_case_insensitive_everywhere(scim: httpx.AsyncClient) -> None:
    """RFC 7644 §3.10, RFC 7643 §2.1."""
    body = {
        "SCHEMAS": [USER.lower()],
        "USERNAME": "ada",
        "Name": {"GIVENNAME": "Ada"},
        ENTERPRISE.upper(): {"DEPARTMENT": "X"},
    }
    answer = await scim.post("/Users", json=body)
    assert answer.status_code == 201, answer.text
    user = answer.json()
    assert (user["userName"], user["name"]["givenName"], user[ENTERPRISE]["department"]) == ("ada", "Ada", "X")
    assert await found(scim, 'NAME.GIVENname EQ "Ada" AND uSERNAME sW "A"') == ["ada"]
    assert await found(scim, f'{ENTERPRISE.lower()}:Department Eq "x"') == ["ada"]
    changed = await patched(scim, place_of(user), {"op": "replace", "path": "NAME.familyname", "value": "King"})
    assert changed["name"]["familyName"] == "King"
    assert (await read(scim, place_of(user), attributes="NAME.GIVENNAME"))["name"] == {"givenName": "Ada"}


async def test_14_the_announced_characteristics_default_as_the_standard_says(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §2.2."""
    schema = await read(scim, f"/Schemas/{USER}")
    title = next(each for each in schema["attributes"] if each["name"] == "title")
    told = {key: value for key, value in title.items() if key not in ("name", "description")}
    assert told == {
        "type": "string",
        "multiValued": False,
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
    }


async def test_15_setting_one_primary_clears_the_others(scim: httpx.AsyncClient) -> None:
    """RFC 7644 §3.5.2, RFC 7643 §2.4."""
    emails = [{"type": "work", "value": "w@example.com", "primary": True}, {"type": "home", "value": "h@example.com"}]
    user = await create_user(scim, emails=emails)
    changed = await patched(
        scim, place_of(user), {"op": "replace", "path": 'emails[type eq "home"].primary', "value": True}
    )
    assert [each["value"] for each in changed["emails"] if each.get("primary")] == ["h@example.com"]
    added = {"op": "add", "path": "emails", "value": [{"type": "other", "value": "o@example.com", "primary": True}]}
    changed = await patched(scim, place_of(user), added)
    assert [each["value"] for each in changed["emails"] if each.get("primary")] == ["o@example.com"]


async def test_15_two_primaries_in_one_resource_are_refused(scim: httpx.AsyncClient) -> None:
    emails = [{"value": "a@example.com", "primary": True}, {"value": "b@example.com", "primary": True}]
    assert_error(await scim.post("/Users", json=user_body(emails=emails)), 400, "invalidValue", "primary")


async def test_16_no_complex_attribute_has_a_complex_sub_attribute(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §2.3.8."""
    for schema in (await read(scim, "/Schemas"))["Resources"]:
        for attribute in schema["attributes"]:
            assert all(sub["type"] != "complex" for sub in attribute.get("subAttributes", []))


@pytest.mark.parametrize("body", [{"schemas": [USER]}, {"schemas": [USER], "userName": ""}])
async def test_17_the_user_name_is_required(scim: httpx.AsyncClient, body: dict[str, object]) -> None:
    """RFC 7643 §4.1.1."""
    assert_error(await scim.post("/Users", json=body), 400, "invalidValue", "userName")


async def test_17_the_display_name_of_a_group_is_required(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §4.2."""
    assert_error(await scim.post("/Groups", json={"schemas": [GROUP]}), 400, "invalidValue", "displayName")


async def test_17_the_user_name_is_unique_and_not_case_exact(scim: httpx.AsyncClient, other: Provider) -> None:
    await create_user(scim, "Ada")
    assert_error(await scim.post("/Users", json=user_body("aDA")), 409, "uniqueness")
    async with other.client() as client:
        await create_user(client, "ada")


async def test_18_a_password_is_neither_returned_nor_kept_nor_found(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §4.1.1, RFC 7644 §7.6."""
    user = await create_user(scim, password="hunter2")
    assert "password" not in user
    changed = await patched(scim, place_of(user), {"op": "replace", "path": "password", "value": "hunter3"})
    assert "password" not in changed
    assert "password" not in await read(scim, place_of(user), attributes="password,userName")
    answer = await scim.get("/Users", params={"filter": 'password eq "hunter3"'})
    assert answer.status_code == 400 or answer.json()["totalResults"] == 0


async def test_19_a_users_groups_are_read_only_and_follow_the_memberships(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §4.1.2."""
    user = await create_user(scim, groups=[{"value": "made-up"}])
    assert "groups" not in user
    group = await create_group(scim, "G", user)
    (shown,) = (await read(scim, place_of(user)))["groups"]
    assert (shown["value"], shown["display"]) == (group["id"], "G")
    for operation in (
        {"op": "remove", "path": "groups"},
        {"op": "replace", "path": "groups", "value": [{"value": "x"}]},
    ):
        answer = await send_patch(scim, place_of(user), operation)  # dropped: SailPoint writes both sides
        assert answer.status_code in (200, 400)
        assert (await read(scim, place_of(user)))["groups"] == [shown]


async def test_20_a_date_is_compared_as_a_moment_whatever_its_offset_and_fraction(scim: httpx.AsyncClient) -> None:
    """RFC 7643 §2.3.5."""
    user = await create_user(scim)
    moment = datetime.fromisoformat(user["meta"]["created"])
    far = moment.isoformat().replace("+00:00", "") + "-23:00"  # the same clock, 23 hours later
    assert await found(scim, f'meta.created lt "{far}"') == ["ada@example.com"]
    assert await found(scim, f'meta.created gt "{far}"') == []
    assert await found(scim, f'meta.created eq "{moment.isoformat()}"') == ["ada@example.com"]
    assert await found(scim, 'meta.lastModified ge "2001-01-01T00:00:00.123456Z"') == ["ada@example.com"]
