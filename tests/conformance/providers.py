"""Identity providers that are connected to the listener, each with a part of the store to itself."""

from dataclasses import dataclass
from ipaddress import ip_network
from itertools import count

import httpx

from core.scim.listener import Listener, Served
from core.store import Store, tokens

_numbers = count(1)


@dataclass(frozen=True)
class Provider:
    """One identity provider's connection."""

    name: str
    token: str
    listener: Listener

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.listener),
            base_url=f"http://test/scim/{self.name}/v2",
            headers={"Authorization": f"Bearer {self.token if token is None else token}"},
        )


def new_provider(store: Store) -> Provider:
    name = f"idp{next(_numbers)}"
    token = store.writer.write_now(lambda tx: tokens.issue(tx, name, "conformance"))
    listener = Listener(store, [Served(name, ["wiki"])], "https://scim.example.com", allow=[ip_network("127.0.0.0/8")])
    return Provider(name, token, listener)
