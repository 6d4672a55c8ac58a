"""The pace of the calls to one target: learned from its answers, shared by all callers."""

import asyncio
from email.utils import formatdate

import pytest
from scripted import Bench, Clock, Reply

from core.targets.answer import Answer
from core.targets.http import Limits
from core.targets.pacing import LONGEST_PAUSE, Pacing, PausedTooLong, retry_after

FOREVER = float("inf")


def bucket(remaining: int, interval: int = 1, fill: int = 5) -> dict[str, str]:
    return {
        "x-ratelimit-limit": "60",
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-interval-seconds": str(interval),
        "x-ratelimit-fillrate": str(fill),
        "retry-after": "0",
    }


async def starts(pacing: Pacing, clock: Clock, callers: int) -> list[float]:
    """When each of so many callers that ask at the same time may start, in seconds from now."""
    now = clock.now

    async def start() -> float:
        await pacing.turn(FOREVER)
        return clock.now - now

    return sorted(await asyncio.gather(*(start() for _ in range(callers))))


async def test_without_any_sign_of_a_limit_nobody_waits() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    pacing.learn(Answer(200, {}, b""), clock.now)
    assert await starts(pacing, clock, 50) == [0.0] * 50


async def test_after_a_429_all_wait_out_the_same_pause_and_start_one_by_one() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    pacing.learn(Answer(429, {"retry-after": "7"}, b""), clock.now)
    waited = await starts(pacing, clock, 5)
    assert waited == pytest.approx([7.0, 7.02, 7.04, 7.06, 7.08])


async def test_a_pause_that_begins_while_a_caller_waits_for_its_turn_holds_for_it_too() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    pacing.learn(Answer(200, bucket(0, interval=2, fill=1), b""), clock.now)
    waiting = asyncio.create_task(starts(pacing, clock, 1))
    await asyncio.sleep(0)
    pacing.learn(Answer(429, {"retry-after": "30"}, b""), clock.now)
    assert await waiting == pytest.approx([30.0])


async def test_the_429s_of_calls_that_were_in_flight_together_count_once() -> None:
    clock = Clock()
    alone, herd = Pacing(8, clock.timing), Pacing(8, clock.timing)
    alone.learn(Answer(429, {}, b""), clock.now)
    for _ in range(8):
        herd.learn(Answer(429, {}, b""), clock.now)
    assert herd.spacing == alone.spacing > 0


async def test_a_429_without_retry_after_pauses_longer_each_time_until_enough_good_answers_come() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    pauses = []
    for _ in range(4):
        pacing.learn(Answer(429, {}, b""), clock.now)
        pauses += await starts(pacing, clock, 1)
    assert pauses == pytest.approx([0.25, 0.5, 1.0, 2.0])
    for _ in range(20):
        pacing.learn(Answer(200, {}, b""), clock.now)
    pacing.learn(Answer(429, {}, b""), clock.now)
    assert await starts(pacing, clock, 1) == pytest.approx([0.25])


async def test_one_good_answer_among_many_429s_does_not_make_the_pauses_short_again() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    for _ in range(6):
        pacing.learn(Answer(429, {}, b""), clock.now)
        (pause,) = await starts(pacing, clock, 1)
        pacing.learn(Answer(200, {}, b""), clock.now)
    assert pause > 3


async def test_a_bucket_that_runs_empty_slows_the_calls_to_the_rate_at_which_it_fills() -> None:
    clock = Clock()
    pacing = Pacing(2, clock.timing)
    pacing.learn(Answer(200, bucket(40), b""), clock.now)
    assert await starts(pacing, clock, 3) == [0.0] * 3
    pacing.learn(Answer(200, bucket(1), b""), clock.now)
    assert await starts(pacing, clock, 3) == pytest.approx([0.0, 1.0, 1.2], abs=0.01)


async def test_good_answers_bring_the_pace_back() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    pacing.learn(Answer(429, {"retry-after": "1"}, b""), clock.now)
    slow = pacing.spacing
    pacing.learn(Answer(200, {}, b""), clock.now)
    assert 0 < pacing.spacing < slow
    for _ in range(100):
        pacing.learn(Answer(200, {}, b""), clock.now)
    assert pacing.spacing == 0


async def test_a_503_pauses_everybody_only_if_it_says_for_how_long() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    pacing.learn(Answer(503, {}, b""), clock.now)
    assert await starts(pacing, clock, 1) == [0.0]
    pacing.learn(Answer(503, {"retry-after": "5"}, b""), clock.now)
    assert await starts(pacing, clock, 1) == pytest.approx([5.0])


async def test_a_caller_learns_that_the_pause_outlasts_its_patience() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    pacing.learn(Answer(429, {"retry-after": "60"}, b""), clock.now)
    with pytest.raises(PausedTooLong) as caught:
        await pacing.turn(clock.now + 59)
    assert caught.value.seconds == pytest.approx(60)
    assert await starts(pacing, clock, 1) == pytest.approx([60.0]), "who gives up takes nobody's turn"


async def test_an_absurd_pause_is_not_believed() -> None:
    clock = Clock()
    pacing = Pacing(4, clock.timing)
    pacing.learn(Answer(429, {"retry-after": "99999999"}, b""), clock.now)
    assert await starts(pacing, clock, 1) == pytest.approx([LONGEST_PAUSE])


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "0"}, 0),
        ({"retry-after": " 12 "}, 12),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "inf"}, 0),
        ({"retry-after": formatdate(1_700_000_030, usegmt=True)}, 30),
        ({"retry-after": formatdate(1_600_000_000, usegmt=True)}, 0),
        ({"retry-after": formatdate(90, usegmt=True), "date": formatdate(30, usegmt=True)}, 60),
        ({"retry-after": formatdate(1_700_000_030, usegmt=True), "date": "yesterday"}, 30),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date_by_the_answers_own_clock(
    headers: dict[str, str], seconds: float
) -> None:
    assert retry_after(Answer(429, headers, b""), wall=1_700_000_000) == pytest.approx(seconds)


async def test_the_limit_of_a_product_is_kept_by_many_callers_without_a_herd() -> None:
    """Token bucket of 10 with 5 a second, 60 callers at once: hardly any 429, and all are served."""
    bench = Bench(Reply(), limits=Limits(in_flight=8))
    product, tokens, last, refused = bench.product, 10.0, bench.clock.now, 0

    class Bucket(list[Reply]):
        def __getitem__(self, _: object) -> Reply:  # type: ignore[override]
            nonlocal tokens, last, refused
            tokens, last = min(10.0, tokens + (bench.clock.now - last) * 5), bench.clock.now
            if tokens < 1:
                refused += 1
                return Reply(429, headers={"retry-after": "1"})
            tokens -= 1
            return Reply(200, headers=bucket(int(tokens)))

    product.replies = Bucket([Reply()])
    answers = await asyncio.gather(*(bench.http.read("/x") for _ in range(60)))
    assert [answer.status for answer in answers] == [200] * 60
    assert refused <= 2
    assert bench.clock.now - 1_000.0 == pytest.approx((60 - 10) / 5, abs=4)
