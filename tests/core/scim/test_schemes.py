"""ServiceProviderConfig tells the truth about how a provider may authenticate."""

import base64
from typing import Any

import httpx
import pytest

from core.config.settings import ANYWHERE
from core.scim.listener import Listener
from core.scim.served import Served
from core.store import Store


async def config(store: Store, provider: Served) -> dict[str, Any]:
    """The configuration as it is shown to whoever has no token yet."""
    listener = Listener(store, [provider], "https://scim.example.com", allow=ANYWHERE)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as client:
        answer = await client.get("/scim/entra/v2/ServiceProviderConfig")
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.parametrize(
    ("basic", "types"),
    [(False, ["oauthbearertoken", "oauth2"]), (True, ["oauthbearertoken", "oauth2", "httpbasic"])],
)
async def test_basic_is_announced_where_it_is_taken_and_bearer_tokens_and_oauth_always(
    store: Store, basic: bool, types: list[str]
) -> None:
    document = await config(store, Served("entra", basic=basic))
    schemes = document["authenticationSchemes"]
    assert [scheme["type"] for scheme in schemes] == types
    assert [scheme["type"] for scheme in schemes if scheme.get("primary")] == ["oauthbearertoken"]
    assert all(scheme["name"] and scheme["description"] and scheme["specUri"] for scheme in schemes)


@pytest.mark.parametrize(("basic", "status"), [(False, 401), (True, 200)])
async def test_basic_is_taken_where_it_is_announced(store: Store, token: str, basic: bool, status: int) -> None:
    listener = Listener(store, [Served("entra", basic=basic)], "https://scim.example.com", allow=ANYWHERE)
    credentials = base64.b64encode(f"entra:{token}".encode()).decode()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener), base_url="http://test") as client:
        answer = await client.get("/scim/entra/v2/Users", headers={"Authorization": f"Basic {credentials}"})
    assert answer.status_code == status
