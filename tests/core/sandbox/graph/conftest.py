"""A simulated Graph on a socket, for clients that bring their own HTTP."""

from collections.abc import Iterator

import pytest

from core.sandbox.graph import Graph, Quirks
from core.sandbox.serving import serve_in_thread


@pytest.fixture
def graph() -> Graph:
    graph = Graph(quirks=Quirks(delta_page_size=2, empty_page_every=1))
    for number in range(5):
        graph.tenant.new_user(f"user{number}@contoso.example", f"User {number}", department="R&D")
    return graph


@pytest.fixture
def url(graph: Graph) -> Iterator[str]:
    with serve_in_thread(graph.app) as url:
        yield url
