"""FilteredRequests: the list of exchanges with a filter over it, whose matches are shown as they are found."""

import asyncio
from dataclasses import dataclass

from textual import work
from textual.message import Message
from textual.worker import Worker

from core.filtering import Condition, parse
from core.filtering.conditions import ALL
from core.store.log_times import first_since
from tui.request_search import RequestSearch
from tui.request_source import RequestLog
from tui.widgets.request_list import RequestList


class FilteredRequests(RequestList):
    """The whole log, or what matches. Its owner ticks it, and lets the search go on with each news."""

    @dataclass
    class Missed(Message):
        """There is nothing to go to; `text` says what."""

        text: str

    def __init__(self, log: RequestLog, *, id: str | None = None) -> None:
        super().__init__(log, id=id)
        self.search = RequestSearch(log)
        self._steps: Worker[None] | None = None

    @property
    def condition(self) -> Condition:
        """What is shown."""
        matches = self.search.matches
        return matches.search.condition if matches is not None and self.search.is_on else ALL

    @property
    def filter_text(self) -> str:
        """The filter that is in force, as it was typed; empty where none is."""
        return self.search.text if self.search.is_on else ""

    def filter_by(self, text: str, now: int, *, is_on: bool = True) -> None:
        """Show only what matches, around the row that is held, else the newest; with no text everything again.

        :raises FilterError: when the text cannot be read.
        """
        if text:
            self.search.begin(text, parse(text, now), self._anchor)
            self.search.is_on = is_on
        else:
            self.search.clear()
        self._show_filtered()

    def switch_filter(self, *, is_on: bool) -> None:
        """Switch the filter on, or off for a moment."""
        self.search.is_on = is_on
        self._show_filtered()

    def search_on(self) -> None:
        """Go on searching, if more is wanted and nothing searches yet."""
        if self.search.is_searching and (self._steps is None or self._steps.is_finished):
            self._steps = self._search_from(None)

    def go_to_error(self, *, forward: bool) -> None:
        """Go to the next that failed, or the one before; while following there is none after, so to the last one."""
        forward = forward and not self.following
        start = self.cursor + (1 if self.following else 0)
        near = self.search.find_near_error(start, forward=forward)
        if near is not None and (not self.search.is_on or any(row.id == near for row in self.rows)):
            self.go_to(near)
        else:
            self._go_to_far_error(start, forward=forward)

    @work(exclusive=True, group="go")
    async def _go_to_far_error(self, start: int, *, forward: bool) -> None:
        found = await self.search.find_error(start, forward=forward)
        if found is None:
            self.post_message(self.Missed(f"no error {'after' if forward else 'before'} this exchange"))
        else:
            await self.search.cover(found)
            self.go_to(found)

    @work(exclusive=True, group="go")
    async def go_to_number(self, number: int) -> None:
        """Go to an exchange, or to its nearest neighbour that there is and that the filter shows."""
        oldest, newest = self._log.tail(), self._log.newest
        if not oldest <= number <= newest:
            self.post_message(self.Missed(f"the log has {oldest:,} to {newest:,}, and not {number:,}"))
            return
        await self.search.cover(number)
        self.go_to(number)

    @work(exclusive=True, group="go")
    async def go_to_time(self, at: int) -> None:
        """Go to the first exchange that began then or later: milliseconds since 1970-01-01 UTC."""
        found = await asyncio.to_thread(self._log.read, lambda connection: first_since(connection, at), None)
        if found is None:
            self.post_message(self.Missed(self._log.problem or "nothing began since then"))
        else:
            await self.search.cover(found)
            self.go_to(found)

    def _show_filtered(self) -> None:
        if self.search.is_on:
            self._steps = self._search_from(self._anchor)
        else:
            self.show_source(self._log)

    @property
    def _anchor(self) -> int:
        """The exchange around which to search: the one under a held cursor, else the newest."""
        return self._log.newest if self.following or not self.cursor else self.cursor

    @work(exclusive=True, group="search")
    async def _search_from(self, number: int | None) -> None:
        if number is not None:
            await self.search.cover(number)
            await self.search.advance()
        while (matches := self.search.matches) is not None and self.search.is_on:
            if self.matches is not matches:
                self.show_source(matches)
            self.post_message(self.Moved())
            oldest = matches.search[0] if matches.search else 0
            if not await self.search.advance():
                return
            self.show_found(oldest)
            self.post_message(self.Moved())
