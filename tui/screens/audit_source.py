"""The audit trail as a source: the id of a row is the entry's."""

from collections.abc import Callable, Sequence

from core.store import Store, audit
from core.store.audit import Entry
from tui.screens.sync_sources import read_list
from tui.times import short_moment
from tui.widgets.window_source import Cell, Row


class Trail:
    """All entries, oldest first. None of them ever changes or goes."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def head(self) -> int:
        """The newest."""
        return self._ends()[1]

    def tail(self) -> int:
        """The oldest."""
        return self._ends()[0]

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Entries from an id on."""
        return [self._row(entry) for entry in read_list(self._store, lambda c: audit.window(c, first, height))]

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Entries up to an id."""
        return [self._row(entry) for entry in read_list(self._store, lambda c: audit.window_ending(c, last, height))]

    def of_ids(self, ids: Sequence[int]) -> Sequence[Row]:
        """Entries of these ids."""
        return [self._row(entry) for entry in read_list(self._store, lambda c: audit.of_ids(c, ids))]

    def _ends(self) -> tuple[int, int]:
        return next(iter(read_list(self._store, lambda c: [audit.ends(c)])), (0, 0))

    def _row(self, entry: Entry) -> Row:
        return Row(
            entry.id,
            (
                Cell(short_moment(entry.at, self._clock()), "window-view--dim", 11),
                Cell(entry.who, width=14),
                Cell(entry.action, "window-view--good", 15),
                Cell(entry.subject, width=16),
                Cell(entry.detail, "window-view--dim"),
            ),
        )
