"""How fast a provider may send: a bucket that fills at its rate, and from which each request takes one."""

from collections.abc import Callable
from math import ceil
from time import monotonic

BURST_SECONDS = 2
"""How many seconds' worth of requests may come at once after a pause: IdPs work through a cycle in bursts."""


class Rate:
    """One provider's bucket."""

    def __init__(self, per_second: int, clock: Callable[[], float] = monotonic) -> None:
        self.per_second = per_second
        self._clock = clock
        self._filled_at = clock()
        self._level = self._most = float(per_second * BURST_SECONDS)

    def take(self) -> int | None:
        """Take one request; where there is none left, the whole seconds after which there will be."""
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._filled_at) * self.per_second)
        self._filled_at = now
        if self._level >= 1:
            self._level -= 1
            return None
        return max(1, ceil((1 - self._level) / self.per_second))
