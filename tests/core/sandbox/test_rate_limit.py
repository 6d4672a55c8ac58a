"""The token bucket of the Data Center products and the five headers by which a client can keep below it."""

import httpx
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from core.sandbox.rate_limit import RateLimit, RateLimitedApp


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def greet(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


def client_of(limit: RateLimit, clock: Clock) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(RateLimitedApp(greet, limit, clock))
    return httpx.AsyncClient(transport=transport, base_url="http://product")


def told(answer: httpx.Response) -> list[str]:
    names = ("Limit", "Remaining", "Interval-Seconds", "FillRate")
    return [*(answer.headers[f"X-RateLimit-{name}"] for name in names), answer.headers["Retry-After"]]


async def test_ordinary_answers_tell_what_is_left() -> None:
    async with client_of(RateLimit(per_second=2, burst=3), Clock()) as client:
        answer = await client.get("/")
        assert answer.status_code == 200
        assert told(answer) == ["3", "2", "1", "2", "0"]


async def test_the_request_after_the_last_token_is_refused_until_the_bucket_fills_again() -> None:
    clock = Clock()
    async with client_of(RateLimit(per_second=2, burst=3), clock) as client:
        assert [(await client.get("/")).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = await client.get("/")
        assert told(refused) == ["3", "0", "1", "2", "1"]
        assert refused.json() == {"message": "Rate limit exceeded."}
        clock.now += 1
        assert [(await client.get("/")).status_code for _ in range(3)] == [200, 200, 429]


async def test_no_more_than_the_burst_is_saved_up() -> None:
    clock = Clock()
    async with client_of(RateLimit(per_second=2, burst=3), clock) as client:
        clock.now += 3600
        assert [(await client.get("/")).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_each_user_has_a_bucket_of_his_own() -> None:
    async with client_of(RateLimit(per_second=1, burst=1), Clock()) as client:
        assert (await client.get("/", auth=("jane", "x"))).status_code == 200
        assert (await client.get("/", auth=("jane", "x"))).status_code == 429
        assert (await client.get("/", auth=("john", "x"))).status_code == 200
