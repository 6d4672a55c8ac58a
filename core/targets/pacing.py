"""The pace of all calls to one target: how many at once, how quickly after one another, and when to stand still.

It learns from the answers. Data Center products tell how full their token bucket is on every answer, so the pace
slows down before a 429 comes (`core.targets.bucket`); Cloud tells how much is left of a window (`core.targets.window`).
A 429 or a `Retry-After` halts all callers together; afterwards they start one by one, so that they do not run into the
limit as a herd. It repeats nothing itself.
"""

import asyncio
from collections import deque
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.targets.answer import Answer
from core.targets.bucket import Bucket, number
from core.targets.timing import Timing
from core.targets.window import Window

LONGEST_PAUSE = 900.0
"""Seconds: a longer `Retry-After` is not believed."""
_FIRST_PAUSE = 0.25
_FIRST_SPACING = 0.02
_SHORTEST_SPACING = 0.005
_RECOVERY = 0.8
"""Each good answer brings the calls this much closer together again: a limit that is met now and then, whatever the
pace, must not slow them down for good."""
_LOOK_AGAIN = 0.05
"""Seconds between two looks at a bucket that seems empty."""
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
        self._timing = timing
        self._bucket: Bucket | Window | None = None
        self._waiting = 0
        """Calls whose turn is settled and has not come."""
        self._began: deque[float] = deque()
        """When those calls began of which no answer can have told yet."""
        self._spacing = 0.0
        self._next_start = 0.0
        self._resume = 0.0
        self._halts = 0.0

    @property
    def spacing(self) -> float:
        """Seconds between the starts of two calls at the present pace; 0: no limit known."""
        return self._bucket.spacing if self._bucket is not None else self._spacing

    async def turn(self, until: float) -> None:
        """Wait for this call's turn.

        :raises PausedTooLong: when the turn comes only after `until` (on the monotonic clock).
        """
        while True:
            now = self._timing.monotonic()
            ready = self._bucket.ready(now) if self._bucket else now
            start = max(now, self._resume, self._next_start, ready)
            if start > until:
                raise PausedTooLong(start - now)
            if ready > now:  # an answer that is under way may tell of more
                await self._timing.sleep(min(ready - now, _LOOK_AGAIN))
                continue
            self._next_start = start + self.spacing
            if self._bucket:
                self._bucket.take()
            if start > now:
                await self._slept(start - now)
            # A pause that began while this caller slept holds for it too.
            if self._resume <= (begins := self._timing.monotonic()):
                self._began.append(begins)
                return

    def learn(self, answer: Answer, started: float) -> None:
        """Take from an answer to a call that began at `started` how quickly the next ones may follow."""
        is_told = self._follow_bucket(answer, started)
        if answer.status in (429, 503):
            self._halt(answer, started, is_told=is_told)
        elif answer.status < 500:
            self._halts = max(0.0, self._halts - _FORGETTING)
            self._spacing = self._spacing * _RECOVERY if self._spacing > _SHORTEST_SPACING else 0.0

    async def _slept(self, seconds: float) -> None:
        self._waiting += 1
        try:
            await self._timing.sleep(seconds)
        finally:
            self._waiting -= 1

    def _halt(self, answer: Answer, started: float, *, is_told: bool) -> None:
        asked = retry_after(answer, self._timing.wall())
        if answer.status == 503 and not asked:
            return
        now = self._timing.monotonic()
        if started >= self._resume:  # all calls in flight get the same 429: it counts once
            self._halts += 1
            self._spacing = min(_LONGEST_LEARNED, max(_FIRST_SPACING, self._spacing * 2))
        if is_told and not asked:  # the bucket says when
            return
        pause = asked or self._timing.random() * min(60.0, _FIRST_PAUSE * 2.0 ** min(self._halts, 8.0))
        self._resume = max(self._resume, now + min(pause, LONGEST_PAUSE))

    def _follow_bucket(self, answer: Answer, started: float) -> bool:
        """Whether the answer tells of a token bucket or a window, which then sets the pace."""
        now = self._timing.monotonic()
        while self._began and self._began[0] <= started:
            self._began.popleft()
        outstanding = len(self._began) + self._waiting
        if seconds := min(window_left(answer, self._timing.wall()), LONGEST_PAUSE):
            window = self._bucket if isinstance(self._bucket, Window) else Window()
            if not window.told(answer.headers, now, seconds, outstanding):
                return False
            self._bucket = window
            return True
        bucket = self._bucket if isinstance(self._bucket, Bucket) else Bucket(now)
        if not bucket.told(answer.headers, now, started, outstanding):
            return False
        self._bucket = bucket
        return True


def retry_after(answer: Answer, wall: float) -> float:
    """Seconds that `Retry-After` asks for, given in seconds or as a date (RFC 9110 section 10.2.3); 0: nothing.

    A date is taken relative to the answer's own `Date`, so that clocks that differ do no harm. Where it is missing, the
    end of the window counts that Atlassian Cloud tells.
    """
    value = answer.headers.get("retry-after", "").strip()
    if not value and number(answer.headers.get("x-ratelimit-remaining")) == 0:
        return window_left(answer, wall)
    seconds = number(value)
    if seconds is not None:
        return seconds
    return _from_now(_date(value), answer, wall)


def window_left(answer: Answer, wall: float) -> float:
    """Seconds until the window of Atlassian Cloud's rate limit ends; 0 where the answer does not tell.

    `X-RateLimit-Reset` has that moment as a date in ISO 8601.
    """
    try:
        then = datetime.fromisoformat(answer.headers.get("x-ratelimit-reset", "").strip())
    except ValueError:
        return 0.0
    return _from_now(then.replace(tzinfo=then.tzinfo or UTC).timestamp(), answer, wall)


def _from_now(then: float | None, answer: Answer, wall: float) -> float:
    if then is None:
        return 0.0
    now = _date(answer.headers.get("date", ""))
    return max(0.0, then - (wall if now is None else now))


def _date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
