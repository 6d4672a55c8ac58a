"""Faults for any simulator: what networks, proxies and overloaded products do to a client, on purpose and repeatably.

`FaultyApp` wraps a simulator and meets each request with a fault by chance. What a request meets depends only on the
seed, the request line, and how often that line was seen before, so a run repeats itself even when many requests are
in flight at once. Faults after the commit let the simulator do its work and then withhold the answer: the case that
a client must settle by reading back. Connections are dropped at the socket, not by an HTTP answer.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.sandbox.serving import HANG_UP


class Fault(StrEnum):
    """One kind of fault."""

    LATENCY = "latency"
    """The answer comes late; may happen together with one of the others."""
    RATE_LIMITED = "rate-limited"
    """429 with `Retry-After`; nothing was done."""
    RATE_LIMITED_SILENTLY = "rate-limited-silently"
    """429 without a word on when to come back; nothing was done."""
    SERVER_ERROR = "server-error"
    """500 with an HTML page; nothing was done."""
    UNAVAILABLE = "unavailable"
    """503 with a proxy's HTML page; nothing was done."""
    TIMEOUT_AFTER_COMMIT = "timeout-after-commit"
    """The effect happens, the answer does not come while a client waits."""
    DROPPED_CONNECTION = "dropped-connection"
    """The connection is closed without an answer; nothing was done."""
    DROPPED_AFTER_COMMIT = "dropped-after-commit"
    """The effect happens, the connection is closed without an answer."""


_AFTER_COMMIT = frozenset({Fault.TIMEOUT_AFTER_COMMIT, Fault.DROPPED_AFTER_COMMIT})


@dataclass(frozen=True, slots=True)
class Faults:
    """How often each kind happens, in percent of all requests (0 to 100) and in the order of `Fault`; and its sizes.

    Every kind is drawn by itself; where several would hit one request, one of them is chosen, each as likely as the
    other. Only latency adds to another fault.
    """

    latency: float = 0
    rate_limited: float = 0
    rate_limited_silently: float = 0
    server_error: float = 0
    unavailable: float = 0
    timeout_after_commit: float = 0
    dropped_connection: float = 0
    dropped_after_commit: float = 0

    latency_milliseconds: tuple[int, int] = (50, 400)
    """Shortest and longest delay."""
    retry_after_seconds: int = 1
    hold_seconds: float = 10.0
    """How long an answer is withheld by `timeout_after_commit`; after that, the connection is closed.

    It times a client out only when it is longer than the client's own time-out.
    """

    @classmethod
    def every(cls, percent: float) -> Self:
        """All kinds at the same rate; `dataclasses.replace` sets the sizes."""
        return cls(percent, percent, percent, percent, percent, percent, percent, percent)

    def percent(self, kind: Fault) -> float:
        """How often `kind` happens."""
        rate: float = getattr(self, kind.name.lower())
        return rate


NO_FAULTS = Faults()


class FaultyApp:
    """An ASGI application that stands in front of another and spoils some of its answers.

    `faults` may be exchanged at any time. `met` counts the faults that happened, by kind. Dropped connections need
    the server of `core.sandbox.serving`.
    """

    def __init__(self, app: ASGIApp, faults: Faults = NO_FAULTS, seed: int = 0) -> None:
        self.app = app
        self.faults = faults
        self.met: Counter[Fault] = Counter()
        self._seed = seed
        self._seen: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or do to it what chance demands."""
        faults = self.faults
        if scope["type"] != "http" or faults == NO_FAULTS:
            await self.app(scope, receive, send)
            return
        chance = self._chance(scope)
        if chance.random() * 100 < faults.latency:
            self.met[Fault.LATENCY] += 1
            await asyncio.sleep(chance.uniform(*faults.latency_milliseconds) / 1000)
        kind = _draw(faults, chance)
        if kind is None:
            await self.app(scope, receive, send)
            return
        self.met[kind] += 1
        if kind in _AFTER_COMMIT:
            await self.app(scope, receive, _withhold)
        if kind is Fault.TIMEOUT_AFTER_COMMIT:
            await _wait_for_the_client_to_leave(receive, faults.hold_seconds)
        if kind in _AFTER_COMMIT or kind is Fault.DROPPED_CONNECTION:
            scope["extensions"][HANG_UP](chance.random() < 0.5)
            await _wait_for_the_client_to_leave(receive, None)
        else:
            await _refusal(kind, faults)(scope, receive, send)

    def _chance(self, scope: Scope) -> random.Random:
        line = f"{scope['method']} {scope['raw_path'].decode('latin-1')}?{scope['query_string'].decode('latin-1')}"
        self._seen[line] += 1
        return random.Random(f"{self._seed} {self._seen[line]} {line}")


def _draw(faults: Faults, chance: random.Random) -> Fault | None:
    hits = [kind for kind in Fault if kind is not Fault.LATENCY and chance.random() * 100 < faults.percent(kind)]
    return chance.choice(hits) if hits else None


async def _withhold(message: Message) -> None:
    """Take the simulator's answer and send nothing."""


async def _wait_for_the_client_to_leave(receive: Receive, seconds: float | None) -> None:
    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(gone(), seconds)
    except TimeoutError:
        return


def _refusal(kind: Fault, faults: Faults) -> Response:
    if kind is Fault.SERVER_ERROR:
        return HTMLResponse(_page("HTTP Status 500 – Internal Server Error"), 500)
    if kind is Fault.UNAVAILABLE:
        return HTMLResponse(_page("503 Service Temporarily Unavailable"), 503)
    headers = {"Retry-After": str(faults.retry_after_seconds)} if kind is Fault.RATE_LIMITED else {}
    return JSONResponse({"message": "Rate limit exceeded."}, 429, headers)


def _page(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
