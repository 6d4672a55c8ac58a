"""What the list of exchanges pulls its rows from: the whole log, or what a filter has found of it so far.

Both read by id, and only what is shown. A store that cannot be read for a moment takes no row away: what was read last
stays, and `problem` says why.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from core.filtering.search import Search
from core.store import Store, StoreError, exchanges
from core.store.exchanges import Listed
from tui.request_rows import Column, request_row
from tui.widgets.window_source import Row

T = TypeVar("T")

CATCH_UP = 5_000
"""Exchanges that a filter looks at in one tick: a few milliseconds."""
_KNOWN_TIMES = 4_096


class RequestLog:
    """The log of a store. `newest` and `oldest` are its ids as last read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.columns: Sequence[Column] = ()
        """How rows are shown; whoever changes it reloads the list."""
        self.problem = ""
        """Why the store could not be read the last time; empty where it could."""
        self.newest = 0
        self.oldest = 0
        self._times: dict[int, int] = {}

    def head(self) -> int:
        """The newest id of the log."""
        self.newest = self.read(exchanges.newest, self.newest)
        return self.newest

    def tail(self) -> int:
        """The oldest id kept, as `refresh_tail` last read it."""
        if not self.oldest:
            self.refresh_tail()
        return self.oldest

    def refresh_tail(self) -> None:
        """Read what is the oldest id: it moves only when the log is cut."""
        self.oldest = self.read(exchanges.oldest, self.oldest)

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Rows from `first` on."""
        return self.rows(self.read(lambda connection: exchanges.window(connection, first, 0, height), []))

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Rows up to `last`."""
        return self.rows(self.read(lambda connection: exchanges.window(connection, last + 1, height, 0), []))

    def rows(self, listed: Sequence[Listed]) -> list[Row]:
        """Exchanges as rows."""
        if len(self._times) > _KNOWN_TIMES:
            self._times.clear()
        self._times.update((row.id, row.at) for row in listed)
        return [request_row(row, self.columns) for row in listed]

    def time_of(self, number: int) -> int | None:
        """When an exchange began that was shown lately: milliseconds since 1970-01-01 UTC."""
        return self._times.get(number)

    def read(self, query: Callable[[Connection], T], default: T) -> T:
        """The answer to a query; `default` where the store cannot be read."""
        try:
            with self._store.read() as connection:
                answer = query(connection)
        except StoreError as error:
            self.problem = str(error)
            return default
        self.problem = ""
        return answer


class Matches:
    """What a search has found of a log. New exchanges are looked at as they come; older ones as somebody `take`s."""

    def __init__(self, log: RequestLog, search: Search) -> None:
        self._log = log
        self.search = search

    def head(self) -> int:
        """The newest id that matches."""
        if step := self.search.ahead(self._log.head(), CATCH_UP):
            found = self._log.read(lambda connection: self.search.look(connection, step), None)
            if found is not None:
                self.search.take(step, found)
        return self.search[-1] if self.search else 0

    def tail(self) -> int:
        """The oldest match found."""
        self.search.forget_before(self._log.tail())
        return self.search[0] if self.search else 0

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Matches from `first` on."""
        return self._rows(self.search.window(first, height))

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Matches up to `last`."""
        return self._rows(self.search.window_ending(last, height))

    def _rows(self, ids: Sequence[int]) -> Sequence[Row]:
        return self._log.rows(self._log.read(lambda connection: exchanges.listed(connection, ids), [])) if ids else []
