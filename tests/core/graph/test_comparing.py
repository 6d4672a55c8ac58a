"""The simulated Entra pushes by SCIM and keeps its log; one request is lost on the way, a stranger sends another."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from core.config.settings import ProviderSettings, Settings
from core.graph.beside import Beside
from core.graph.comparing import compare
from core.graph.errors import GraphError, PermissionMissing
from core.graph.provisioning_log import Status
from core.sandbox.directory import Directory
from core.sandbox.entra import EntraClient
from core.sandbox.graph import ENTERPRISE_APP, Graph, ProvisioningRow
from core.scim.listener import Listener
from core.scim.served import Served
from core.store import Store, tokens
from core.store.clock import now_ms
from tests.core.graph.signing import BASIC, SECRET
from tests.core.graph.world import PROVIDER
from tests.core.sandbox.graph.graph_sdk import SETTINGS, sent_to


class Keeping(httpx.AsyncBaseTransport):
    """Passes requests on and has Entra's log keep every change; loses those of whoever is called so."""

    def __init__(self, inner: httpx.AsyncBaseTransport, graph: Graph, lost: set[str]) -> None:
        self._inner, self._graph, self._lost = inner, graph, lost

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        place = re.search(r"/(User|Group)s(?:/([^/?]+))?$", request.url.path)
        if request.method == "GET" or place is None:
            return await self._inner.handle_async_request(request)
        sent = orjson.loads(await request.aread() or b"{}")
        name = sent.get("userName") or sent.get("displayName") or ""
        if name in self._lost:
            self._record(place[1], name, "")
            return httpx.Response(201, json={**sent, "id": "somewhere-else"}, request=request)
        answer = await self._inner.handle_async_request(request)
        made = orjson.loads(await answer.aread() or b"{}")
        self._record(place[1], name or made.get("displayName", ""), place[2] or made.get("id", ""), answer.is_success)
        return answer

    def _record(self, kind: Any, name: str, target: str, is_success: bool = True) -> None:
        status: Status = "success" if is_success else "failure"
        row = ProvisioningRow("object", name, target, action="create", status=status, kind=kind)
        self._graph.record_provisioning(row)


@asynccontextmanager
async def pushing(store: Store, graph: Graph, lost: set[str]) -> AsyncIterator[tuple[EntraClient, httpx.AsyncClient]]:
    """Entra, and a stranger who has its token."""
    token = store.writer.write_now(lambda tx: tokens.issue(tx, PROVIDER, "test"))
    listener = Listener(store, [Served(PROVIDER, [])], "https://scim.example.com", allow=[ip_network("0.0.0.0/0")])
    base = f"http://test/scim/{PROVIDER}/v2"
    own, signed = httpx.ASGITransport(listener), {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(transport=Keeping(own, graph, lost)) as http,
        httpx.AsyncClient(transport=own, base_url=base, headers=signed) as stranger,
    ):
        yield EntraClient(base, token, client=http), stranger


def provider(url: str, **settings: Any) -> ProviderSettings:
    reader = replace(BASIC, credential=SECRET, base_url=url, application=ENTERPRISE_APP.app_id, **settings)
    return ProviderSettings(PROVIDER, "entra", provisioning_log=reader)


async def compared(store: Store, url: str, since: int = 3_600_000) -> list[Beside]:
    store.writer.write_now(lambda tx: None)
    reads = provider(url)
    return await compare(
        store, Settings(path=Path("config.toml"), providers=(reads,)), reads, now_ms() - since,
        on_wait=lambda seconds, reason: None, transport=sent_to(url),
    )  # fmt: skip


@pytest.fixture
def graph() -> Graph:
    """Its clock is this machine's, as the log's is."""
    graph = Graph()
    graph.tenant.add_application(ENTERPRISE_APP)
    return graph


async def test_both_sides_agree_where_nothing_went_wrong(store: Store, graph: Graph, url: str) -> None:
    async with pushing(store, graph, set()) as (entra, _):
        report = await entra.initial_cycle(Directory.seeded(5, 1))
    assert report.failures == ()
    pairs = await compared(store, url)
    assert len(pairs) > 5
    assert {each.verdict for each in pairs} == {"agree"}


async def test_a_lost_request_and_a_strangers_are_told_apart(store: Store, graph: Graph, url: str) -> None:
    directory = Directory.seeded(3, 1)
    lost = directory.person(next(iter(directory.people))).user_principal_name
    async with pushing(store, graph, {lost}) as (entra, stranger):
        await entra.initial_cycle(directory)
        made = await stranger.post("/Users", json={"schemas": [], "userName": "mallory"})
        assert made.status_code == 201
    odd = {each.name: each.verdict for each in await compared(store, url) if each.verdict != "agree"}
    assert odd == {lost: "entra only", "mallory": "awaited"}


async def test_rows_of_other_applications_and_times_are_left_out(store: Store, graph: Graph, url: str) -> None:
    graph.record_provisioning(ProvisioningRow("u-1", "ada", "t-1", at="2020-01-01T00:00:00Z"))
    assert await compared(store, url) == []
    graph.tenant.applications.by_id.clear()
    graph.record_provisioning(ProvisioningRow("u-1", "ada", "t-1"))
    graph.tenant.add_application(ENTERPRISE_APP)
    assert await compared(store, url) == []


async def test_a_missing_permission_is_named_with_the_way_to_grant_it(store: Store, graph: Graph, url: str) -> None:
    graph.settings = replace(SETTINGS, permissions=SETTINGS.permissions - {"AuditLog.Read.All"})
    with pytest.raises(PermissionMissing, match=r"AuditLog\.Read\.All") as caught:
        await compared(store, url)
    assert "API permissions" in caught.value.remedy


async def test_a_provider_that_does_not_ask_for_it_is_refused(store: Store, url: str) -> None:
    plain = ProviderSettings(PROVIDER, "entra")
    with pytest.raises(GraphError, match="provisioning_log = true"):
        await compare(store, Settings(path=Path("x")), plain, 0, on_wait=lambda seconds, reason: None)
