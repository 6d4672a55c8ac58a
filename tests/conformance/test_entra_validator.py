"""Reference D.1: the tests of Microsoft's SCIM validator, 25 mandatory and 7 preview ones, in its order.

It accepts a wrong content type and an empty body where one belongs, so these are looked at here as well.
"""

from uuid import uuid4

import httpx
import pytest
from protocol import (
    ENTERPRISE,
    GROUP,
    USER,
    Document,
    assert_error,
    create,
    create_group,
    create_user,
    place_of,
    read,
)
from validator_calls import assert_holds, change, full_user, made, matches


class TestUsers:
    async def test_01_create_and_find_with_every_attribute_sent(self, scim: httpx.AsyncClient) -> None:
        boss = await create_user(scim)
        body = full_user(boss["id"])
        answer = await made(scim, "/Users", body)
        assert answer.status_code == 201
        assert answer.headers["location"]
        assert_holds(body, answer.json())
        (shown,) = await matches(scim, "/Users", f'userName eq "{body["userName"]}"')
        assert_holds(body, shown)

    async def test_02_create_a_duplicate_is_409(self, scim: httpx.AsyncClient) -> None:
        body = full_user()
        await made(scim, "/Users", body)
        assert_error(await made(scim, "/Users", body), 409, "uniqueness")

    async def test_03_filter_an_existing_one(self, scim: httpx.AsyncClient) -> None:
        user = await create(scim, "/Users", full_user())
        assert await matches(scim, "/Users", f'userName eq "{user["userName"]}"') == [user]

    async def test_04_filter_one_that_is_not_there(self, scim: httpx.AsyncClient) -> None:
        assert await matches(scim, "/Users", f'userName eq "{uuid4()}"') == []

    async def test_05_filter_in_another_case(self, scim: httpx.AsyncClient) -> None:
        user = await create(scim, "/Users", full_user())
        assert await matches(scim, "/Users", f'userName eq "{user["userName"].upper()}"') == [user]

    async def test_06_replace_attributes_one_operation_each(self, scim: httpx.AsyncClient) -> None:
        user = await create(scim, "/Users", full_user())
        paths = {
            'emails[type eq "work"].value': "new@contoso.example",
            'phoneNumbers[type eq "mobile"].value': "66-2",
            'phoneNumbers[type eq "fax"].value': "66-3",
            'addresses[type eq "work"].streetAddress': "Calle 2",
            'addresses[type eq "work"].country': "MX",
            "name.givenName": "Rosalia",
            "displayName": "Rosalia Gomez",
            "title": "Director",
            "locale": "de-DE",
            f"{ENTERPRISE}:department": "Sales",
            f"{ENTERPRISE}:employeeNumber": "9",
        }
        after = await change(scim, user, *({"op": "replace", "path": p, "value": v} for p, v in paths.items()))
        assert after["emails"] == [{"type": "work", "value": "new@contoso.example", "primary": True}]
        assert [each["value"] for each in after["phoneNumbers"]] == ["55-1", "66-2", "66-3"]
        assert (after["addresses"][0]["streetAddress"], after["addresses"][0]["country"]) == ("Calle 2", "MX")
        assert (after["name"]["givenName"], after["name"]["familyName"]) == ("Rosalia", "familyName of Rosa")
        assert (after["displayName"], after["title"], after["locale"]) == ("Rosalia Gomez", "Director", "de-DE")
        assert (after[ENTERPRISE]["department"], after[ENTERPRISE]["employeeNumber"]) == ("Sales", "9")

    async def test_07_update_the_user_name_without_a_path(self, scim: httpx.AsyncClient) -> None:
        user = await create(scim, "/Users", full_user())
        after = await change(scim, user, {"op": "replace", "value": {"userName": "renamed@contoso.example"}})
        assert (after["userName"], after["id"]) == ("renamed@contoso.example", user["id"])
        assert await matches(scim, "/Users", f'userName eq "{user["userName"]}"') == []

    @pytest.mark.parametrize("value", [False, "False"])
    async def test_08_disable(self, scim: httpx.AsyncClient, value: bool | str) -> None:
        user = await create(scim, "/Users", full_user())
        after = await change(scim, user, {"op": "replace", "path": "active", "value": value})
        assert after["active"] is False
        assert await matches(scim, "/Users", f'userName eq "{user["userName"]}"') == [after]

    async def test_09_add_attributes_to_a_minimal_user(self, scim: httpx.AsyncClient) -> None:
        body = full_user()
        user = await create(scim, "/Users", {"schemas": [USER], "userName": body["userName"]})
        paths: Document = {key: body[key] for key in (
            "active", "displayName", "title", "preferredLanguage", "userType", "nickName", "locale", "timezone",
            "profileUrl", "externalId",
        )}  # fmt: skip
        paths |= {f"name.{part}": value for part, value in body["name"].items()}
        paths |= {f'addresses[type eq "work"].{p}': v for p, v in body["addresses"][0].items() if p != "type"}
        paths |= {f'phoneNumbers[type eq "{each["type"]}"].value': each["value"] for each in body["phoneNumbers"]}
        paths |= {'phoneNumbers[type eq "work"].primary': True, 'emails[type eq "work"].primary': True}
        paths |= {'emails[type eq "work"].value': body["emails"][0]["value"]}
        paths |= {f"{ENTERPRISE}:{part}": value for part, value in body[ENTERPRISE].items()}
        paths |= {f'roles[primary eq "True"].{part}': body["roles"][0][part] for part in ("display", "value", "type")}
        after = await change(scim, user, *({"op": "add", "path": p, "value": v} for p, v in paths.items()))
        assert_holds({key: value for key, value in body.items() if key != "schemas"}, after)

    async def test_10_add_a_manager(self, scim: httpx.AsyncClient) -> None:
        user, boss = await create_user(scim, "user"), await create_user(scim, "boss")
        path = f"{ENTERPRISE}:manager"
        after = await change(scim, user, {"op": "add", "path": path, "value": {"value": boss["id"]}})
        assert after[ENTERPRISE]["manager"]["value"] == boss["id"]

    async def test_11_replace_the_manager(self, scim: httpx.AsyncClient) -> None:
        boss, other = await create_user(scim, "boss"), await create_user(scim, "other")
        user = await create(scim, "/Users", full_user(boss["id"]))
        path = f"{ENTERPRISE}:manager"
        after = await change(scim, user, {"op": "replace", "path": path, "value": {"value": other["id"]}})
        assert after[ENTERPRISE]["manager"]["value"] == other["id"]

    async def test_12_remove_the_manager_by_an_empty_one(self, scim: httpx.AsyncClient) -> None:
        user = await create(scim, "/Users", full_user((await create_user(scim))["id"]))
        path = f"{ENTERPRISE}:manager"
        after = await change(scim, user, {"op": "replace", "path": path, "value": {"value": ""}})
        assert "manager" not in after[ENTERPRISE]

    async def test_13_delete(self, scim: httpx.AsyncClient) -> None:
        user = await create(scim, "/Users", full_user())
        assert (await scim.delete(place_of(user))).status_code == 204
        assert_error(await scim.get(place_of(user)), 404)
        assert await matches(scim, "/Users", f'userName eq "{user["userName"]}"') == []


class TestGroups:
    async def test_14_get_one_without_its_members(self, scim: httpx.AsyncClient) -> None:
        group = await create_group(scim, "G", await create_user(scim))
        shown = await read(scim, place_of(group), excludedAttributes="members")
        assert shown == {key: value for key, value in group.items() if key != "members"}

    async def test_15_filter_without_members(self, scim: httpx.AsyncClient) -> None:
        group = await create_group(scim, "G", await create_user(scim))
        (shown,) = await matches(scim, "/Groups", 'displayName eq "G"', excludedAttributes="members")
        assert (shown["id"], "members" in shown) == (group["id"], False)

    async def test_16_filter_an_existing_one(self, scim: httpx.AsyncClient) -> None:
        group = await create_group(scim, "G")
        assert [each["id"] for each in await matches(scim, "/Groups", 'displayName eq "G"')] == [group["id"]]

    async def test_17_filter_one_that_is_not_there(self, scim: httpx.AsyncClient) -> None:
        assert await matches(scim, "/Groups", f'displayName eq "{uuid4()}"') == []

    async def test_18_filter_in_another_case(self, scim: httpx.AsyncClient) -> None:
        group = await create_group(scim, "Readers")
        assert [each["id"] for each in await matches(scim, "/Groups", 'displayName eq "rEADERS"')] == [group["id"]]

    async def test_19_create(self, scim: httpx.AsyncClient) -> None:
        answer = await made(scim, "/Groups", {"schemas": [GROUP], "displayName": "G", "externalId": "E", "members": []})
        assert answer.status_code == 201
        assert_holds({"displayName": "G", "externalId": "E"}, answer.json())

    async def test_20_create_a_duplicate_is_409(self, scim: httpx.AsyncClient) -> None:
        group = {"schemas": [GROUP], "displayName": "G", "externalId": "E"}
        await made(scim, "/Groups", group)
        assert_error(await made(scim, "/Groups", group), 409, "uniqueness")

    async def test_21_replace_attributes_without_a_path(self, scim: httpx.AsyncClient) -> None:
        group = await create_group(scim, "G", externalId="E")
        assert (await change(scim, group, {"op": "replace", "value": {"externalId": "F"}}))["externalId"] == "F"

    async def test_22_update_the_display_name_without_a_path(self, scim: httpx.AsyncClient) -> None:
        group = await create_group(scim, "G")
        assert (await change(scim, group, {"op": "replace", "value": {"displayName": "H"}}))["displayName"] == "H"

    async def test_23_add_a_member_by_replacing(self, scim: httpx.AsyncClient) -> None:
        user, group = await create_user(scim), await create_group(scim, "G")
        value = [{"value": user["id"]}]
        after = await change(scim, group, {"op": "replace", "path": "members", "value": value})
        assert [each["value"] for each in after["members"]] == [user["id"]]

    async def test_24_remove_a_member(self, scim: httpx.AsyncClient) -> None:
        user = await create_user(scim)
        group = await create_group(scim, "G", user)
        after = await change(scim, group, {"op": "remove", "path": f'members[value eq "{user["id"]}"]'})
        assert not after.get("members")

    async def test_25_delete(self, scim: httpx.AsyncClient) -> None:
        group = await create_group(scim, "G")
        assert (await scim.delete(place_of(group))).status_code == 204
        assert_error(await scim.get(place_of(group)), 404)


class TestPreview:
    async def test_p1_several_operations_on_different_attributes(self, scim: httpx.AsyncClient) -> None:
        user = await create(scim, "/Users", full_user())
        after = await change(
            scim,
            user,
            {"op": "remove", "path": "title"},
            {"op": "add", "path": "nickName", "value": "Rosi"},
            {"op": "replace", "path": "displayName", "value": "Rosi"},
        )
        assert ("title" in after, after["nickName"], after["displayName"]) == (False, "Rosi", "Rosi")

    async def test_p2_several_operations_on_the_same_attribute(self, scim: httpx.AsyncClient) -> None:
        user = await create(scim, "/Users", full_user())
        after = await change(
            scim,
            user,
            {"op": "remove", "path": "displayName"},
            {"op": "add", "path": "displayName", "value": "first"},
            {"op": "replace", "path": "displayName", "value": "last"},
        )
        assert after["displayName"] == "last"

    async def test_p3_delete_a_user_that_is_not_there(self, scim: httpx.AsyncClient) -> None:
        assert_error(await scim.delete(f"/Users/{uuid4()}"), 404)

    async def test_p4_delete_a_user_twice(self, scim: httpx.AsyncClient) -> None:
        user = await create_user(scim)
        assert [(await scim.delete(place_of(user))).status_code for _ in range(2)] == [204, 404]

    async def test_p5_add_and_remove_a_member_in_one_patch(self, scim: httpx.AsyncClient) -> None:
        user, group = await create_user(scim), await create_group(scim, "G")
        after = await change(
            scim,
            group,
            {"op": "add", "path": "members", "value": [{"value": user["id"]}]},
            {"op": "remove", "path": f'members[value eq "{user["id"]}"]'},
        )
        assert not after.get("members")

    async def test_p6_delete_a_group_that_is_not_there(self, scim: httpx.AsyncClient) -> None:
        assert_error(await scim.delete(f"/Groups/{uuid4()}"), 404)

    async def test_p7_delete_a_group_twice(self, scim: httpx.AsyncClient) -> None:
        group = await create_group(scim, "G")
        assert [(await scim.delete(place_of(group))).status_code for _ in range(2)] == [204, 404]
