"""The token bucket of a product, as far as its answers tell: how many calls it certainly still takes, and when more.

Atlassian's Data Center products give each account tokens in lots, `fill` of them every `interval`, and tell on every
answer how many are left (`X-RateLimit-*`). They do not tell when the next lot comes, so that is learned: it has come
whenever more are left than were expected. What is assumed is always the least that is certain.

Source: Atlassian, "Improving instance stability with rate limiting".
"""

import math
from collections.abc import Mapping


class Bucket:
    """One account's bucket, from the first answer that told of it. Times are seconds on the monotonic clock."""

    def __init__(self, now: float) -> None:
        self._tokens = 0.0
        self._limit = 0.0
        self._fill = 0.0
        self._interval = 0.0
        self._filled = now
        """The latest moment at which the last lot can have come."""
        self._told_by = -math.inf
        """When the call began whose answer was the last to tell."""
        self._is_short = False

    @property
    def spacing(self) -> float:
        """Seconds between two calls at which the bucket neither runs empty nor over; 0: there is no need to wait."""
        # A little faster than it fills: the wait for the next lot makes up for that, and no token is lost.
        return 0.98 * self._interval / self._fill if self._is_short else 0.0

    def ready(self, now: float) -> float:
        """When the next call may begin."""
        self._credit(now)
        if self._tokens >= 1:
            return now
        lots = math.ceil((1 - self._tokens) / self._fill)
        return max(now, self._filled + lots * self._interval)

    def take(self) -> None:
        """A call is about to begin."""
        self._tokens -= 1

    def told(self, headers: Mapping[str, str], now: float, started: float, outstanding: int) -> bool:
        """Take over what an answer tells, to a call that began at `started`; False where it tells nothing.

        `outstanding` calls began after that one, or are about to: the answer does not know of them.
        """
        left, interval, fill = (number(headers.get(f"x-ratelimit-{name}")) for name in _NAMES)
        if left is None or not interval or not fill:
            return False
        if started < self._told_by:  # it was sent before an answer that is known already
            return True
        self._credit(now)
        if left - outstanding > self._tokens + 0.5 and self._interval:
            self._filled = min(self._filled + self._interval, now)
        self._fill, self._interval, self._told_by = fill, interval, started
        self._limit = number(headers.get("x-ratelimit-limit")) or max(left, self._limit)
        self._tokens = left - outstanding
        if self._tokens < max(1.0, min(self._limit, fill) / 4):
            self._is_short = True
        elif self._tokens > 0.9 * self._limit:
            self._is_short = False
        return True

    def _credit(self, now: float) -> None:
        """Count the lots that must have come by now."""
        if not self._interval:
            return
        lots = math.floor((now - self._filled) / self._interval)
        if lots > 0:
            self._tokens = min(self._limit, self._tokens + lots * self._fill)
            self._filled += lots * self._interval


_NAMES = ("remaining", "interval-seconds", "fillrate")


def number(value: str | None) -> float | None:
    """A plain non-negative decimal number; `None` for anything else (`inf` and `nan` included)."""
    text = (value or "").strip()
    return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else None
