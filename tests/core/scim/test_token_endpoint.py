"""The OAuth 2.0 token endpoint as a client meets it (RFC 6749 §4.4, §5)."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import Any

import httpx
import pytest
from scim_calls import USER
from sqlalchemy import select

from core.redaction import MASK
from core.scim.listener import Listener
from core.scim.served import Served
from core.scim.token_endpoint import provider_of
from core.store import Store, oauth_clients, tokens
from core.store.oauth_clients import IssuedClient
from core.store.tables import Exchange, ExchangeBody

TOKEN = "/scim/entra/oauth/token"


@pytest.fixture
def issued(store: Store) -> IssuedClient:
    return store.writer.write_now(lambda tx: oauth_clients.issue_client(tx, "entra", "ada"))


@pytest.fixture
async def http(listener: Listener) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as client:
        yield client


def form(issued: IssuedClient, **more: str) -> dict[str, str]:
    grant = {"grant_type": "client_credentials", "client_id": issued.client_id, "client_secret": issued.secret}
    return grant | more


def logged(store: Store) -> list[Any]:
    store.writer.write_now(lambda tx: None)
    columns = (Exchange.party, Exchange.method, Exchange.path, Exchange.status, Exchange.outcome)
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(Exchange.id))]


async def test_a_client_gets_an_access_token_for_an_hour_that_no_cache_keeps(
    http: httpx.AsyncClient, issued: IssuedClient
) -> None:
    answer = await http.post(TOKEN, data=form(issued))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    document = answer.json()
    assert document.pop("access_token").startswith("mca_")
    assert document == {"token_type": "Bearer", "expires_in": 3600}


async def test_the_access_token_opens_the_provider(http: httpx.AsyncClient, issued: IssuedClient) -> None:
    token = (await http.post(TOKEN, data=form(issued))).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    user = {"schemas": [USER], "userName": "ada"}
    assert (await http.post("/scim/entra/v2/Users", json=user, headers=headers)).status_code == 201
    assert (await http.get("/scim/okta/v2/Users", headers=headers)).status_code == 403


async def test_a_client_may_say_who_it_is_by_basic(http: httpx.AsyncClient, issued: IssuedClient) -> None:
    grant = {"grant_type": "client_credentials"}
    answer = await http.post(TOKEN, data=grant, auth=(issued.client_id, issued.secret))
    assert answer.status_code == 200


async def test_two_clients_overlap_and_an_ended_one_takes_its_tokens_along(
    http: httpx.AsyncClient, store: Store, issued: IssuedClient
) -> None:
    second = store.writer.write_now(lambda tx: oauth_clients.issue_client(tx, "entra", "ada"))
    for client in (issued, second):
        assert (await http.post(TOKEN, data=form(client))).status_code == 200
    ended = (await http.post(TOKEN, data=form(issued))).json()["access_token"]
    store.writer.write_now(lambda tx: tokens.revoke(tx, 1))
    refusal = await http.post(TOKEN, data=form(issued))
    assert (refusal.status_code, refusal.json()["error"]) == (401, "invalid_client")
    assert "was revoked: enter a new one of `manciple token issue entra --oauth`" in refusal.json()["error_description"]
    answer = await http.get("/scim/entra/v2/Users", headers={"Authorization": f"Bearer {ended}"})
    assert answer.status_code == 401
    assert (await http.post(TOKEN, data=form(second))).status_code == 200


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"client_secret": "mcs_wrong"}, 401, "invalid_client"),
        ({"client_id": "mci_wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
    ],
)
async def test_a_refusal_is_one_of_rfc_6749_and_no_cache_keeps_it(
    http: httpx.AsyncClient, issued: IssuedClient, more: dict[str, str], status: int, error: str
) -> None:
    answer = await http.post(TOKEN, data=form(issued, **more))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_a_client_of_another_provider_is_told_to_compare_the_endpoint(
    http: httpx.AsyncClient, issued: IssuedClient
) -> None:
    answer = await http.post("/scim/okta/oauth/token", data=form(issued))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "belongs to another provider" in answer.json()["error_description"]
    assert "entra" not in answer.text


async def test_a_bearer_token_is_no_clients_secret(http: httpx.AsyncClient, token: str) -> None:
    answer = await http.post(TOKEN, data=form(IssuedClient(token[:8], token)))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_other_methods_are_405(http: httpx.AsyncClient) -> None:
    answer = await http.get(TOKEN)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_an_address_that_is_not_allowed_gets_no_token(store: Store, issued: IssuedClient) -> None:
    listener = Listener(store, [Served("entra")], "https://x", allow=[ip_network("192.0.2.0/24")])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as http:
        assert (await http.post(TOKEN, data=form(issued))).status_code == 403
    assert [row[:4] for row in logged(store)] == [("entra", "POST", "/oauth/token", 403)]


async def test_each_exchange_is_in_the_providers_log_and_no_secret_with_it(
    http: httpx.AsyncClient, store: Store, issued: IssuedClient
) -> None:
    token = (await http.post(TOKEN, data=form(issued))).json()["access_token"]
    await http.post(TOKEN, data={"grant_type": "client_credentials"}, auth=(issued.client_id, "mcs_guessed"))
    await http.post(f"{TOKEN}?client_secret={issued.secret}", json=form(issued))
    assert logged(store) == [
        ("entra", "POST", "/oauth/token", 200, "ok"),
        ("entra", "POST", "/oauth/token", 401, "invalid_client"),
        ("entra", "POST", f"/oauth/token?client_secret={MASK}", 400, "invalid_request"),
    ]
    with store.read() as connection:
        kept = str(connection.execute(select(ExchangeBody)).all()) + str(connection.execute(select(Exchange)).all())
        bodies = connection.execute(select(ExchangeBody.request_body)).scalars().all()
    assert not any(secret in kept for secret in (issued.secret, token, "mcs_guessed"))
    assert set(bodies) <= {b"", None}


async def test_the_use_of_a_client_is_noted(http: httpx.AsyncClient, store: Store, issued: IssuedClient) -> None:
    await http.post(TOKEN, data=form(issued))
    with store.read() as connection:
        [client] = tokens.listing(connection)
    assert client.last_used_at is not None


async def test_many_clients_may_ask_at_once(http: httpx.AsyncClient, issued: IssuedClient) -> None:
    answers = await asyncio.gather(*(http.post(TOKEN, data=form(issued)) for _ in range(20)))
    assert len({answer.json()["access_token"] for answer in answers}) == 20


@pytest.mark.parametrize(
    ("path", "provider"),
    [
        ("/scim/entra/oauth/token", "entra"),
        ("//scim/entra/oauth/token/", "entra"),
        ("/SCIM/entra/OAuth/Token", "entra"),
        ("/scim/entra/v2/token", None),
        ("/scim/entra/oauth", None),
        ("/scim/entra/oauth/token/x", None),
        ("/", None),
    ],
)
def test_the_endpoint_stands_beside_the_base_url(path: str, provider: str | None) -> None:
    assert provider_of(path) == provider
