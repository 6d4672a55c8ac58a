from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sandbox.graph import Graph
from core.sandbox.serving import serve_in_thread
from core.store import Store
from tests.core.graph.world import tenant_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


@pytest.fixture
def graph() -> Graph:
    return tenant_of(3)


@pytest.fixture
def url(graph: Graph) -> Iterator[str]:
    with serve_in_thread(graph.app) as url:
        yield url
