"""One store for all tests, and for each test a provider of its own in it: no test sees what another one left."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from providers import Provider, new_provider

from core.store import Store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("conformance") / "manciple.db"
    with Store.open(f"sqlite:///{path}") as store:
        yield store


@pytest.fixture
def provider(store: Store) -> Provider:
    return new_provider(store)


@pytest.fixture
def other(store: Store) -> Provider:
    return new_provider(store)


@pytest.fixture
async def scim(provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    async with provider.client() as client:
        yield client
