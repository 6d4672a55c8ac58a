"""Searching the log for what fulfils a condition: step by step in both directions, so that nobody waits for the whole.

A search begins at one exchange. Each step looks at a bounded range of ids; the ids found are kept, so a list can page
through them as if it had them all. The log from `reached` to `head` has been looked at without a gap.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from sqlalchemy import Connection

from core.filtering.conditions import Condition
from core.store import exchanges

STRIDE = 50_000
"""Exchanges that one step looks at, at most."""
ENOUGH = 1_000
"""Exchanges that one step back finds, at most; and so many it looks for ahead of what is asked."""
_ALL = 2**63


@dataclass(frozen=True, slots=True)
class Step:
    """A range of ids to look at next."""

    first: int
    last: int
    back: bool
    """Whether it lies before what has been looked at."""


class Search(Sequence[int]):
    """The ids found so far, ascending. Only `look` may be called from another thread."""

    def __init__(self, condition: Condition, start: int) -> None:
        """Search for `condition`, from the exchange `start` both ways."""
        self.condition = condition
        self._sql = condition.sql()
        self._older = array("Q")  # descending, so that both ends only ever grow
        self._newer = array("Q")
        self._wanted = ENOUGH
        self.reached = start + 1
        """Everything from here up to `head` has been looked at."""
        self.head = start

    def __len__(self) -> int:
        return len(self._older) + len(self._newer)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        older = len(self._older)
        return self._older[older - 1 - place] if place < older else self._newer[place - older]

    def window(self, first: int, height: int) -> Sequence[int]:
        """Up to `height` ids from `first` on, ascending. Asking near the oldest found makes the search go on."""
        start = bisect_left(self, first)
        self._want(start)
        return self[start : start + height]

    def window_ending(self, last: int, height: int) -> Sequence[int]:
        """The last `height` ids up to `last`, ascending; likewise."""
        end = bisect_right(self, last)
        self._want(end - height)
        return self[max(0, end - height) : end]

    def after(self, number: int) -> int:
        """How many found ids are higher."""
        return len(self) - bisect_right(self, number)

    def want_all(self) -> None:
        """Search back to the beginning of the log."""
        self._wanted = _ALL

    @property
    def wants_all(self) -> bool:
        """Whether the search goes back to the beginning of the log."""
        return self._wanted == _ALL

    def ahead(self, newest: int, most: int = STRIDE) -> Step | None:
        """The step towards the newest exchange of the log, `None` where it is reached."""
        return Step(self.head + 1, min(newest, self.head + most), False) if newest > self.head else None

    def back(self, oldest: int) -> Step | None:
        """The step towards the oldest exchange of the log; `None` where it is reached."""
        return Step(max(oldest, self.reached - STRIDE), self.reached - 1, True) if oldest < self.reached else None

    def is_hungry(self, oldest: int) -> bool:
        """Whether more is wanted than has been found, and there is more of the log to look at."""
        return len(self._older) < self._wanted and self.back(oldest) is not None

    def look(self, connection: Connection, step: Step) -> list[int]:
        """What a step finds; give it to `take`."""
        limit = ENOUGH if step.back else STRIDE
        return exchanges.matching(connection, self._sql, step.first, step.last, limit, newest=step.back)

    def take(self, step: Step, found: Sequence[int]) -> None:
        """Keep what a step found; one that no longer borders on what has been looked at is let go."""
        if step.back and step.last == self.reached - 1:
            self._older.extend(found)
            self.reached = found[-1] if len(found) == ENOUGH else step.first
        elif not step.back and step.first == self.head + 1:
            self._newer.extend(found)
            self.head = step.last

    def forget_before(self, oldest: int) -> None:
        """Let go of what the log no longer has."""
        while self._older and self._older[-1] < oldest:
            self._older.pop()
        if not self._older:
            del self._newer[: bisect_left(self._newer, oldest)]

    def _want(self, index: int) -> None:
        """An index so close to the oldest found asks for more."""
        if index < ENOUGH // 2:
            self._wanted = max(self._wanted, len(self._older) + ENOUGH // 2)
