"""A Cloud target before a simulated directory on a real socket, with everything that a test wants to look at."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from unittest.mock import patch

from breaking import BreakingApp
from simulated_site import Hurry
from starlette.types import Receive, Scope, Send

from core.exchange import Exchange
from core.sandbox.cloud import Cloud as Simulator
from core.sandbox.cloud import Effect
from core.sandbox.serving import serve
from core.targets.auth import BearerAuth
from core.targets.cloud import Cloud
from core.targets.http import Http, Limits

LIMITS = Limits()
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody."""


@dataclass
class CloudSite:
    """One simulated directory and the target that speaks to it."""

    simulator: Simulator
    key: str
    log: list[Exchange] = field(default_factory=list)
    meddle: Callable[[str, str], None] = lambda method, path: None
    """Called with each request before the directory sees it."""
    hurry: Hurry = field(default_factory=Hurry)
    breaking: BreakingApp = field(init=False)
    http: Http = field(init=False)
    target: Cloud = field(init=False)

    @property
    def effects(self) -> list[Effect]:
        return self.simulator.effects

    @property
    def lines(self) -> list[str]:
        """What was asked, without queries."""
        return [f"{each.method} {each.path.partition('?')[0]}" for each in self.log]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.meddle(scope["method"], scope["path"])
        await self.simulator.app(scope, receive, send)


@asynccontextmanager
async def cloud_site(
    simulator: Simulator | None = None,
    *,
    key: str | None = None,
    expires: date | None = None,
    path: str | None = None,
    limits: Limits = LIMITS,
) -> AsyncIterator[CloudSite]:
    """Serve `simulator` and connect a target to it, with an API key of its directory unless `key` says otherwise."""
    simulator = simulator or Simulator.with_defaults()
    site = CloudSite(simulator, key or simulator.issue_key())
    site.breaking = BreakingApp(site)
    async with serve(site.breaking) as url:
        # Nobody speaks TLS here, and reading the system's authorities takes longer than most of these tests.
        with patch("core.targets.http.trusted", return_value=_NO_TLS):
            site.http = Http(
                url + (simulator.context_path if path is None else path),
                party="cloud",
                auth=BearerAuth(site.key),
                log=site.log.append,
                limits=limits,
                timing=site.hurry.timing,
            )
        site.target = Cloud(site.http, site.hurry.timing, expires=expires)
        try:
            yield site
        finally:
            await site.target.aclose()
