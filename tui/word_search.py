"""Searching a list for words, in steps of which each runs in a thread, so that the screen never waits.

A search begins at one row and goes both ways. What is found so far is a list like any other; the rows from `reached` to
`head` have been looked at without a gap.
"""

import asyncio
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from core.store import Store, StoreError

STRIDE = 5_000
"""Rows that one step looks at, at most: some hundredths of a second."""

Find = Callable[[Connection, int, int], list[int]]
"""The ids from the first to the last of these two that have the words, ascending."""

Ends = Callable[[Connection], tuple[int, int]]
"""The ids of the oldest row and of the newest; 0 where there is none."""


class WordSearch:
    """The ids found so far, ascending."""

    def __init__(self, words: str, find: Find, ends: Ends, start: int) -> None:
        """Search from the id `start` on: back from it, and ahead of it."""
        self.words = words
        self._find = find
        self._ends = ends
        self._found = array("Q")
        self.reached = start + 1
        """Everything from here up to `head` has been looked at."""
        self.head = start

    def __len__(self) -> int:
        return len(self._found)

    @property
    def first(self) -> int:
        """The lowest id found; 0 where there is none."""
        return self._found[0] if self._found else 0

    @property
    def last(self) -> int:
        """The highest id found; 0 where there is none."""
        return self._found[-1] if self._found else 0

    def window(self, first: int, height: int) -> Sequence[int]:
        """Up to `height` ids from `first` on, ascending."""
        start = bisect_left(self._found, first)
        return self._found[start : start + height]

    def window_ending(self, last: int, height: int) -> Sequence[int]:
        """The last `height` ids up to `last`, ascending."""
        end = bisect_right(self._found, last)
        return self._found[max(0, end - height) : end]

    def looked_at(self) -> int:
        """How many ids have been looked at."""
        return self.head - self.reached + 1

    def has_looked_at(self, id: int) -> bool:
        """Whether a row has been looked at."""
        return self.reached <= id <= self.head

    async def advance(self, store: Store) -> bool:
        """Make one step, towards the newest row first; returns whether there was one to make.

        :raises StoreError: when the store cannot be read.
        """
        step = await asyncio.to_thread(self._step, store)
        if step is None:
            return False
        first, last, found = step
        if first > self.head:
            self._found.extend(found)
            self.head = last
        else:
            self._found[0:0] = array("Q", found)
            self.reached = first
        return True

    def _step(self, store: Store) -> tuple[int, int, list[int]] | None:
        with store.read() as connection:
            oldest, newest = self._ends(connection)
            if newest > self.head:
                first, last = self.head + 1, min(newest, self.head + STRIDE)
            elif 0 < oldest < self.reached:
                first, last = max(oldest, self.reached - STRIDE), self.reached - 1
            else:
                return None
            return first, last, self._find(connection, first, last)


async def search_all(search: WordSearch, store: Store, found: Callable[[], None]) -> str:
    """Search what has not been, calling `found` after each step; returns why it could not, empty where it could."""
    try:
        while await search.advance(store):
            found()
    except StoreError as error:
        return str(error)
    return ""
