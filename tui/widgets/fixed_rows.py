"""FixedRows: a short list that is there whole, as a source. The ids of its rows ascend."""

from collections.abc import Callable, Sequence

from tui.widgets.window_source import Row


class FixedRows:
    """The rows that `rows` gives, asked for anew with each reading; for what is configured, never for what grows."""

    def __init__(self, rows: Callable[[], Sequence[Row]]) -> None:
        self._rows = rows

    def head(self) -> int:
        """The last id."""
        return max((row.id for row in self._rows()), default=0)

    def tail(self) -> int:
        """The first id."""
        return min((row.id for row in self._rows()), default=0)

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Rows from an id on."""
        return [row for row in self._rows() if row.id >= first][:height]

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Rows up to an id."""
        rows = [row for row in self._rows() if row.id <= last]
        return rows[max(0, len(rows) - height) :]
