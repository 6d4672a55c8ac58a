"""Reference D.3: the steps of Okta's SPEC and CRUD tests, in Okta's order and with its headers.

Okta sends `application/scim+json`, updates by PUT, and reads `userName` in whatever case it has.
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from protocol import ERROR, GROUP, LIST, PATCH_OP, USER, Document, assert_error
from providers import Provider

HEADERS = {"Content-Type": "application/scim+json", "Accept": "application/scim+json"}


def okta_user(name: str) -> Document:
    return {
        "schemas": [USER],
        "userName": name,
        "name": {"givenName": "Test", "familyName": "Testsson"},
        "emails": [{"primary": True, "value": name, "type": "work"}],
        "displayName": "Test Testsson",
        "locale": "en-US",
        "externalId": f"00u{uuid4().hex[:12]}",
        "groups": [],
        "password": "1mz050nq",
        "active": True,
    }


@pytest.fixture
async def okta(scim: httpx.AsyncClient) -> httpx.AsyncClient:
    """Okta's view of an endpoint that already has users, as its SPEC test needs."""
    scim.headers.update(HEADERS)
    for name in ("first@example.com", "second@example.com"):
        assert (await scim.post("/Users", json=okta_user(name))).status_code == 201
    return scim


async def one(okta: httpx.AsyncClient) -> Document:
    answer = await okta.get("/Users", params={"count": 1, "startIndex": 1})
    assert answer.status_code == 200
    document: Document = answer.json()
    assert document["schemas"] == [LIST]
    assert (type(document["itemsPerPage"]), type(document["startIndex"]), document["totalResults"]) == (int, int, 2)
    (user,) = document["Resources"]
    assert {"id", "userName", "name", "emails", "active"} <= user.keys()
    assert {"familyName", "givenName"} <= user["name"].keys()
    return dict(user)


async def named(okta: httpx.AsyncClient, name: str) -> list[Document]:
    answer = await okta.get("/Users", params={"filter": f'userName eq "{name}"', "startIndex": 1, "count": 100})
    assert (answer.status_code, answer.json()["schemas"]) == (200, [LIST])
    resources: list[Document] = answer.json()["Resources"]
    assert answer.json()["totalResults"] == len(resources)
    return resources


class TestSpec:
    async def test_r1_users_are_listed_one_to_a_page(self, okta: httpx.AsyncClient) -> None:
        await one(okta)

    async def test_r2_a_user_is_read_by_id(self, okta: httpx.AsyncClient) -> None:
        user = await one(okta)
        answer = await okta.get(f"/Users/{user['id']}")
        assert (answer.status_code, answer.json()) == (200, user)

    async def test_r3_a_filter_for_nobody_is_200_and_empty(self, okta: httpx.AsyncClient) -> None:
        assert await named(okta, f"{uuid4()}@example.com") == []

    async def test_r4_an_unknown_id_is_404_with_an_error(self, okta: httpx.AsyncClient) -> None:
        answer = await okta.get(f"/Users/{uuid4()}")
        assert_error(answer, 404)
        assert answer.json()["schemas"] == [ERROR]

    async def test_r5_to_r8_a_user_is_absent_created_and_then_there(self, okta: httpx.AsyncClient) -> None:
        name = f"Runscope{uuid4().hex}@okta.example.com"
        assert await named(okta, name) == []
        body = okta_user(name)
        answer = await okta.post("/Users", json=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 201
        user = answer.json()
        for key in ("userName", "name", "emails", "displayName", "active", "externalId", "locale"):
            assert user[key] == body[key]
        assert "password" not in user
        assert (await okta.get(f"/Users/{user['id']}")).json() == user

    async def test_r9_a_duplicate_is_409(self, okta: httpx.AsyncClient) -> None:
        assert_error(await okta.post("/Users", json=okta_user("first@example.com")), 409, "uniqueness")

    async def test_r10_the_user_name_is_found_in_upper_case(self, okta: httpx.AsyncClient) -> None:
        assert [user["userName"] for user in await named(okta, "FIRST@EXAMPLE.COM")] == ["first@example.com"]

    async def test_r11_groups_are_listed(self, okta: httpx.AsyncClient) -> None:
        answer = await okta.get("/Groups", params={"startIndex": 1, "count": 100})
        assert (answer.status_code, answer.json()["schemas"], answer.json()["totalResults"]) == (200, [LIST], 0)

    async def test_r12_a_wrong_token_is_401_and_an_unknown_id_404_each_with_a_body(
        self, okta: httpx.AsyncClient, provider: Provider
    ) -> None:
        async with provider.client("non-token") as client:
            assert_error(await client.get("/Users"), 401)
        assert_error(await okta.get("/Users/00919288221112222"), 404)


class TestCrud:
    async def test_the_connection_is_tested_with_two_users_on_a_page(self, okta: httpx.AsyncClient) -> None:
        answer = await okta.get("/Users", params={"startIndex": 1, "count": 2})
        assert (answer.status_code, len(answer.json()["Resources"])) == (200, 2)

    async def test_a_user_is_updated_by_put_with_what_was_read(self, okta: httpx.AsyncClient) -> None:
        user = await one(okta)
        user["name"]["givenName"] = "Another"
        user["displayName"] = "Another Testsson"
        answer = await okta.put(f"/Users/{user['id']}", json={**user, "password": "x"})
        assert answer.status_code == 200
        assert (answer.json()["name"]["givenName"], answer.json()["userName"]) == ("Another", user["userName"])
        assert (await okta.get(f"/Users/{user['id']}")).json() == answer.json()

    async def test_a_user_is_deactivated_and_reactivated_by_patch(self, okta: httpx.AsyncClient) -> None:
        user = await one(okta)
        for active in (False, True):
            body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "value": {"active": active}}]}
            answer = await okta.patch(f"/Users/{user['id']}", json=body)
            assert answer.status_code in (200, 204)
            assert (await okta.get(f"/Users/{user['id']}")).json()["active"] is active

    async def test_a_user_is_deactivated_by_put(self, okta: httpx.AsyncClient) -> None:
        user = await one(okta)
        answer = await okta.put(f"/Users/{user['id']}", json={**user, "active": False})
        assert (answer.status_code, answer.json()["active"]) == (200, False)

    async def test_a_group_is_pushed_changed_and_deleted(self, okta: httpx.AsyncClient) -> None:
        user = await one(okta)
        body: dict[str, Any] = {"schemas": [GROUP], "displayName": "Test SCIMv2", "members": []}
        answer = await okta.post("/Groups", json=body)
        assert answer.status_code == 201
        place = f"/Groups/{answer.json()['id']}"
        rename = {"op": "replace", "value": {"id": answer.json()["id"], "displayName": "Renamed SCIMv2"}}
        joined = {"op": "add", "path": "members", "value": [{"value": user["id"], "display": user["userName"]}]}
        for operation in (rename, joined):
            answer = await okta.patch(place, json={"schemas": [PATCH_OP], "Operations": [operation]})
            assert answer.status_code in (200, 204), answer.text
        group = (await okta.get(place)).json()
        assert (group["displayName"], [each["value"] for each in group["members"]]) == ("Renamed SCIMv2", [user["id"]])
        put = await okta.put(place, json={"schemas": [GROUP], "displayName": "Put SCIMv2", "members": []})
        assert (put.status_code, put.json()["displayName"], put.json().get("members", [])) == (200, "Put SCIMv2", [])
        assert (await okta.delete(place)).status_code == 204
        assert_error(await okta.get(place), 404)
