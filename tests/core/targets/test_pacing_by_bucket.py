"""The pace against a token bucket that fills in lots, over minutes that pass in no time: the loop's clock jumps."""

import asyncio
import math
from dataclasses import dataclass, field

import pytest

from core.targets.answer import Answer
from core.targets.pacing import Pacing
from core.targets.timing import Timing

SECONDS = 30


class JumpingLoop(asyncio.SelectorEventLoop):
    """Whatever is scheduled next happens at once, at its own time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0]._when)
        super()._run_once()


@dataclass
class Product:
    """Gives `rate` tokens at the end of each second, keeps at most as many, and tells of them on every answer."""

    rate: int
    tokens: int = 0
    filled: float = 0.0
    answered: dict[int, int] = field(default_factory=lambda: {200: 0, 429: 0})

    def __post_init__(self) -> None:
        self.tokens = self.rate

    def answer(self, now: float) -> Answer:
        lots = math.floor(now - self.filled)
        self.tokens, self.filled = min(self.rate, self.tokens + lots * self.rate), self.filled + lots
        status = 200 if self.tokens else 429
        self.answered[status] += 1
        self.tokens -= status == 200
        told = {
            "x-ratelimit-limit": str(self.rate),
            "x-ratelimit-remaining": str(self.tokens),
            "x-ratelimit-interval-seconds": "1",
            "x-ratelimit-fillrate": str(self.rate),
            "retry-after": str(0 if self.tokens else max(1, math.ceil(self.filled + 1 - now))),
        }
        return Answer(status, told, b"")


async def busy(product: Product, in_flight: int, latency: float, calls: int) -> float:
    """Seconds until so many calls were taken."""
    loop = asyncio.get_running_loop()
    pacing = Pacing(in_flight, Timing(monotonic=loop.time, wall=loop.time, random=lambda: 0.5))

    async def caller() -> None:
        while product.answered[200] < calls:
            await pacing.turn(math.inf)
            started = loop.time()
            await asyncio.sleep(latency / 2)
            answer = product.answer(loop.time())
            await asyncio.sleep(latency / 2)
            pacing.learn(answer, started)

    await asyncio.gather(*(caller() for _ in range(in_flight)))
    return loop.time()


@pytest.mark.parametrize("in_flight", [8, 16])
@pytest.mark.parametrize("rate", [25, 100, 500])
def test_what_a_target_permits_is_used_and_hardly_a_call_is_answered_429(rate: int, in_flight: int) -> None:
    product = Product(rate)
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        took = runner.run(busy(product, in_flight, latency=0.004, calls=rate * SECONDS))
    permitted = rate + rate * took
    assert product.answered[200] / permitted >= 0.95
    assert product.answered[429] / sum(product.answered.values()) < 0.01


def test_a_slow_line_costs_no_more_than_its_own_time() -> None:
    product = Product(25)
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        took = runner.run(busy(product, 16, latency=0.2, calls=25 * SECONDS))
    assert took < 1.15 * SECONDS
    assert product.answered[429] < 0.01 * sum(product.answered.values())
