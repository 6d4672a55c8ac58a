"""PeopleList: the users, or the groups; all of them, or those that have the words that are searched for."""

from dataclasses import dataclass

from sqlalchemy import Connection
from textual import events, work
from textual.message import Message

from core.store import Store, people
from core.store.identities import Kind
from core.store.people import Listed
from tui.screens.people_source import FoundPeople, People, Targets
from tui.widgets.window_view import WindowView
from tui.word_search import WordSearch, search_all


class PeopleList(WindowView):
    """A list over the users or the groups. A row's id is its key in the identity store."""

    @dataclass
    class Searched(Message):
        """A search went on."""

        problem: str = ""
        """Why it could not; empty where it could."""

    def __init__(self, store: Store, targets: Targets, *, id: str) -> None:
        self._store = store
        self._of_kind: dict[Kind, People] = {
            "User": People(store, targets, "User"),
            "Group": People(store, targets, "Group"),
        }
        self._all = self._of_kind["User"]
        self._search: WordSearch | None = None
        self._is_searching = False
        self._wanted: int | None = None
        """The one to hold at once a search has found it; `None` where none is looked for."""
        super().__init__(self._all, id=id)

    @property
    def kind(self) -> Kind:
        """What is listed."""
        return self._all.kind

    @property
    def words(self) -> str:
        """What is searched for; empty where nothing is."""
        return self._search.words if self._search is not None else ""

    @property
    def found(self) -> int:
        """How many a search has found so far."""
        return len(self._search) if self._search is not None else 0

    @property
    def is_searching(self) -> bool:
        """Whether a search is still under way."""
        return self._is_searching

    def on_resize(self, event: events.Resize) -> None:
        """Give names the room that there is."""
        for each in self._of_kind.values():
            each.width = event.size.width
        self.reload()

    def at_cursor(self) -> Listed | None:
        """Whom the cursor is on; `None` where the list is empty."""
        return self._all.listed(self.cursor) if self.cursor else None

    def show(self, kind: Kind, at: int = 1) -> None:
        """Show the users or the groups, all of them, from the oldest on, or from the one at `at`."""
        self._all = self._of_kind[kind]
        self.search("", at=at)

    def renew(self) -> None:
        """Read what is seen again, and search what came since."""
        self.reload()
        self._search_on()

    def search(self, words: str, at: int | None = None) -> None:
        """Show only what has these words; with none, everything again, with the cursor where it is."""
        self.workers.cancel_group(self, "search")
        self._search, self._is_searching = None, False
        if not words:
            self.switch(self._all, at=at or self.cursor or 1)
            return
        kind = self.kind

        def find(connection: Connection, first: int, last: int) -> list[int]:
            return people.matching(connection, kind, words, first, last)

        def ends(connection: Connection) -> tuple[int, int]:
            return people.first(connection, kind), people.last(connection, kind)

        self._search = WordSearch(words, find, ends, 0)
        self._wanted = at
        self.switch(FoundPeople(self._all, self._search), at=at or 1)
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
            self.post_message(self.Searched())

        problem = await search_all(search, self._store, found)
        self._is_searching = False
        self.post_message(self.Searched(problem))
