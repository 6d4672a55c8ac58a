"""How fast a run goes on, seen from outside, and how long it will still take."""

from collections import deque

_WINDOW = 15_000
"""Milliseconds that the pace is taken over."""


class Pace:
    """The last progress of one run. Another run, or progress that goes back, starts it anew."""

    def __init__(self) -> None:
        self._run = 0
        self._seen: deque[tuple[int, int]] = deque()

    def note(self, run: int, over: int, now: int) -> None:
        """Note how many changes are over."""
        if run != self._run or (self._seen and over < self._seen[-1][1]):
            self._seen.clear()
            self._run = run
        self._seen.append((now, over))
        while len(self._seen) > 2 and now - self._seen[0][0] > _WINDOW:
            self._seen.popleft()

    def per_second(self) -> float | None:
        """Changes per second; `None` before anything was seen to move."""
        if len(self._seen) < 2:
            return None
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return (after - before) * 1000 / (last - first) if last > first and after > before else None

    def left(self, remaining: int) -> int | None:
        """Milliseconds until `remaining` further changes are over, at this pace; an estimate."""
        pace = self.per_second()
        return int(remaining * 1000 / pace) if pace else None
