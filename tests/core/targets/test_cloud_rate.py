"""The rate of Atlassian's admin APIs is kept: by `Retry-After`, or by the end of the window that is told."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from scripted import Bench, Clock, Reply

from core.sandbox.cloud import Cloud, LocalAccount, RateLimit, RateLimitedApp
from core.targets.answer import Answer
from core.targets.auth import BearerAuth
from core.targets.cloud import Cloud as Target
from core.targets.http import Http
from core.targets.pacing import LONGEST_PAUSE, Pacing, retry_after, window_left
from core.targets.protocol import Unavailable

WALL = 1_700_000_000.0
RESET = "2023-11-14T22:13:50Z"
"""30 seconds after `WALL`."""


def told(left: int, reset: str = RESET, status: int = 200, **more: str) -> Answer:
    headers = {"x-ratelimit-limit": "10", "x-ratelimit-remaining": str(left), "x-ratelimit-reset": reset}
    return Answer(status, headers | {name.replace("_", "-"): value for name, value in more.items()}, b"")


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (told(0, status=429), 30.0),
        (told(0, status=429, retry_after="7"), 7.0),
        (told(0, reset="2023-11-14T22:13:50", status=429), 30.0),
        (told(0, reset="2023-11-14T23:13:50+01:00", status=429), 30.0),
        (told(0, status=429, date="Tue, 14 Nov 2023 22:13:45 GMT"), 5.0),
        (told(0, reset="2023-11-14T22:00:00Z", status=429), 0.0),
        (told(0, reset="soon", status=429), 0.0),
        (told(3, status=429), 0.0),
        (Answer(429, {}, b""), 0.0),
    ],
)
def test_without_retry_after_the_end_of_the_window_says_when_to_come_back(answer: Answer, seconds: float) -> None:
    assert retry_after(answer, WALL) == seconds


def test_the_end_of_a_window_is_a_date_by_the_answers_own_clock() -> None:
    assert window_left(told(1), WALL) == 30.0
    assert window_left(Answer(200, {}, b""), WALL) == 0.0


async def starts(pacing: Pacing, clock: Clock, callers: int) -> list[float]:
    """When each of so many callers that ask at the same time may start, in seconds from now."""
    now = clock.now

    async def start() -> float:
        await pacing.turn(float("inf"))
        return clock.now - now

    return sorted(await asyncio.gather(*(start() for _ in range(callers))))


def in_seconds(clock: Clock, seconds: float) -> str:
    return datetime.fromtimestamp(clock.timing.wall() + seconds, UTC).isoformat()


async def test_only_as_many_calls_start_as_the_window_has_left_and_the_others_at_its_end() -> None:
    clock = Clock()
    pacing = Pacing(8, clock.timing)
    pacing.learn(told(2, in_seconds(clock, 50)), clock.now)
    assert await starts(pacing, clock, 6) == pytest.approx([0, 0, 50, 50, 50, 50])


async def test_into_the_next_window_start_no_more_than_its_limit() -> None:
    clock = Clock()
    pacing = Pacing(8, clock.timing)
    pacing.learn(told(0, in_seconds(clock, 50)), clock.now)
    assert await starts(pacing, clock, 11) == pytest.approx([50.0] * 10 + [110.0])


async def test_a_window_without_an_end_in_sight_is_not_believed() -> None:
    clock = Clock()
    pacing = Pacing(8, clock.timing)
    pacing.learn(told(0, "2999-01-01T00:00:00Z"), clock.now)
    assert await starts(pacing, clock, 1) == pytest.approx([LONGEST_PAUSE])


async def test_a_limit_that_outlasts_all_patience_is_told_with_what_helps_here() -> None:
    reply = Reply(429, b'{"error":"Too many requests"}', {"Retry-After": "800"})
    with pytest.raises(Unavailable) as caught:
        await Target(Bench(reply).http).find_account("jane")
    assert caught.value.status == 429
    assert "in_flight" in caught.value.remedy


@pytest.mark.parametrize("has_retry_after", [True, False])
async def test_a_limited_directory_is_listed_whole_with_hardly_a_429(has_retry_after: bool) -> None:
    people = [LocalAccount(f"u{n:04}", f"User {n}", f"u{n}@example.com") for n in range(1500)]
    cloud, timing = Cloud.with_defaults(people), Clock().timing
    limited = RateLimitedApp(cloud.app, RateLimit(5, 20, has_retry_after), timing.wall)
    http = Http(
        f"http://cloud.example.com{cloud.context_path}",
        party="cloud",
        auth=BearerAuth(cloud.issue_key()),
        log=lambda _: None,
        timing=timing,
        transport=httpx.ASGITransport(limited),
    )
    target = Target(http, timing)
    names = {account.name async for account in target.list_accounts()}
    assert len(names) == 1500
    found = await asyncio.gather(*(target.find_account(f"u{n:04}") for n in range(20)))
    assert all(found)
    assert limited.refused <= 10
    await target.aclose()
