"""The lists of the sync screen as sources: the runs, and the changes of one run."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from core.planning.changes import ChangeKind
from core.store import Store, StoreError, change_search, changes, positions, runs
from tui import marks
from tui.counting import counted
from tui.screens.run_text import trigger
from tui.times import short_moment
from tui.widgets.window_source import Cell, Row

T = TypeVar("T")


class Runs:
    """All runs; the id of a row is the run's number."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self.shown = 0
        """The run that the screen shows; it has a star."""
        self.marked = 0
        """The run that another is to be compared with; it has a plus sign."""

    def head(self) -> int:
        """The newest run."""
        return max((run.id for run in read_list(self._store, lambda c: runs.newest(c, 1))), default=0)

    def tail(self) -> int:
        """The oldest run."""
        return next((row.id for row in self.window(0, 1)), 0)

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Runs from a number on."""
        return [self._row(run) for run in read_list(self._store, lambda c: runs.window(c, first, 0, height))]

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Runs up to a number."""
        return [self._row(run) for run in read_list(self._store, lambda c: runs.window(c, last + 1, height, 0))]

    def _row(self, run: runs.Run) -> Row:
        mark = marks.RUN[run.state]
        sign = f"{'+' if run.id == self.marked else ''}{'*' if run.id == self.shown else ''}"
        number = f"{sign}{run.id}"
        planned = counted(run.planned, "change") if run.planned or run.error is None else ""
        failed = f"X {run.failed:,} failed" if run.failed else ""
        unsolved = counted(run.conflicts, "conflict") if run.conflicts else ""
        parts = (planned, failed, unsolved, trigger(run), run.error or "")
        return Row(
            run.id,
            (
                Cell(f"{number:>6}", width=6),
                Cell(f"{mark.sign} {run.state}", mark.in_list, 11),
                Cell(run.target, width=12),
                Cell(short_moment(run.started_at, self._clock()), "window-view--dim", 11),
                Cell(", ".join(filter(None, parts))),
            ),
        )


class Changes:
    """The changes of one run; the id of a row is the change's position, counted from 1."""

    def __init__(self, store: Store, run: int) -> None:
        self._store = store
        self._run = run

    def head(self) -> int:
        """The last position."""
        (last,) = read_list(self._store, lambda c: [positions.last(c, self._run)]) or [None]
        return 0 if last is None else last + 1

    def tail(self) -> int:
        """The first position."""
        return 1 if self.head() else 0

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Changes from a position on."""
        found = read_list(self._store, lambda c: positions.window(c, self._run, first - 1, height))
        return [_change_row(change) for change in found]

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Changes up to a position."""
        found = read_list(self._store, lambda c: positions.window_ending(c, self._run, last - 1, height))
        return [_change_row(change) for change in found]

    def of_ids(self, ids: Sequence[int]) -> Sequence[Row]:
        """Changes at these positions."""
        wanted = [number - 1 for number in ids]
        return [
            _change_row(found) for found in read_list(self._store, lambda c: change_search.at(c, self._run, wanted))
        ]


def about(change: changes.Listed) -> str:
    """Whom or what a change is about."""
    if change.kind == ChangeKind.ADD_MEMBER:
        return f"{change.account} to {change.group_name}"
    if change.kind == ChangeKind.REMOVE_MEMBER:
        return f"{change.account} from {change.group_name}"
    if change.kind == ChangeKind.MOVE_LEAD:
        return f"what {change.account} leads"
    return change.account or change.group_name or ""


def read_list(store: Store, query: Callable[[Connection], list[T]]) -> list[T]:
    """What is found; nothing where the store cannot be read, which the screen, reading it too, says."""
    try:
        with store.read() as connection:
            return query(connection)
    except StoreError:
        return []


def _change_row(change: changes.Listed) -> Row:
    mark = marks.CHANGE[change.state]
    text = about(change) + (f": {change.error}" if change.error else "")
    cells = (
        Cell(f"{change.position + 1:>6,}", "window-view--dim", 6),
        Cell(f"{mark.sign} {change.state}", mark.in_list, 10),
        Cell(change.kind, width=18),
        Cell(text),
    )
    return Row(change.position + 1, cells)
