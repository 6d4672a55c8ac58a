"""The rate limit of Atlassian's admin APIs: so many requests in a window, told on every answer.

Unlike the token buckets of the Data Center products it tells when the window ends, as a date in ISO 8601, and asks to
come back by then in `Retry-After`. Atlassian publishes no figures.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.sandbox.answers import Json
from core.sandbox.cloud.state import real_clock


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `requests` in each window of `seconds`."""

    requests: int
    seconds: float
    retry_after: bool = True
    """Whether a 429 has `Retry-After`, besides the date."""


class RateLimitedApp:
    """An ASGI application that stands in front of a simulated directory. `clock` tells seconds since 1970."""

    def __init__(self, app: ASGIApp, limit: RateLimit, clock: Callable[[], float] = real_clock) -> None:
        self.app = app
        self.limit = limit
        self.refused = 0
        """How many requests got a 429."""
        self._clock = clock
        self._ends = -math.inf
        self._left = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through with the headers, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        now = self._clock()
        if now >= self._ends:
            self._ends, self._left = now + self.limit.seconds, self.limit.requests
        allowed = self._left > 0
        self._left -= allowed
        told = {
            "X-RateLimit-Limit": str(self.limit.requests),
            "X-RateLimit-Remaining": str(self._left),
            "X-RateLimit-Reset": datetime.fromtimestamp(self._ends, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if not allowed:
            self.refused += 1
            pause = {"Retry-After": str(math.ceil(self._ends - now))} if self.limit.retry_after else {}
            await Json({"error": "Too many requests"}, 429, told | pause)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self.app(scope, receive, send_with_headers)
