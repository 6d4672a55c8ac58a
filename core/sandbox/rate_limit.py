"""The rate limiting of Atlassian Data Center products: a token bucket per user, told in headers on every answer.

Source: Atlassian's "Improving instance stability with rate limiting". An administrator sets how many requests a user
may make per interval and how many may be saved up; here the interval is one second. It is off unless wanted, as in
the products.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INTERVAL_SECONDS = 1


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What one user may do: `per_second` new requests each second, and at most `burst` saved up."""

    per_second: int
    burst: int


@dataclass(slots=True)
class _Bucket:
    tokens: int
    filled_at: float


class RateLimitedApp:
    """An ASGI application that stands in front of a simulator and answers 429 to a user whose bucket is empty.

    Users are told apart by their `Authorization` header. `clock` counts seconds and never goes back.
    """

    def __init__(self, app: ASGIApp, limit: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.limit = limit
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through with the four headers, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        now = self._clock()
        bucket = self._filled_bucket(Headers(scope=scope).get("authorization", ""), now)
        allowed = bucket.tokens > 0
        bucket.tokens -= allowed
        told = {
            "X-RateLimit-Limit": str(self.limit.burst),
            "X-RateLimit-Remaining": str(bucket.tokens),
            "X-RateLimit-Interval-Seconds": str(_INTERVAL_SECONDS),
            "X-RateLimit-FillRate": str(self.limit.per_second),
            "Retry-After": str(0 if bucket.tokens else _seconds_to_next_fill(bucket, now)),
        }
        if not allowed:
            await JSONResponse({"message": "Rate limit exceeded."}, 429, told)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _filled_bucket(self, user: str, now: float) -> _Bucket:
        bucket = self._buckets.setdefault(user, _Bucket(self.limit.burst, now))
        intervals = int((now - bucket.filled_at) // _INTERVAL_SECONDS)
        bucket.tokens = min(self.limit.burst, bucket.tokens + intervals * self.limit.per_second)
        bucket.filled_at += intervals * _INTERVAL_SECONDS
        return bucket


def _seconds_to_next_fill(bucket: _Bucket, now: float) -> int:
    return max(1, math.ceil(bucket.filled_at + _INTERVAL_SECONDS - now))
