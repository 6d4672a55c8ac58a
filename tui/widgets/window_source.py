"""What a WindowView shows: rows of cells, and the source it pulls them from.

A source is asked; it never tells. It knows nothing of widgets, so a store, a filter's index or a test's list will do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row: any text, the component class that styles it, and its width in terminal cells."""

    text: str
    style: str = "window-view--row"
    width: int | None = None
    """None takes what is left of the line; the cells after it are not seen."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. What the same id stands for may change; the view sees it once it is told to `reload`."""

    id: int
    cells: tuple[Cell, ...]


class Source(Protocol):
    """An ordered list of rows, oldest id first. Ids are positive and may have gaps."""

    def head(self) -> int:
        """The newest id, 0 when there are no rows. Asked at every tick, so it must be cheap."""

    def tail(self) -> int:
        """The oldest id still kept, 0 when there are no rows."""

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Up to `height` rows with id >= `first`, ascending."""

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """The last `height` rows, or fewer, with id <= `last`, ascending."""
