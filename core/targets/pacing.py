"""The pace of all calls to one target: how many at once, how quickly after one another, and when to stand still.

It learns from the answers. Data Center products tell how full their token bucket is on every answer
(`X-RateLimit-*`), so the pace slows down before a 429 comes. A 429 or a `Retry-After` halts all callers together;
afterwards they start one by one, so that they do not run into the limit as a herd. It repeats nothing itself.
"""

import asyncio
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from core.targets.answer import Answer
from core.targets.timing import Timing

LONGEST_PAUSE = 900.0
"""Seconds: a longer `Retry-After` is not believed."""
_FIRST_PAUSE = 0.25
_FIRST_SPACING = 0.02
_LONGEST_SPACING = 5.0
_SHORTEST_SPACING = 0.005
_RECOVERY = 0.8
"""Each good answer brings the calls this much closer together again: a limit that is met now and then, whatever the
pace, must not slow them down for good."""
_FORGETTING = 0.2
"""How much of one halt each good answer makes up for."""
_LONGEST_LEARNED = 1.0
"""Seconds between two calls that a 429 alone can lead to; only a product that tells its rate asks for more."""


class PausedTooLong(Exception):
    """The target's pause ends later than the caller is willing to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the pause lasts another {seconds:.0f} s")
        self.seconds = seconds


class Pacing:
    """Shared by all calls to one target."""

    def __init__(self, in_flight: int, timing: Timing) -> None:
        self.slots = asyncio.Semaphore(in_flight)
        """Bounds the calls in flight; a call that waits to try again keeps its slot."""
        self._in_flight = in_flight
        self._timing = timing
        self._spacing = 0.0
        self._next_start = 0.0
        self._resume = 0.0
        self._halts = 0.0

    @property
    def spacing(self) -> float:
        """Seconds between the starts of two calls at the present pace; 0: no limit known."""
        return self._spacing

    async def turn(self, until: float) -> None:
        """Wait for this call's turn.

        :raises PausedTooLong: when the turn comes only after `until` (on the monotonic clock).
        """
        while True:
            now = self._timing.monotonic()
            start = max(now, self._resume, self._next_start)
            if start > until:
                raise PausedTooLong(start - now)
            self._next_start = start + self._spacing
            if start > now:
                await self._timing.sleep(start - now)
            # A pause that began while this caller slept holds for it too.
            if self._resume <= self._timing.monotonic():
                return

    def learn(self, answer: Answer, started: float) -> None:
        """Take from an answer to a call that began at `started` how quickly the next ones may follow."""
        if answer.status in (429, 503):
            self._halt(answer, started)
        elif answer.status < 500:
            self._halts = max(0.0, self._halts - _FORGETTING)
            self._follow_bucket(answer.headers)

    def _halt(self, answer: Answer, started: float) -> None:
        asked = retry_after(answer, self._timing.wall())
        if answer.status == 503 and not asked:
            return
        now = self._timing.monotonic()
        if started >= self._resume:  # all calls in flight get the same 429: it counts once
            self._halts += 1
            self._spacing = min(_LONGEST_LEARNED, max(_FIRST_SPACING, self._spacing * 2))
        pause = asked or self._timing.random() * min(60.0, _FIRST_PAUSE * 2.0 ** min(self._halts, 8.0))
        self._resume = max(self._resume, now + min(pause, LONGEST_PAUSE))

    def _follow_bucket(self, headers: Mapping[str, str]) -> None:
        remaining = _number(headers.get("x-ratelimit-remaining"))
        interval = _number(headers.get("x-ratelimit-interval-seconds"))
        fill = _number(headers.get("x-ratelimit-fillrate"))
        if remaining is None or interval is None or not fill:
            self._recover()
            return
        if remaining > self._in_flight + 1:  # the calls already under way take tokens that are still counted here
            self._recover()
            return
        self._spacing = min(_LONGEST_SPACING, interval / fill)
        self._next_start = max(self._next_start, self._timing.monotonic() + self._spacing)

    def _recover(self) -> None:
        self._spacing = self._spacing * _RECOVERY if self._spacing > _SHORTEST_SPACING else 0.0


def retry_after(answer: Answer, wall: float) -> float:
    """Seconds that `Retry-After` asks for, given in seconds or as a date (RFC 9110 section 10.2.3); 0: nothing.

    A date is taken relative to the answer's own `Date`, so that clocks that differ do no harm.
    """
    value = answer.headers.get("retry-after", "").strip()
    seconds = _number(value)
    if seconds is not None:
        return seconds
    then = _date(value)
    if then is None:
        return 0.0
    now = _date(answer.headers.get("date", ""))
    return max(0.0, then - (wall if now is None else now))


def _number(value: str | None) -> float | None:
    """A plain non-negative decimal number; `None` for anything else (`inf` and `nan` included)."""
    text = (value or "").strip()
    return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else None


def _date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
