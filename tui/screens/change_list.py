"""ChangeList: the changes of one run, all of them, in groups, or those that have the words that are searched for."""

import asyncio
from typing import Literal, get_args

from sqlalchemy import Connection
from textual import work

from core.store import Store, StoreError, change_search, positions
from core.store.change_groups import By, groups_of
from tui.counting import counted
from tui.screens.grouped_changes import GroupedChanges
from tui.screens.sync_sources import Changes, read_list
from tui.widgets.searched_view import SearchedView
from tui.word_search import WordSearch

Order = Literal["plan", By]
ORDERS: tuple[Order, ...] = ("plan", *get_args(By))
"""As planned, or in groups."""


class ChangeList(SearchedView):
    """A list over the changes of a run. Where it is not in groups, a row's id is the position, counted from 1."""

    def __init__(self, store: Store, *, id: str) -> None:
        self._run = 0
        self.order: Order = "plan"
        super().__init__(store, Changes(store, 0), id=id)

    @property
    def position(self) -> int | None:
        """The position of the change under the cursor; `None` where none is."""
        return self.position_of(self.cursor) if self.cursor else None

    def position_of(self, row: int) -> int | None:
        """The position of the change in a row; `None` where that is the heading of a group."""
        return row - 1 if self._groups is None else self._groups.position_of(row)

    def fold(self, row: int) -> None:
        """Unfold the group of a heading, or fold it."""
        if self._groups is not None:
            self._groups.fold(row)
            self.switch(self._groups, at=row)

    def take_order(self, name: str) -> None:
        """Group as before, before any run is shown."""
        self.order = next((order for order in ORDERS if order == name), "plan")

    def go_to(self, position: int) -> None:
        """Hold at the change at a position."""
        if not self.words:
            self.switch(self._all, at=self._row_of(position))

    def show_run(self, run: int, at: int, words: str = "") -> None:
        """Show the changes of a run: of another one from a row on, without the search that was in the one before."""
        if run != self._run or (not self.rows and not self.words and self.size.height):
            self._run = run
            self.show_all(Changes(self._store, run), at=at)
            if words:
                self.search(words, at)
            self._group(at - 1)
        else:
            if isinstance(self._all, GroupedChanges) and self._is_grown(self._all):
                self._group(self.position)
            self.renew()

    def next_order(self) -> None:
        """Group by what comes next, or not at all."""
        position = self.position
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        if self.order == "plan":
            self.show_all(Changes(self._store, self._run), at=1 + (position or 0))
        else:
            self._group(position)

    def search(self, words: str, at: int = 1) -> None:
        """Show only what has these words, from a row on; with none, everything again, with the cursor where it is."""
        run = self._run

        def find(connection: Connection, first: int, last: int) -> list[int]:
            return [position + 1 for position in change_search.matching(connection, run, words, first - 1, last - 1)]

        def ends(connection: Connection) -> tuple[int, int]:
            last = positions.last(connection, run)
            return (0, 0) if last is None else (1, last + 1)

        if words:
            self.show_found(WordSearch(words, find, ends, 0), at=at)
        else:
            position = (self.cursor or 1) - 1
            self.show_all()
            self.switch(self._all, at=self._row_of(position))

    def heading(self, planned: int) -> str:
        """What the list holds, for the line over it; `planned` is how many changes the run has."""
        if not self._run:
            return "Changes"
        if self.words:
            return f'Run {self._run}, changes with "{self.words}": {self.found_text}'
        if self._groups is not None:
            return f"Changes of run {self._run} by {self.order}: {counted(self._groups.number, 'group')} of {planned:,}"
        return f"Changes of run {self._run}: {planned:,}" if planned else f"Changes of run {self._run}: none"

    @property
    def _groups(self) -> GroupedChanges | None:
        """The groups that are shown; none while words are searched for."""
        return self._all if isinstance(self._all, GroupedChanges) and not self.words else None

    def _row_of(self, position: int) -> int:
        return position + 1 if self._groups is None else self._groups.row_of(position)

    def _is_grown(self, groups: GroupedChanges) -> bool:
        (last,) = read_list(self._store, lambda connection: [positions.last(connection, self._run)]) or [None]
        return last is not None and last != groups.last

    @work(exclusive=True, group="groups")
    async def _group(self, position: int | None) -> None:
        """Read the groups in a thread, and show them with the cursor at a change."""
        run, by = self._run, self.order
        if by == "plan" or not run:
            return

        def read() -> GroupedChanges:
            with self._store.read() as connection:
                return GroupedChanges(self._store, run, by, groups_of(connection, run, by))

        try:
            groups = await asyncio.to_thread(read)
        except StoreError as error:
            self.post_message(self.Searched(self, str(error)))
            return
        if (run, by) == (self._run, self.order):
            self._all = groups
            if not self.words:
                self.show_all(at=groups.row_of(position or 0))
            self.post_message(self.Searched(self))
