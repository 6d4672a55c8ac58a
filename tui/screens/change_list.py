"""ChangeList: the changes of one run, all of them, or those that have the words that are searched for."""

from sqlalchemy import Connection

from core.store import Store, change_search, positions
from tui.screens.sync_sources import Changes
from tui.widgets.searched_view import SearchedView
from tui.word_search import WordSearch


class ChangeList(SearchedView):
    """A list over the changes of a run. A row's id is the change's position, counted from 1."""

    def __init__(self, store: Store, *, id: str) -> None:
        self._run = 0
        super().__init__(store, Changes(store, 0), id=id)

    def show_run(self, run: int, at: int) -> None:
        """Show the changes of a run: of another one from a row on, without the search that was in the one before."""
        if run != self._run or (not self.rows and not self.words):
            self._run = run
            self.show_all(Changes(self._store, run), at=at)
        else:
            self.renew()

    def search(self, words: str) -> None:
        """Show only what has these words; with none, everything again, with the cursor where it is."""
        run = self._run

        def find(connection: Connection, first: int, last: int) -> list[int]:
            return [position + 1 for position in change_search.matching(connection, run, words, first - 1, last - 1)]

        def ends(connection: Connection) -> tuple[int, int]:
            last = positions.last(connection, run)
            return (0, 0) if last is None else (1, last + 1)

        if words:
            self.show_found(WordSearch(words, find, ends, 0), at=1)
        else:
            self.show_all(at=self.cursor or 1)

    def heading(self, planned: int) -> str:
        """What the list holds, for the line over it; `planned` is how many changes the run has."""
        if not self._run:
            return "Changes"
        if self.words:
            return f'Run {self._run}, changes with "{self.words}": {self.found_text}'
        return f"Changes of run {self._run}: {planned:,}"
