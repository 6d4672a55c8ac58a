"""Reference C.7: changing a resource (RFC 7644 §3.5.2)."""

from typing import Any

import httpx
import pytest
from protocol import (
    ENTERPRISE,
    PATCH_OP,
    USER,
    Document,
    assert_error,
    create_group,
    create_user,
    patched,
    place_of,
    read,
    send_patch,
)

WORK, HOME = {"type": "work", "value": "w@example.com"}, {"type": "home", "value": "h@example.com"}


def add(value: Any, path: str | None = None) -> Document:
    return {"op": "add", "value": value} | ({"path": path} if path else {})


def replace(value: Any, path: str | None = None) -> Document:
    return {"op": "replace", "value": value} | ({"path": path} if path else {})


def remove(path: str) -> Document:
    return {"op": "remove", "path": path}


@pytest.mark.parametrize(
    "body",
    [
        {"schemas": ["urn:x"], "Operations": [{"op": "add", "path": "title", "value": "x"}]},
        {"schemas": [PATCH_OP]},
        {"schemas": [PATCH_OP], "Operations": []},
        {"schemas": [PATCH_OP], "Operations": {"op": "add", "path": "title", "value": "x"}},
        {"schemas": [PATCH_OP], "Operations": [{"op": "burn", "path": "title", "value": "x"}]},
        {"schemas": [PATCH_OP], "Operations": [{"path": "title", "value": "x"}]},
        {"schemas": [PATCH_OP], "Operations": ["add"]},
    ],
)
async def test_51_the_envelope_must_be_right(scim: httpx.AsyncClient, body: Document) -> None:
    user = await create_user(scim)
    answer = await scim.patch(place_of(user), json=body)
    scim_type = answer.json().get("scimType")
    assert_error(answer, 400, scim_type)
    assert scim_type in ("invalidSyntax", "invalidValue")
    assert await read(scim, place_of(user)) == user


async def test_52_a_path_is_required_for_a_removal_alone(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    changed = await patched(scim, place_of(user), add({"title": "Dr"}), replace({"nickName": "A"}))
    assert (changed["title"], changed["nickName"]) == ("Dr", "A")
    assert_error(await send_patch(scim, place_of(user), {"op": "remove"}), 400, "noTarget", "path")


async def test_53_operations_are_done_in_order_and_all_or_none(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, title="Dr")
    group = await create_group(scim, "G")
    wrong = replace("x", "id")
    assert_error(await send_patch(scim, place_of(user), replace("Prof", "title"), wrong), 400, "mutability")
    assert await read(scim, place_of(user)) == user
    unknown = add([{"value": "nobody"}], "members")
    answer = await send_patch(scim, place_of(group), add([{"value": user["id"]}], "members"), unknown)
    assert_error(answer, 400, "invalidValue", "nobody")
    assert await read(scim, place_of(group)) == group


async def test_54_adding_without_a_path_merges(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, name={"givenName": "Ada"}, emails=[WORK])
    changed = await patched(
        scim, place_of(user), add({"name": {"familyName": "King"}, "emails": [HOME], "title": "Dr"})
    )
    assert changed["name"] == {"givenName": "Ada", "familyName": "King"}
    assert changed["emails"] == [WORK, HOME]
    assert changed["title"] == "Dr"


async def test_54_adding_to_a_single_value_replaces_it_and_to_several_appends(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, title="Dr", emails=[WORK])
    changed = await patched(scim, place_of(user), add("Prof", "title"), add([HOME], "emails"))
    assert (changed["title"], changed["emails"]) == ("Prof", [WORK, HOME])


async def test_54_adding_what_is_there_is_a_success_without_a_change(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, emails=[WORK], title="Dr")
    group = await create_group(scim, "G", user)
    user = await read(scim, place_of(user))
    assert await patched(scim, place_of(user), add([WORK], "emails"), add("Dr", "title")) == user
    assert (await patched(scim, place_of(group), add([{"value": user["id"]}], "members")))["meta"] == group["meta"]


async def test_55_removing_a_single_value_unassigns_it(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, title="Dr", name={"givenName": "Ada", "familyName": "King"})
    changed = await patched(scim, place_of(user), remove("title"), remove("name.familyName"))
    assert "title" not in changed
    assert changed["name"] == {"givenName": "Ada"}


async def test_55_removing_several_values_takes_all_or_those_that_a_filter_finds(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, emails=[WORK, HOME], phoneNumbers=[{"type": "work", "value": "1"}])
    changed = await patched(scim, place_of(user), remove('emails[type eq "work"]'), remove("phoneNumbers"))
    assert changed["emails"] == [HOME]
    assert "phoneNumbers" not in changed
    assert "emails" not in await patched(scim, place_of(user), remove('emails[value ew "example.com"]'))


@pytest.mark.parametrize("path", ["userName", "id", "schemas", f"{USER}:userName"])
async def test_55_what_is_required_or_read_only_cannot_be_removed(scim: httpx.AsyncClient, path: str) -> None:
    user = await create_user(scim)
    answer = await send_patch(scim, place_of(user), remove(path))
    scim_type = answer.json().get("scimType")
    assert_error(answer, 400, scim_type)
    assert scim_type in ("mutability", "invalidValue")
    assert await read(scim, place_of(user)) == user


async def test_56_replacing_what_is_missing_adds_it(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    changed = await patched(scim, place_of(user), replace("Dr", "title"), replace([WORK], "emails"))
    assert (changed["title"], changed["emails"]) == ("Dr", [WORK])


async def test_56_replacing_a_complex_value_changes_the_given_parts_only(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, name={"givenName": "Ada", "familyName": "King"})
    changed = await patched(scim, place_of(user), replace({"familyName": "Byron"}, "name"))
    assert changed["name"] == {"givenName": "Ada", "familyName": "Byron"}


async def test_56_replacing_several_values_replaces_the_whole_set(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, "ada", emails=[WORK])
    other = await create_user(scim, "ben")
    group = await create_group(scim, "G", user)
    assert (await patched(scim, place_of(user), replace([HOME], "emails")))["emails"] == [HOME]
    changed = await patched(scim, place_of(group), replace([{"value": other["id"]}], "members"))
    assert [each["value"] for each in changed["members"]] == [other["id"]]


async def test_56_replacing_by_a_filter_changes_every_match(scim: httpx.AsyncClient) -> None:
    two = [{"type": "work", "value": "1"}, {"type": "work", "value": "2"}, {"type": "home", "value": "3"}]
    user = await create_user(scim, phoneNumbers=two)
    changed = await patched(scim, place_of(user), replace("office", 'phoneNumbers[type eq "work"].display'))
    assert [each.get("display") for each in changed["phoneNumbers"]] == ["office", "office", None]


async def test_56_replacing_by_a_filter_that_finds_nothing_creates_the_value(scim: httpx.AsyncClient) -> None:
    """The RFC answers noTarget; Entra expects the value to be created, and sends it again for ever otherwise."""
    user = await create_user(scim)
    changed = await patched(scim, place_of(user), replace("w@example.com", 'emails[type eq "work"].value'))
    assert changed["emails"] == [WORK]


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        (replace("x", "id"), "mutability"),
        (replace("x", "emails["), "invalidPath"),
        (replace("x", "emails[type eq].value"), "invalidPath"),
        (replace("x", "a b c"), "invalidPath"),
        (replace("perhaps", "active"), "invalidValue"),
    ],
)
async def test_57_a_violation_is_400_by_name(scim: httpx.AsyncClient, operation: Document, scim_type: str) -> None:
    user = await create_user(scim)
    assert_error(await send_patch(scim, place_of(user), operation), 400, scim_type)
    assert await read(scim, place_of(user)) == user


@pytest.mark.parametrize(
    "operation", [replace("x", "noSuchThing"), add({"noSuchThing": 1}), replace("x", "urn:a:b:User:x")]
)
async def test_57_an_unknown_attribute_is_ignored(scim: httpx.AsyncClient, operation: Document) -> None:
    """IdPs send what other applications want as well; a refusal would hold back the rest of the change."""
    user = await create_user(scim)
    changed = await patched(scim, place_of(user), replace("Dr", "title"), operation)
    assert changed["title"] == "Dr"
    assert "noSuchThing" not in changed


async def test_58_a_success_is_200_with_the_user_and_204_for_a_group(scim: httpx.AsyncClient) -> None:
    """RFC 7644 §3.5.2 allows both; a group may have ten thousands of members."""
    user = await create_user(scim)
    answer = await send_patch(scim, place_of(user), replace("Dr", "title"))
    assert (answer.status_code, answer.json()) == (200, await read(scim, place_of(user)))
    group = await create_group(scim, "G")
    for operation in (replace("H", "displayName"), add([{"value": user["id"]}], "members")):
        answer = await send_patch(scim, place_of(group), operation)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["etag"] == (await read(scim, place_of(group)))["meta"]["version"]


async def test_59_schemas_grow_with_an_extensions_attribute(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    changed = await patched(scim, place_of(user), replace("R&D", f"{ENTERPRISE}:department"))
    assert changed["schemas"] == [USER, ENTERPRISE]
    assert changed[ENTERPRISE] == {"department": "R&D"}


async def test_60_setting_primary_resets_the_others(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, emails=[{**WORK, "primary": True}, HOME])
    for operation in (
        replace(True, 'emails[type eq "home"].primary'),
        add([{"type": "other", "value": "o@example.com", "primary": True}], "emails"),
    ):
        changed = await patched(scim, place_of(user), operation)
        assert sum(bool(each.get("primary")) for each in changed["emails"]) == 1


PATHS = [
    ("name.familyName", "King", lambda user: user["name"]["familyName"]),
    (f"{USER}:name.givenName", "Ada", lambda user: user["name"]["givenName"]),
    ('addresses[type eq "work"]', {"locality": "Turin"}, lambda user: user["addresses"][0]["locality"]),
    ('addresses[type eq "work"].formatted', "Via Po", lambda user: user["addresses"][0]["formatted"]),
    ('emails[type eq "work" and value ew "example.com"].display', "W", lambda user: user["emails"][0]["display"]),
    (f"{ENTERPRISE}:department", "R&D", lambda user: user[ENTERPRISE]["department"]),
    (f"{ENTERPRISE}:manager.value", "26118915", lambda user: user[ENTERPRISE]["manager"]["value"]),
    ('roles[primary eq "True"].value', "admin", lambda user: user["roles"][0]["value"]),
]


@pytest.mark.parametrize(("path", "value", "shown"), PATHS, ids=[path for path, _, _ in PATHS])
async def test_61_every_form_of_a_path_is_understood(
    scim: httpx.AsyncClient, path: str, value: Any, shown: Any
) -> None:
    user = await create_user(
        scim, emails=[WORK], addresses=[{"type": "work", "country": "IT"}], roles=[{"value": "r", "primary": True}]
    )
    changed = await patched(scim, place_of(user), replace(value, path))
    assert shown(changed) == (value["locality"] if isinstance(value, dict) else value)


async def test_61_every_form_of_a_path_to_a_member_is_understood(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    group = await create_group(scim, "G", user)
    changed = await patched(scim, place_of(group), replace("Ada", f'members[value eq "{user["id"]}"].display'))
    assert [each["display"] for each in changed["members"]] == ["Ada"]
    assert not (await patched(scim, place_of(group), remove(f'members[value eq"{user["id"]}"]'))).get("members")


async def test_62_several_operations_on_one_attribute_apply_in_order(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim, title="a")
    changed = await patched(scim, place_of(user), remove("title"), add("b", "title"), replace("c", "title"))
    assert changed["title"] == "c"
    group = await create_group(scim, "G")
    one = f'members[value eq "{user["id"]}"]'
    changed = await patched(scim, place_of(group), add([{"value": user["id"]}], "members"), remove(one))
    assert not changed.get("members")


async def test_63_too_many_operations_are_refused_by_name(scim: httpx.AsyncClient) -> None:
    user = await create_user(scim)
    group = await create_group(scim, "G")
    members = [add([{"value": user["id"]}], "members")] * 5001
    assert_error(await send_patch(scim, place_of(group), *members), 413, "tooMany", "5000")
    changed = await patched(scim, place_of(group), *members[:5000])
    assert [each["value"] for each in changed["members"]] == [user["id"]]


@pytest.mark.parametrize("form", ["path", "key"])
async def test_63_a_filter_in_a_path_has_the_limits_of_any_filter(scim: httpx.AsyncClient, form: str) -> None:
    user = await create_user(scim)
    for path in (
        "emails[" + " or ".join(['value eq "x"'] * 51) + "].display",
        "emails[" + "(" * 60 + "type pr" + ")" * 60 + "].display",
        f'emails[value eq "{"x" * 9000}"].display',
    ):
        operation = replace("x", path) if form == "path" else replace({path: "x"})
        assert_error(await send_patch(scim, place_of(user), operation), 400, "invalidFilter", "filter")


async def test_63_members_are_limited_by_the_bodys_size(scim: httpx.AsyncClient) -> None:
    group = await create_group(scim, "G")
    many = [{"value": f"2819c223-7f76-453a-919d-{number:012}"} for number in range(190_000)]
    assert_error(await send_patch(scim, place_of(group), add(many, "members")), 413, None, "8388608 bytes")
