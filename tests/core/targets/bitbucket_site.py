"""A Bitbucket target before a simulated Bitbucket on a real socket, with all that a test wants to look at."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from breaking import BreakingApp
from simulated_site import Hurry
from starlette.types import Receive, Scope, Send

from core.exchange import Exchange
from core.redaction import Bodies
from core.sandbox.bitbucket import Bitbucket as Simulator
from core.sandbox.bitbucket import Effect
from core.sandbox.serving import serve
from core.targets.auth import Auth, BearerAuth
from core.targets.bitbucket import Bitbucket
from core.targets.http import Http

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody."""


@dataclass
class BitbucketSite:
    """One simulated instance and the target that speaks to it."""

    simulator: Simulator
    token: str
    log: list[Exchange] = field(default_factory=list)
    meddle: Callable[[str, str], None] = lambda method, path: None
    """Called with each request before the instance sees it."""
    hurry: Hurry = field(default_factory=Hurry)
    breaking: BreakingApp = field(init=False)
    queries: list[bytes] = field(default_factory=list)
    """Of the requests as they arrived, before anything was masked."""
    http: Http = field(init=False)
    target: Bitbucket = field(init=False)

    @property
    def effects(self) -> list[Effect]:
        return self.simulator.effects

    @property
    def lines(self) -> list[str]:
        """What was asked, without queries."""
        return [f"{each.method} {each.path.partition('?')[0]}" for each in self.log]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.queries.append(scope["query_string"])
        self.meddle(scope["method"], scope["path"])
        await self.simulator.app(scope, receive, send)


@asynccontextmanager
async def bitbucket_site(
    simulator: Simulator, *, auth: Auth | None = None, directory: str | None = None, bodies: Bodies = "redacted"
) -> AsyncIterator[BitbucketSite]:
    """Serve `simulator` and connect a target to it: with an OAuth token of its administrator, or `auth`."""
    own = auth or BearerAuth(simulator.issue_oauth_token())
    site = BitbucketSite(simulator, own.token if isinstance(own, BearerAuth) else "")
    site.breaking = BreakingApp(site)
    async with serve(site.breaking) as url:
        # Nobody speaks TLS here, and reading the system's authorities takes longer than most of these tests.
        with patch("core.targets.http.trusted", return_value=_NO_TLS):
            site.http = Http(
                url + simulator.context_path,
                party="code",
                auth=own,
                log=site.log.append,
                bodies=bodies,
                timing=site.hurry.timing,
            )
        site.target = Bitbucket(site.http, site.hurry.timing, directory=directory)
        try:
            yield site
        finally:
            await site.target.aclose()
