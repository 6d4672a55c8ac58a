"""Clock, sleep and chance of the outward calls as one value, so that tests can hand in their own."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Where time and chance come from."""

    monotonic: Callable[[], float] = time.monotonic
    """Seconds from an arbitrary start; only differences mean something."""
    wall: Callable[[], float] = time.time
    """Seconds since 1970-01-01 UTC."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    random: Callable[[], float] = random.random
    """A number in [0, 1)."""


REAL_TIME = Timing()
