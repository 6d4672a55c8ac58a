"""Failed attempts wait, the longer the more there were."""

import asyncio

from core.scim.slowing import (
    FIRST_SECONDS,
    FORGOTTEN_SECONDS,
    LONGEST_SECONDS,
    REMEMBERED,
    UNSLOWED,
    WAITING_AT_MOST,
    Slowing,
)


class Time:
    """A clock that stands still unless told, and sleeps that are only noted."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def slowing(time: Time) -> Slowing:
    return Slowing(time.clock, time.sleep)


async def fail(slow: Slowing, client: str, times: int) -> None:
    for _ in range(times):
        await slow.failed(client)


async def test_a_few_failures_are_answered_at_once_and_then_each_waits_twice_as_long_up_to_a_limit() -> None:
    time = Time()
    await fail(slowing(time), "192.0.2.7", UNSLOWED + 8)
    assert time.slept[:4] == [FIRST_SECONDS, 2 * FIRST_SECONDS, 4 * FIRST_SECONDS, 8 * FIRST_SECONDS]
    assert time.slept[-1] == LONGEST_SECONDS
    assert len(time.slept) == 8


async def test_each_address_has_its_own_failures() -> None:
    time = Time()
    slow = slowing(time)
    await fail(slow, "192.0.2.7", UNSLOWED)
    await fail(slow, "192.0.2.8", UNSLOWED)
    assert time.slept == []


async def test_addresses_of_one_ipv6_customer_count_as_one() -> None:
    time = Time()
    slow = slowing(time)
    for number in range(UNSLOWED + 1):
        await slow.failed(f"2001:db8:0:1::{number:x}")
    assert time.slept == [FIRST_SECONDS]


async def test_after_a_while_without_a_failure_an_address_begins_anew() -> None:
    time = Time()
    slow = slowing(time)
    await fail(slow, "192.0.2.7", UNSLOWED)
    time.now += FORGOTTEN_SECONDS + 1
    await fail(slow, "192.0.2.7", UNSLOWED)
    assert time.slept == []


async def test_the_memory_is_bounded_and_the_stalest_address_forgotten_first() -> None:
    time = Time()
    slow = slowing(time)
    await fail(slow, "203.0.113.5", UNSLOWED)
    for number in range(REMEMBERED):
        await slow.failed(f"10.0.{number // 256}.{number % 256}")
    await slow.failed("203.0.113.5")
    assert time.slept == []


async def test_only_so_many_wait_at_the_same_time_and_the_others_not_at_all() -> None:
    held = asyncio.Event()

    async def hold(_seconds: float) -> None:
        await held.wait()

    slow = Slowing(lambda: 100.0, hold)
    waiting = [asyncio.create_task(slow.failed("192.0.2.7")) for _ in range(UNSLOWED + WAITING_AT_MOST)]
    await asyncio.sleep(0)
    assert sum(not task.done() for task in waiting) == WAITING_AT_MOST
    await asyncio.wait_for(slow.failed("192.0.2.7"), 5)
    held.set()
    await asyncio.gather(*waiting)
    held.clear()
    late = asyncio.create_task(slow.failed("192.0.2.7"))
    await asyncio.sleep(0)
    assert not late.done()
    held.set()
    await late
