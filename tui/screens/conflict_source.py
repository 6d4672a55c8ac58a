"""The queue of conflicts as a source: the id of a row is the conflict's number."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from core.store import Store, StoreError, conflicts
from core.store.conflicts import Listed
from tui import marks
from tui.times import short_moment
from tui.widgets.window_source import Cell, Row


class Queue:
    """The conflicts that last, oldest first. The number of a conflict never changes, so what is read stays in place."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def head(self) -> int:
        """The newest."""
        return max((row.id for row in self._read(lambda c: conflicts.window_ending(c, 1 << 62, 1))), default=0)

    def tail(self) -> int:
        """The oldest."""
        return next((row.id for row in self._read(lambda c: conflicts.window(c, 0, 1))), 0)

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Conflicts from a number on."""
        return [self._row(row) for row in self._read(lambda c: conflicts.window(c, first, height))]

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Conflicts up to a number."""
        return [self._row(row) for row in self._read(lambda c: conflicts.window_ending(c, last, height))]

    def _read(self, query: Callable[[Connection], list[Listed]]) -> list[Listed]:
        """What is found; nothing where the store cannot be read, which the screen, reading it too, says."""
        try:
            with self._store.read() as connection:
                return query(connection)
        except StoreError:
            return []

    def _row(self, row: Listed) -> Row:
        mark = marks.CONFLICT[row.state]
        owner = row.owner or (row.claimed_by or "").partition("@")[0]
        return Row(
            row.id,
            (
                Cell(f"{mark.sign} {row.state}", mark.in_list, 10),
                Cell(row.kind, width=4),
                Cell(row.target, "window-view--dim", 10),
                Cell(short_moment(row.opened_at, self._clock()), "window-view--dim", 11),
                Cell(f"{owner}: {row.title}" if owner else row.title),
            ),
        )
