"""Reference D.2: what Microsoft's gallery validation asks of the endpoint directly, beside the provisioning engine."""

from typing import Any

import httpx
import pytest
from protocol import ENTERPRISE, GROUP, USER, Document, assert_list, create_user, patched, place_of, read

SCALARS = [
    "displayName", "title", "nickName", "userType", "preferredLanguage", "locale", "timezone", "profileUrl",
    "externalId", "name.givenName", "name.familyName", "name.formatted", "name.middleName", "name.honorificPrefix",
    "name.honorificSuffix",
    *(f"{ENTERPRISE}:{each}" for each in ("employeeNumber", "department", "costCenter", "organization", "division")),
]  # fmt: skip
CHOSEN = [
    'emails[type eq "work"].value',
    'phoneNumbers[type eq "mobile"].value',
    'addresses[type eq "work"].streetAddress',
    'addresses[type eq "work"].formatted',
]
GONE: tuple[Any, ...] = (None, "", [], {})


def shown(user: Document, path: str) -> Any:
    """The value at one of the paths above, nothing where it is absent."""
    if "[" in path:
        name, rest = path.split("[", 1)
        kind, sub = rest.split('"')[1], rest.rsplit(".", 1)[1]
        return next((each.get(sub) for each in user.get(name, []) if each.get("type") == kind), None)
    if path.startswith(ENTERPRISE):
        return user.get(ENTERPRISE, {}).get(path.removeprefix(f"{ENTERPRISE}:"))
    name, _, sub = path.partition(".")
    return user.get(name, {}).get(sub) if sub else user.get(name)


def value_of(path: str) -> str:
    return "https://contoso.example/x" if path == "profileUrl" else f"value of {path.rsplit(':', 1)[-1][:6]}"


async def user_with_everything(scim: httpx.AsyncClient) -> Document:
    user = await create_user(scim)
    sets = [{"op": "Add", "path": path, "value": value_of(path)} for path in [*SCALARS, *CHOSEN]]
    user = await patched(scim, place_of(user), *sets)
    assert [path for path in [*SCALARS, *CHOSEN] if shown(user, path) != value_of(path)] == []
    return user


async def test_schemas_can_be_discovered_for_users_and_groups(scim: httpx.AsyncClient) -> None:
    document = assert_list(await scim.get("/Schemas"))
    schemas = {each["id"]: {a["name"] for a in each["attributes"]} for each in document["Resources"]}
    assert {"userName", "emails", "active"} <= schemas[USER]
    assert {"displayName", "members"} <= schemas[GROUP]
    assert "manager" in schemas[ENTERPRISE]


@pytest.mark.parametrize("nothing", ["", None])
async def test_null_update_with_one_operation_for_each_attribute(scim: httpx.AsyncClient, nothing: str | None) -> None:
    user = await user_with_everything(scim)
    clears = [{"op": "Replace", "path": path, "value": nothing} for path in [*SCALARS, *CHOSEN]]
    after = await patched(scim, place_of(user), *clears)
    assert [path for path in [*SCALARS, *CHOSEN] if shown(after, path) not in GONE] == []
    assert after["userName"] == user["userName"]


@pytest.mark.parametrize("nothing", ["", None])
async def test_null_update_with_all_scalars_in_one_value_without_a_path(
    scim: httpx.AsyncClient, nothing: str | None
) -> None:
    user = await user_with_everything(scim)
    clears: list[Document] = [{"op": "replace", "path": path, "value": nothing} for path in CHOSEN]
    clears.append({"op": "replace", "value": dict.fromkeys(SCALARS, nothing)})
    after = await patched(scim, place_of(user), *clears)
    assert [path for path in [*SCALARS, *CHOSEN] if shown(after, path) not in GONE] == []


@pytest.mark.parametrize("path", [f"{ENTERPRISE}:manager", "manager"])
@pytest.mark.parametrize("verb", ["Add", "replace"])
async def test_the_manager_is_set_by_a_bare_text_and_removed_by_an_empty_one(
    scim: httpx.AsyncClient, verb: str, path: str
) -> None:
    user, boss, other = [await create_user(scim, name) for name in ("user", "boss", "other")]
    for manager in (boss, other):
        after = await patched(scim, place_of(user), {"op": verb, "path": path, "value": manager["id"]})
        assert after[ENTERPRISE]["manager"]["value"] == manager["id"]
    after = await patched(scim, place_of(user), {"op": "Replace", "path": path, "value": ""})
    assert after.get(ENTERPRISE, {}).get("manager") in GONE


@pytest.mark.parametrize("path", ["/Users", "/Groups"])
async def test_pages_echo_their_start_and_hold_everybody_once(scim: httpx.AsyncClient, path: str) -> None:
    for number in range(11):
        body = {"userName": f"u{number}"} if path == "/Users" else {"displayName": f"g{number}"}
        await scim.post(path, json={"schemas": [USER if path == "/Users" else GROUP], **body})
    ids: list[str] = []
    for page in range(3):
        document = assert_list(await scim.get(path, params={"startIndex": page * 5 + 1, "count": 5}))
        assert document["startIndex"] == page * 5 + 1
        assert document["itemsPerPage"] == (1 if page == 2 else 5)
        assert document["totalResults"] == 11
        ids += [each["id"] for each in document["Resources"]]
    assert len(ids) == len(set(ids)) == 11


async def test_a_user_is_created_updated_disabled_and_restored(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, active=True)
    for value in ("False", "True", False, True):
        after = await patched(scim, place_of(user), {"op": "Replace", "path": "active", "value": value})
        assert after["active"] is (str(value) == "True")


async def test_a_misspelled_attribute_is_ignored_and_primary_is_read_in_any_case(scim: httpx.AsyncClient) -> None:
    """As in Microsoft's collection of requests."""
    emails = [{"Primary": True, "type": "work", "value": "ada@contoso.example"}]
    user = await create_user(scim, emails=emails, dispalyName="Ada", **{ENTERPRISE: {"departement": "R&D"}})
    assert user["emails"] == [{"primary": True, "type": "work", "value": "ada@contoso.example"}]
    assert not {"dispalyName", "displayName", ENTERPRISE} & user.keys()


@pytest.mark.parametrize(
    "text",
    ["userName sw ada", "userName co ada", "userName eq ada@example.com", "meta.lastModified gt 2011-05-13T04:42:34Z"],
)
async def test_a_filter_may_leave_the_quotes_out(scim: httpx.AsyncClient, text: str) -> None:
    """As in Microsoft's collection of requests."""
    user = await create_user(scim, "ada@example.com")
    assert [each["id"] for each in (await read(scim, "/Users", filter=text))["Resources"]] == [user["id"]]


async def test_after_a_deletion_a_filter_finds_nothing(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    await scim.delete(place_of(user))
    for text in (f'id eq "{user["id"]}"', f'userName eq "{user["userName"]}"'):
        assert (await read(scim, "/Users", filter=text))["totalResults"] == 0
