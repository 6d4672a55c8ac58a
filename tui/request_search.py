"""The filter of the list of exchanges, and the searching behind it, in steps of which each runs in a thread.

The screen never waits: it shows what is found so far, and asks for the next step when it likes.
"""

import asyncio

from sqlalchemy import Connection

from core.filtering import Condition, parse
from core.filtering.conditions import AllOf
from core.filtering.search import ENOUGH, STRIDE, Search, Step
from core.store import exchanges
from tui.request_source import CATCH_UP, Matches, RequestLog

NEAR = 500
"""Exchanges that are looked at for an error without waiting: a few milliseconds."""
_IS_ERROR = parse("is:error", now=0)


class RequestSearch:
    """What is filtered, and how far the log has been searched for it."""

    def __init__(self, log: RequestLog) -> None:
        self._log = log
        self.text = ""
        """The filter as it was typed; empty where there is none."""
        self.is_on = False
        """Whether it is in force; one that is off is kept."""
        self.matches: Matches | None = None
        self.reached_at = 0
        """When the oldest exchange that was looked at began: milliseconds since 1970-01-01 UTC."""

    def begin(self, text: str, condition: Condition, start: int) -> Matches:
        """Filter by another condition, searching from the exchange `start` both ways."""
        self.text, self.is_on, self.reached_at = text, True, 0
        self.matches = Matches(self._log, Search(condition, start))
        return self.matches

    def clear(self) -> None:
        """Filter no more."""
        self.text, self.is_on, self.matches = "", False, None

    @property
    def is_searching(self) -> bool:
        """Whether `advance` has more to do."""
        return self._next_step() is not None

    @property
    def is_complete(self) -> bool:
        """Whether all of the log has been searched."""
        return self.matches is None or self.matches.search.back(self._log.tail()) is None

    async def advance(self) -> bool:
        """Make one step, if one is wanted; returns whether it did."""
        step = self._next_step()
        return step is not None and self.matches is not None and await self._step(self.matches, step)

    async def cover(self, number: int) -> None:
        """Search on until this exchange and its neighbours have been looked at."""
        matches = self.matches
        while matches is not None and matches is self.matches and self.is_on:
            search = matches.search
            step = search.back(self._log.tail()) if number < search.reached else search.ahead(self._log.newest)
            covered = search.reached <= number <= search.head
            if step is None or not await self._step(matches, step) or covered:
                return

    async def find_error(self, start: int, *, forward: bool) -> int | None:
        """The first exchange after or before `start` that failed, and that the filter shows if it is on."""
        low, high = self._beyond(start, forward=forward)
        while low <= high:
            first, last = (low, min(high, low + STRIDE)) if forward else (max(low, high - STRIDE), high)
            if found := await asyncio.to_thread(self._error_within, first, last, forward=forward):
                return found
            low, high = (last + 1, high) if forward else (low, first - 1)
        return None

    def find_near_error(self, start: int, *, forward: bool) -> int | None:
        """The same among the nearest `NEAR` exchanges, without waiting: the key that follows goes on from there."""
        low, high = self._beyond(start, forward=forward)
        first, last = (low, min(high, low + NEAR)) if forward else (max(low, high - NEAR), high)
        return self._error_within(first, last, forward=forward)

    def _beyond(self, start: int, *, forward: bool) -> tuple[int, int]:
        return (start + 1, self._log.newest) if forward else (self._log.tail(), start - 1)

    def _error_within(self, first: int, last: int, *, forward: bool) -> int | None:
        shown = self.matches.search.condition if self.matches is not None and self.is_on else AllOf(())
        sql = AllOf((shown, _IS_ERROR)).sql()

        def look(connection: Connection) -> list[int]:
            return exchanges.matching(connection, sql, first, last, 1, newest=not forward)

        found: list[int] = self._log.read(look, []) if first <= last else []
        return found[0] if found else None

    def _next_step(self) -> Step | None:
        if self.matches is None or not self.is_on:
            return None
        search, newest, oldest = self.matches.search, self._log.newest, self._log.tail()
        if newest - search.head > CATCH_UP:
            return search.ahead(newest)
        return search.back(oldest) if search.is_hungry(oldest) else None

    async def _step(self, matches: Matches, step: Step) -> bool:
        def look(connection: Connection) -> tuple[list[int], int]:
            found = matches.search.look(connection, step)
            reached = found[-1] if len(found) == ENOUGH else step.first
            earliest = exchanges.window(connection, reached, 0, 1)
            return found, earliest[0].at if earliest else 0

        looked = await asyncio.to_thread(self._log.read, look, None)
        if looked is None:
            return False
        found, at = looked
        matches.search.take(step, found)
        if matches is self.matches and step.back:
            self.reached_at = at
        return True
