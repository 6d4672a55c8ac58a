"""HTTP clients that hold one connection each, as many as there are calls in flight.

One client with a pool of connections looks at all of them for every request, and at each with a system call: with
sixteen of them that costs more than the request itself.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

_ONE = httpx.Limits(max_connections=1, keepalive_expiry=5.0)


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

    @asynccontextmanager
    async def one(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client that nobody else uses meanwhile."""
        client = self._idle.pop() if self._idle else self._made()
        try:
            yield client
        finally:
            self._idle.append(client)

    async def aclose(self) -> None:
        """Close the connections of those that nobody uses."""
        while self._idle:
            await self._idle.pop().aclose()

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
