"""The changes of one run in groups that fold, as a source: a row is a group's heading, or a change below it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from core.store import Store
from core.store.change_groups import By, Group
from tui.screens.sync_sources import Changes
from tui.widgets.window_source import Cell, Row

_NONE = {"kind": "of no kind", "account": "about no account", "group": "about no group"}


class GroupedChanges:
    """Groups by a kind of name. The id of a row is its place among the rows that are unfolded, from 1."""

    def __init__(self, store: Store, run: int, by: By, groups: Sequence[Group]) -> None:
        self._changes = Changes(store, run)
        self._by = by
        self._groups = groups
        self._unfolded = {0} if len(groups) == 1 else set[int]()
        self._place()

    @property
    def last(self) -> int:
        """The highest position that is in any group; -1 where there is none."""
        return max((group.positions[-1] for group in self._groups), default=-1)

    @property
    def number(self) -> int:
        """How many groups there are."""
        return len(self._groups)

    def head(self) -> int:
        """The last row."""
        return self._total

    def tail(self) -> int:
        """The first row."""
        return min(1, self._total)

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Rows from a place on."""
        start = max(1, first)
        return self._rows(range(start, min(self._total, start + height - 1) + 1))

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Rows up to a place."""
        end = min(last, self._total)
        return self._rows(range(max(1, end - height + 1), end + 1))

    def of_ids(self, ids: Sequence[int]) -> Sequence[Row]:
        """Changes by their positions, counted from 1, as a search finds them: it knows no groups."""
        return self._changes.of_ids(ids)

    def position_of(self, row: int) -> int | None:
        """The position of the change in a row; `None` where that is a heading."""
        group, place = self._at(row)
        return self._groups[group].positions[place] if place >= 0 else None

    def row_of(self, position: int) -> int:
        """The row of a change, or where its group is folded that of the heading."""
        for number, group in enumerate(self._groups):
            place = bisect_right(group.positions, position) - 1
            if place >= 0 and group.positions[place] == position:
                return self._starts[number] + (place + 1 if number in self._unfolded else 0)
        return 1

    def fold(self, row: int) -> None:
        """Unfold the group of a heading, or fold it."""
        self._unfolded ^= {self._at(row)[0]}
        self._place()

    def _place(self) -> None:
        heights = [1 + (len(each.positions) if n in self._unfolded else 0) for n, each in enumerate(self._groups)]
        *self._starts, end = accumulate(heights, initial=1)
        self._total = end - 1

    def _at(self, row: int) -> tuple[int, int]:
        """The group of a row, and its place in that; -1 is the heading."""
        group = max(0, bisect_right(self._starts, row) - 1)
        return group, row - self._starts[group] - 1

    def _rows(self, places: range) -> Sequence[Row]:
        positions = {row: position for row in places if (position := self.position_of(row)) is not None}
        found = {row.id - 1: row for row in self._changes.of_ids([place + 1 for place in positions.values()])}
        return [
            self._heading(row) if row not in positions else replace(found[positions[row]], id=row)
            for row in places
            if row not in positions or positions[row] in found
        ]

    def _heading(self, row: int) -> Row:
        number = self._at(row)[0]
        group = self._groups[number]
        sign = "-" if number in self._unfolded else "+"
        name = Cell(f"{sign} {group.name or _NONE[self._by]}", "window-view--good")
        return Row(row, (Cell(f"{len(group.positions):>6,}", width=6), name))
