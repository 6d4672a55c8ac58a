"""HTTP clients that hold one connection each, as many as there are calls in flight.

One client with a pool of connections looks at all of them for every request, and at each with a system call: with
sixteen of them that costs more than the request itself.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

_ONE = httpx.Limits(max_connections=1, keepalive_expiry=5.0)


@dataclass(slots=True)
class Lent:
    """A client that is lent out."""

    client: httpx.AsyncClient
    is_sound: bool = False
    """Whether its call came to its end; to be set by who borrows it."""


class Clients:
    """Lends out clients, all alike, the one that came back last first: its connection is the warmest.

    They keep no cookies. Without a `proxy` the environment's (`HTTPS_PROXY`, `NO_PROXY`) holds.
    """

    def __init__(
        self,
        *,
        headers: Mapping[str, str],
        timeout: httpx.Timeout,
        verify: ssl.SSLContext,
        proxy: str | None,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._headers = headers
        self._timeout = timeout
        self._verify = verify
        self._proxy = proxy
        self._transport = transport
        self._idle: list[httpx.AsyncClient] = []
        self._broken: list[httpx.AsyncClient] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator["Lent"]:
        """A client that nobody else uses meanwhile."""
        await self._close(self._broken)
        lent = Lent(self._idle.pop() if self._idle else self._made())
        try:
            yield lent
        finally:
            # One whose call was given up midway may never get its connection back.
            (self._idle if lent.is_sound else self._broken).append(lent.client)

    async def aclose(self) -> None:
        """Close the connections of those that nobody uses."""
        await self._close(self._idle)
        await self._close(self._broken)

    async def _close(self, clients: list[httpx.AsyncClient]) -> None:
        while clients:
            await clients.pop().aclose()

    def _made(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers=self._headers,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=self._timeout,
            limits=_ONE,
            verify=self._verify,
            proxy=self._proxy,
            transport=self._transport,
        )
