"""A target before a simulated Confluence on a real socket, with everything that a test wants to look at afterwards."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from starlette.types import Message, Receive, Scope, Send

from core.exchange import Exchange
from core.redaction import Bodies
from core.sandbox.confluence import Confluence as Simulator
from core.sandbox.confluence import Effect
from core.sandbox.faults import NO_FAULTS, Faults, FaultyApp
from core.sandbox.serving import serve
from core.targets.auth import Auth, BearerAuth
from core.targets.confluence import Confluence
from core.targets.http import Http, Limits
from core.targets.timing import Timing

LIMITS = Limits()
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody."""


class Hurry:
    """Time in which every sleep is over at once; the clock goes on by as much."""

    def __init__(self) -> None:
        self.slept = 0.0

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        await asyncio.sleep(0)

    @property
    def timing(self) -> Timing:
        return Timing(lambda: time.monotonic() + self.slept, lambda: time.time() + self.slept, self.sleep)


@dataclass
class Site:
    """One simulated instance and the target that speaks to it."""

    simulator: Simulator
    """May be exchanged for another, as an upgrade does; the token stays the same where the seed does."""
    token: str
    log: list[Exchange] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """Bodies of the requests as they arrived, before anything was masked."""
    meddle: Callable[[str, str], None] = lambda method, path: None
    """Called with each request before the instance sees it."""
    hurry: Hurry = field(default_factory=Hurry)
    faulty: FaultyApp = field(init=False)
    http: Http = field(init=False)
    target: Confluence = field(init=False)

    @property
    def effects(self) -> list[Effect]:
        return self.simulator.effects

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        self.bodies.append(message.get("body", b""))
        self.meddle(scope["method"], scope["path"])
        waiting = [message]

        async def replayed() -> Message:
            return waiting.pop() if waiting else await receive()

        await self.simulator.app(scope, replayed, send)


@asynccontextmanager
async def site(
    simulator: Simulator,
    *,
    auth: Auth | None = None,
    faults: Faults = NO_FAULTS,
    seed: int = 0,
    limits: Limits = LIMITS,
    bodies: Bodies = "redacted",
    directory: str | None = None,
) -> AsyncIterator[Site]:
    """Serve `simulator` and connect a target to it: with a token of its administrator, unless `auth` says otherwise."""
    wiki = Site(simulator, simulator.issue_token())
    wiki.faulty = FaultyApp(wiki, faults, seed)
    async with serve(wiki.faulty) as url:
        # Nobody speaks TLS here, and reading the system's authorities takes longer than most of these tests.
        with patch("core.targets.http.trusted", return_value=_NO_TLS):
            wiki.http = Http(
                url + simulator.context_path,
                party="wiki",
                auth=auth or BearerAuth(wiki.token),
                log=wiki.log.append,
                bodies=bodies,
                limits=limits,
                timing=wiki.hurry.timing,
            )
        wiki.target = Confluence(wiki.http, wiki.hurry.timing, directory=directory)
        try:
            yield wiki
        finally:
            await wiki.target.aclose()
