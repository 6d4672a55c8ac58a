"""The window of a product that takes so many requests until a moment that it tells, as far as its answers tell.

Atlassian Cloud tells on every answer how many are left (`X-RateLimit-Limit`, `-Remaining`) and when the window ends
(`X-RateLimit-Reset`, a date in ISO 8601). What is assumed is the least that is certain, so that calls that wait for the
next window do not all start into it and get a 429.

Source: Atlassian, "Rate limiting" of the admin APIs. It publishes no figures.
"""

import math
from collections.abc import Mapping

from core.targets.bucket import number

_UNTOLD = 60.0
"""Seconds that a window is taken to last of which nothing is told yet."""


class Window:
    """One account's window, from the first answer that told of it. Times are seconds on the monotonic clock."""

    spacing = 0.0
    """Seconds between two calls: whatever is left may be used at once."""

    def __init__(self) -> None:
        self._left = 0.0
        self._limit = 0.0
        self._ends = -math.inf

    def ready(self, now: float) -> float:
        """When the next call may begin."""
        if now >= self._ends:
            self._left, self._ends = self._limit, now + _UNTOLD
        return now if self._left >= 1 else self._ends

    def take(self) -> None:
        """A call is about to begin."""
        self._left -= 1

    def told(self, headers: Mapping[str, str], now: float, seconds: float, outstanding: int) -> bool:
        """Take over what an answer tells of a window that ends in so many seconds; False where it tells nothing.

        `outstanding` calls began after that one, or are about to: the answer does not know of them.
        """
        left, limit = number(headers.get("x-ratelimit-remaining")), number(headers.get("x-ratelimit-limit"))
        if left is None or not limit or seconds <= 0:
            return False
        self._limit, self._ends, self._left = limit, now + seconds, left - outstanding
        return True
