"""A Jira target before a simulated Jira on a real socket, with everything that a test wants to look at afterwards."""

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from breaking import BreakingApp
from simulated_site import Hurry
from starlette.types import Receive, Scope, Send

from core.exchange import Exchange
from core.sandbox.jira import Effect
from core.sandbox.jira import Jira as Simulator
from core.sandbox.serving import serve
from core.targets.auth import Auth, BearerAuth
from core.targets.http import Http
from core.targets.jira import Jira

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody."""


@dataclass
class JiraSite:
    """One simulated instance and the target that speaks to it."""

    simulator: Simulator
    token: str
    log: list[Exchange] = field(default_factory=list)
    meddle: Callable[[str, str], None] = lambda method, path: None
    """Called with each request before the instance sees it."""
    hurry: Hurry = field(default_factory=Hurry)
    breaking: BreakingApp = field(init=False)
    http: Http = field(init=False)
    target: Jira = field(init=False)

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
async def jira_site(
    simulator: Simulator,
    *,
    auth: Auth | None = None,
    directory: str | None = None,
    applications: Sequence[str] | None = None,
) -> AsyncIterator[JiraSite]:
    """Serve `simulator` and connect a target to it: with a token of its administrator, unless `auth` says otherwise."""
    bearer = auth or BearerAuth(simulator.issue_token())
    site = JiraSite(simulator, bearer.token if isinstance(bearer, BearerAuth) else "")
    site.breaking = BreakingApp(site)
    async with serve(site.breaking) as url:
        # Nobody speaks TLS here, and reading the system's authorities takes longer than most of these tests.
        with patch("core.targets.http.trusted", return_value=_NO_TLS):
            site.http = Http(
                url + simulator.context_path,
                party="tracker",
                auth=bearer,
                log=site.log.append,
                timing=site.hurry.timing,
            )
        site.target = Jira(site.http, site.hurry.timing, directory=directory, applications=applications)
        try:
            yield site
        finally:
            await site.target.aclose()
