"""The same over Microsoft's own SDK and a real socket: signed in, every exchange logged, nothing repeated unasked."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from core.config import load_settings
from core.graph.errors import SignInFailed
from core.graph.opening import opened
from core.graph.pull import Pulled, pull
from core.sandbox.graph import Graph
from core.sandbox.serving import serve_in_thread
from core.store import Store, graph_pulls
from tests.core.graph.world import World, tenant_of

pytestmark = pytest.mark.skipif(
    find_spec("msgraph") is None or find_spec("azure") is None, reason="msgraph-sdk and azure-identity are missing"
)


@pytest.fixture
def graph() -> Graph:
    return tenant_of(5, delta_page_size=2, empty_page_every=1)


@pytest.fixture
def url(graph: Graph) -> Iterator[str]:
    with serve_in_thread(graph.app) as url:
        yield url


async def pulled(store: Store, folder: Path, url: str, token: str) -> tuple[Pulled, list[Any], list[str]]:
    """A pull as the configuration has it, what it waited for, and what it warned of."""
    path = folder / "config.toml"
    path.write_text(
        '[[provider]]\nname = "entra"\nkind = "entra"\nmethod = "graph"\n[provider.graph]\nscope = "all"\n'
        f'base_url = "{url}"\ntoken = "{token}"\n'
    )
    settings = load_settings(path)
    waits: list[Any] = []
    warnings: list[str] = []
    async with opened(
        store, settings, settings.providers[0], tell=lambda text: None,
        on_wait=lambda seconds, reason: waits.append((seconds, reason)), warn=warnings.append,
    ) as session:  # fmt: skip
        return await pull(session), waits, warnings


async def test_a_pull_over_the_sdk_brings_the_same(store: Store, tmp_path: Path, graph: Graph, url: str) -> None:
    result, _, _ = await pulled(store, tmp_path, url, graph.issue_token())
    world = World(store, graph)
    assert world.active() == {f"user{n}@contoso.example" for n in range(5)}
    assert world.groups() == {"Wiki": world.active()}
    assert result.requests == len(world.exchanges()) == sum(graph.requests.values())


async def test_the_sdk_repeats_nothing_by_itself(store: Store, tmp_path: Path, graph: Graph, url: str) -> None:
    graph.throttle_next(1, 1)
    result, waits, _ = await pulled(store, tmp_path, url, graph.issue_token())
    assert waits == [(1.0, "throttled")]
    assert [each.status for each in World(store, graph).exchanges()].count(429) == 1
    assert result.waited == 1.0
    with store.read() as connection:
        row = graph_pulls.last(connection, "entra")
    assert row is not None
    assert (row.waited, row.requests, row.units) == (1000, result.requests, result.units)


async def test_a_token_that_is_over_is_told(store: Store, tmp_path: Path, graph: Graph, url: str) -> None:
    token = graph.issue_token()
    graph.revoke_token(token)
    with pytest.raises(SignInFailed):
        await pulled(store, tmp_path, url, token)


async def test_the_models_of_the_sdk_are_never_loaded(store: Store, tmp_path: Path, graph: Graph, url: str) -> None:
    before = {name for name in sys.modules if name.startswith("msgraph.generated.models")}
    await pulled(store, tmp_path, url, graph.issue_token())
    assert {name for name in sys.modules if name.startswith("msgraph.generated.models")} == before
