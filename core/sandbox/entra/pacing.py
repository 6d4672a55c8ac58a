"""How fast Entra sends: how many requests are under way at once, and how many start per second.

Entra does not limit itself for custom applications; 25 requests per second per tenant is what it asks a target to
bear (Microsoft, "Develop and plan provisioning for a SCIM endpoint").
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pacing:
    """The limits of one provisioning job."""

    in_flight: int = 8
    per_second: float | None = None
    """Requests started per second, evenly spread; None for as fast as the target answers."""

    def __post_init__(self) -> None:
        if self.in_flight < 1 or (self.per_second is not None and self.per_second <= 0):
            raise ValueError("Pacing needs at least one request in flight and a positive rate.")


UNPACED = Pacing()
PACED = Pacing(per_second=25)


class Pace:
    """Lets requests start at an even rate. The clock is in seconds and may start anywhere."""

    def __init__(
        self,
        per_second: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    async def turn(self) -> None:
        """Wait until the next request may start. Unused turns do not accumulate."""
        if not self._interval:
            return
        now = self._clock()
        start = max(self._next, now)
        self._next = start + self._interval
        if start > now:
            await self._sleep(start - now)
