from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from certificates import Certificates

from core.scim.listener import Listener, Served
from core.store import Store, tokens

LOCAL = [ip_network("127.0.0.0/8")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        yield store


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "certificates")


@pytest.fixture
def token(store: Store) -> str:
    return store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "test"))


@pytest.fixture
def listener(store: Store) -> Listener:
    return Listener(store, [Served("entra", ["wiki"]), Served("okta")], "https://scim.example.com", allow=LOCAL)


@pytest.fixture
async def entra(listener: Listener, token: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(listener),
        base_url="http://test/scim/entra/v2",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client
