"""A Crowd target before a simulated Crowd on a real socket, with everything that a test wants to look at afterwards."""

import ssl
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from unittest.mock import patch

from breaking import BreakingApp
from simulated_site import Hurry
from starlette.types import Receive, Scope, Send

from core.exchange import Exchange
from core.sandbox.crowd import APPLICATION, Effect
from core.sandbox.crowd import Crowd as Simulator
from core.sandbox.serving import serve
from core.targets.auth import Auth, BasicAuth
from core.targets.crowd import Crowd
from core.targets.http import Http

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody."""
KNOWN = BasicAuth(APPLICATION.name, APPLICATION.password)


@dataclass
class CrowdSite:
    """One simulated instance and the target that speaks to it."""

    simulator: Simulator
    log: list[Exchange] = field(default_factory=list)
    meddle: Callable[[str, str], None] = lambda method, path: None
    """Called with each request before the instance sees it."""
    hurry: Hurry = field(default_factory=Hurry)
    breaking: BreakingApp = field(init=False)
    http: Http = field(init=False)
    target: Crowd = field(init=False)

    @property
    def effects(self) -> list[Effect]:
        return self.simulator.effects

    @property
    def lines(self) -> list[str]:
        """What was asked, without queries, below the API."""
        paths = (each.path.partition("?")[0].removeprefix("/rest/usermanagement/1") for each in self.log)
        return [f"{each.method} {path}" for each, path in zip(self.log, paths, strict=True)]

    def change_password(self) -> None:
        """Give the application another password, which the target does not learn."""
        applications = (replace(self.simulator.settings.applications[0], password="another"),)
        self.simulator.settings = replace(self.simulator.settings, applications=applications)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.meddle(scope["method"], scope["path"])
        await self.simulator.app(scope, receive, send)


@asynccontextmanager
async def crowd_site(
    simulator: Simulator, *, auth: Auth = KNOWN, attributes: Collection[str] = ()
) -> AsyncIterator[CrowdSite]:
    """Serve `simulator` and connect a target to it, as the application of set-up unless `auth` says otherwise."""
    site = CrowdSite(simulator)
    site.breaking = BreakingApp(site)
    async with serve(site.breaking) as url:
        # Nobody speaks TLS here, and reading the system's authorities takes longer than most of these tests.
        with patch("core.targets.http.trusted", return_value=_NO_TLS):
            site.http = Http(
                url + simulator.context_path,
                party="people",
                auth=auth,
                log=site.log.append,
                timing=site.hurry.timing,
            )
        site.target = Crowd(site.http, site.hurry.timing, attributes=attributes)
        try:
            yield site
        finally:
            await site.target.aclose()
