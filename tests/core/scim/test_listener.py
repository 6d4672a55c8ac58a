"""The listener as an IdP sees it: addresses, tokens, dialects, and the log."""

from typing import Any

import httpx
import pytest
from scim_calls import ENTERPRISE, GROUP, PATCH, USER, claimed, new_user
from sqlalchemy import select

from core.scim.service import MAX_BODY
from core.store import Store
from core.store.tables import Exchange, ExchangeBody, User


async def test_a_created_user_is_stored_pending_and_logged_in_one_commit(
    entra: httpx.AsyncClient, store: Store
) -> None:
    commits: list[int] = []
    store.writer.on_commit.append(lambda: commits.append(1))
    user = await new_user(entra)
    assert commits == [1]
    assert claimed(store) == {("user", user["id"])}
    with store.read() as connection:
        row = connection.execute(select(Exchange.id, Exchange.status, Exchange.subject, Exchange.outcome)).one()
        assert connection.execute(select(User.exchange)).scalar_one() == row.id
    assert tuple(row)[1:] == (201, "ada@example.com", "created")


async def test_locations_begin_with_the_public_url(entra: httpx.AsyncClient) -> None:
    user = await new_user(entra)
    assert user["meta"]["location"] == f"https://scim.example.com/scim/entra/v2/Users/{user['id']}"


async def test_the_connection_test_with_a_random_name_answers_200_and_an_empty_list(entra: httpx.AsyncClient) -> None:
    for path, attribute in (("/Users", "userName"), ("/Groups", "displayName")):
        answer = await entra.get(f'{path}?filter={attribute}+eq+"3fa85f64-5717-4562-b3fc-2c963f66afa6"')
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/scim+json")
        assert answer.json()["totalResults"] == 0


async def test_a_user_is_found_by_name_without_case_and_when_inactive(entra: httpx.AsyncClient) -> None:
    user = await new_user(entra, "Ada@Example.com", active=False)
    found = (await entra.get('/Users?filter=userName eq "ada@example.COM"')).json()
    assert [resource["id"] for resource in found["Resources"]] == [user["id"]]


async def test_a_second_user_of_the_same_name_is_refused_with_uniqueness_and_logged(
    entra: httpx.AsyncClient, store: Store
) -> None:
    await new_user(entra)
    answer = await entra.post("/Users", json={"schemas": [USER], "userName": "ADA@example.com"})
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert "ADA@example.com" in answer.json()["detail"]
    store.writer.write_now(lambda tx: None)  # what nobody waits for is committed with it
    with store.read() as connection:
        rows = connection.execute(select(Exchange.status, Exchange.outcome).order_by(Exchange.id)).all()
    assert [tuple(row) for row in rows] == [(201, "created"), (409, "uniqueness")]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic abc"])
async def test_without_a_valid_token_nothing_is_answered_but_401_with_a_challenge(
    entra: httpx.AsyncClient, header: str
) -> None:
    answer = await entra.get("/Users", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["status"] == "401"


async def test_a_token_opens_only_its_own_provider(entra: httpx.AsyncClient, token: str) -> None:
    answer = await entra.get("http://test/scim/okta/v2/Users", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


async def test_the_token_and_the_password_never_reach_the_store(
    entra: httpx.AsyncClient, store: Store, token: str
) -> None:
    await new_user(entra, password="hunter2-secret")
    await entra.get("/Users", headers={"Authorization": "Bearer stolen-token"})
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        rows = connection.execute(select(ExchangeBody.request_headers, ExchangeBody.request_body)).all()
    kept = b"".join(headers + body for headers, body in rows)
    assert len(rows) == 2
    for secret in (token, "hunter2-secret", "stolen-token"):
        assert secret.encode() not in kept


async def test_a_body_over_the_limit_is_413(entra: httpx.AsyncClient) -> None:
    answer = await entra.post("/Users", content=b"{" + b" " * MAX_BODY + b"}")
    assert (answer.status_code, answer.json()["status"]) == (413, "413")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"schemas":1}', b"\xff\xfe"])
async def test_a_malformed_body_is_400_and_stores_nothing(entra: httpx.AsyncClient, store: Store, body: bytes) -> None:
    answer = await entra.post("/Users", content=body, headers={"Content-Type": "application/scim+json"})
    assert answer.status_code == 400
    assert (await entra.get("/Users")).json()["totalResults"] == 0


async def test_health_is_200_while_the_store_takes_writes(entra: httpx.AsyncClient) -> None:
    assert (await entra.get("http://test/healthz")).status_code == 200


async def test_an_unknown_provider_is_404_in_words(entra: httpx.AsyncClient) -> None:
    answer = await entra.get("http://test/scim/nobody/v2/Users")
    assert answer.status_code == 404
    assert "base URL" in answer.text


async def test_slashes_too_many_route_the_same(entra: httpx.AsyncClient) -> None:
    assert (await entra.get("http://test/scim//entra/v2//Users/")).status_code == 200


async def patch(entra: httpx.AsyncClient, user: dict[str, Any], *operations: dict[str, Any]) -> dict[str, Any]:
    answer = await entra.patch(f"/Users/{user['id']}", json={"schemas": [PATCH], "Operations": operations})
    assert answer.status_code in (200, 204), answer.text
    document: dict[str, Any] = (await entra.get(f"/Users/{user['id']}")).json()
    return document


async def test_entras_legacy_patch_dialect_is_understood(entra: httpx.AsyncClient) -> None:
    user, boss = await new_user(entra), await new_user(entra, "boss")
    patched = await patch(
        entra,
        user,
        {"op": "Replace", "path": "displayName", "value": "Ada King"},
        {"op": "Replace", "path": "name.familyName", "value": "King"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.example"},
        {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "E-18"},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": boss["id"]},
        {"op": "Replace", "path": "active", "value": "False"},
    )
    assert patched["displayName"] == "Ada King"
    assert patched["name"]["familyName"] == "King"
    assert [(email["type"], email["value"]) for email in patched["emails"]] == [("work", "ada.king@contoso.example")]
    assert patched[ENTERPRISE]["employeeNumber"] == "E-18"
    assert patched[ENTERPRISE]["manager"]["value"] == boss["id"]
    assert patched["active"] is False


async def test_entras_compliant_patch_dialect_is_understood(entra: httpx.AsyncClient) -> None:
    user = await new_user(entra)
    patched = await patch(
        entra,
        user,
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.example"},
        {
            "op": "replace",
            "value": {
                "displayName": "Ada King",
                "name.givenName": "Ada",
                "active": False,
                f"{ENTERPRISE}:employeeNumber": "E-18",
            },
        },
    )
    assert (patched["displayName"], patched["name"]["givenName"], patched["active"]) == ("Ada King", "Ada", False)
    assert patched[ENTERPRISE]["employeeNumber"] == "E-18"
    assert patched["emails"][0]["value"] == "ada.king@contoso.example"


async def test_removing_members_by_a_list_of_values_removes_those_and_no_others(entra: httpx.AsyncClient) -> None:
    ada, ben, eva = [await new_user(entra, name) for name in ("ada", "ben", "eva")]
    members = [{"value": user["id"]} for user in (ada, ben, eva)]
    group = (await entra.post("/Groups", json={"schemas": [GROUP], "displayName": "G", "members": members})).json()
    operation = {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": ben["id"]}]}
    answer = await entra.patch(f"/Groups/{group['id']}", json={"schemas": [PATCH], "Operations": [operation]})
    assert answer.status_code in (200, 204)
    left = (await entra.get(f"/Groups/{group['id']}")).json()["members"]
    assert {member["value"] for member in left} == {ada["id"], eva["id"]}


async def test_memberships_survive_deactivation(entra: httpx.AsyncClient) -> None:
    ada = await new_user(entra)
    body = {"schemas": [GROUP], "displayName": "G", "members": [{"value": ada["id"]}]}
    group = (await entra.post("/Groups", json=body)).json()
    await patch(entra, ada, {"op": "Replace", "path": "active", "value": "False"})
    left = (await entra.get(f"/Groups/{group['id']}")).json()["members"]
    assert [member["value"] for member in left] == [ada["id"]]


async def test_the_log_names_the_tolerances_that_a_request_needed(entra: httpx.AsyncClient, store: Store) -> None:
    user = await new_user(entra)
    await patch(entra, user, {"op": "Replace", "path": "active", "value": "False"})
    with store.read() as connection:
        logged = connection.execute(select(ExchangeBody.response_headers)).scalars().all()
    assert sum(b"boolean-as-string" in headers for headers in logged) == 1
