"""SearchedView: a list of any length that can be searched for words, whose rows are shown as they are found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from textual import work
from textual.message import Message

from core.store import Store
from tui.widgets.window_source import Row, Source
from tui.widgets.window_view import WindowView
from tui.word_search import WordSearch, search_all

ReadRows = Callable[[Sequence[int]], Sequence[Row]]
"""The rows of these ids, ascending."""


class Found:
    """Of a list what a search has found so far, as a source."""

    def __init__(self, search: WordSearch, rows: ReadRows) -> None:
        self._search = search
        self._rows = rows

    def head(self) -> int:
        """The highest id found."""
        return self._search.last

    def tail(self) -> int:
        """The lowest id found."""
        return self._search.first

    def window(self, first: int, height: int) -> Sequence[Row]:
        """What was found from an id on."""
        return self._rows(self._search.window(first, height))

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """What was found up to an id."""
        return self._rows(self._search.window_ending(last, height))


class SearchedSource(Source, Protocol):
    """A source whose rows can also be read by their ids."""

    def of_ids(self, ids: Sequence[int]) -> Sequence[Row]:
        """These rows, ascending."""


class SearchedView(WindowView):
    """A list over a source, all of it, or what has the words that are searched for."""

    @dataclass
    class Searched(Message):
        """A search went on."""

        view: "SearchedView"
        problem: str = ""
        """Why it could not; empty where it could."""

    def __init__(self, store: Store, source: SearchedSource, *, id: str | None = None) -> None:
        self._store = store
        self._all = source
        self._search: WordSearch | None = None
        self._is_searching = False
        self._wanted: int | None = None
        """The row to hold at once it is found; `None` where none is looked for."""
        super().__init__(source, id=id)

    @property
    def words(self) -> str:
        """What is searched for; empty where nothing is."""
        return self._search.words if self._search is not None else ""

    @property
    def found_text(self) -> str:
        """How many were found, and while that lasts of how many: `14`, `14 of 5,000 so far`."""
        if self._search is None:
            return ""
        so_far = f" of {self._search.looked_at():,} so far" if self._is_searching else ""
        return f"{len(self._search):,}{so_far}"

    def show_all(self, source: SearchedSource | None = None, at: int | None = None) -> None:
        """Search no more, and show everything, or everything of another source, holding at `at`; `None` follows."""
        self.workers.cancel_group(self, "search")
        self._search, self._is_searching = None, False
        self._all = source if source is not None else self._all
        self.switch(self._all, at=at)

    def show_found(self, search: WordSearch, at: int | None = None) -> None:
        """Show what a search finds, holding at `at`; `None` follows."""
        self.workers.cancel_group(self, "search")
        self._search, self._is_searching, self._wanted = search, False, at
        self.switch(Found(search, self._all.of_ids), at=at)
        self._search_on()

    def renew(self) -> None:
        """Read what is seen again, and search what came since."""
        self.reload()
        self._search_on()

    def _search_on(self) -> None:
        """Search what has not been, unless that is under way."""
        if self._search is not None and not self._is_searching:
            self._is_searching = True
            self._search_all(self._search)

    @work(exclusive=True, group="search")
    async def _search_all(self, search: WordSearch) -> None:
        def found() -> None:
            if self._wanted is not None and search.has_looked_at(self._wanted):
                self.switch(self._source, at=self._wanted)
                self._wanted = None
            else:
                self.reload()
            self.post_message(self.Searched(self))

        problem = await search_all(search, self._store, found)
        self._is_searching = False
        self.post_message(self.Searched(self, problem))
