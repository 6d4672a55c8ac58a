"""A product that answers what a test has written down, and a clock that a test can look at."""

import asyncio
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.exchange import Exchange
from core.targets.auth import Auth, BearerAuth
from core.targets.http import Http, Limits
from core.targets.timing import Timing

BASE_URL = "http://wiki.example.com/confluence"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Seen:
    at: float
    line: str
    headers: Mapping[str, str]
    body: bytes


class Product:
    """Gives its replies in order, the last one for ever, and remembers what it was asked."""

    def __init__(self, clock: "Clock", replies: Iterable[Reply]) -> None:
        self._clock = clock
        self.replies = list(replies)
        self.seen: list[Seen] = []
        self.in_flight = 0
        self.most_in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        request = Request(scope, receive)
        query = scope["query_string"].decode()
        line = f"{request.method} {scope['raw_path'].decode()}{'?' + query if query else ''}"
        self.seen.append(Seen(self._clock.now, line, dict(request.headers), await request.body()))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        await asyncio.sleep(0)
        self.in_flight -= 1
        await Response(reply.body, reply.status, dict(reply.headers), reply.media_type)(scope, receive, send)

    @property
    def lines(self) -> list[str]:
        return [seen.line for seen in self.seen]


class Clock:
    """Time that passes only while everybody sleeps. Chance always falls on `chance`."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.chance = 0.5
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._waking: asyncio.Task[None] | None = None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        sleeper = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, len(self.slept), sleeper))
        if self._waking is None or self._waking.done():
            self._waking = asyncio.create_task(self._wake())
        await sleeper

    async def _wake(self) -> None:
        while self._sleepers:
            for _ in range(30):  # whoever is awake does what it can at this moment
                await asyncio.sleep(0)
            wake, _, sleeper = heapq.heappop(self._sleepers)
            self.now = max(self.now, wake)
            if not sleeper.done():
                sleeper.set_result(None)

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.now, lambda: 1_700_000_000 + self.now, self.sleep, lambda: self.chance)


TOKEN = BearerAuth("s3cret")
LIMITS = Limits()


class Bench:
    """One `Http` before one product, with its log."""

    def __init__(self, *replies: Reply, auth: Auth = TOKEN, limits: Limits = LIMITS) -> None:
        self.clock = Clock()
        self.product = Product(self.clock, replies)
        self.log: list[Exchange] = []
        self.http = Http(
            BASE_URL,
            party="wiki",
            auth=auth,
            log=self.log.append,
            limits=limits,
            timing=self.clock.timing,
            transport=httpx.ASGITransport(self.product),
        )
