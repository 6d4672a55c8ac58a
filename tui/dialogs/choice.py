"""Choice: which one of several."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Container

from tui.actions import keys_of
from tui.dialogs.dialog import Dialog
from tui.widgets.page import Line, Page, Words, line
from tui.widgets.window_source import Cell, Row
from tui.widgets.window_view import WindowView


class Names:
    """A list of names as a source: the id of a row is its place, from 1."""

    def __init__(self, names: Sequence[str]) -> None:
        self._rows = [Row(number, (Cell(name),)) for number, name in enumerate(names, 1)]

    def head(self) -> int:
        """The last place."""
        return len(self._rows)

    def tail(self) -> int:
        """The first place."""
        return min(1, len(self._rows))

    def window(self, first: int, height: int) -> Sequence[Row]:
        """The names from a place on."""
        start = max(0, first - 1)
        return self._rows[start : start + height]

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """The names up to a place."""
        return self._rows[max(0, last - height) : max(0, last)]


class Choice(Dialog[str]):
    """Asks for one of `names`; answers with it."""

    def __init__(self, title: str, names: Sequence[str], keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._choices = names
        self._ask = title
        self._keys = tuple(keys_of(name, keymap)[0] for name in ("list.open", "dialog.dismiss"))
        self._view = WindowView(Names(names))

    def compose(self) -> ComposeResult:
        """The question over the names."""
        with Container(id="box"):
            yield Page(self._lines)
            yield self._view

    def on_mount(self) -> None:
        """Begin at the first name."""
        self._view.styles.height = len(self._choices)
        self._view.styles.max_height = "70vh"
        self._view.switch(Names(self._choices), at=1)
        self._view.focus()

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """Answer with the name under the cursor."""
        self.dismiss(self._choices[message.row.id - 1])

    def _lines(self, width: int) -> list[Line]:
        choose, dismiss = self._keys
        return [
            line(Words(f" {self._ask}", "page--title")),
            line(Words(f" {choose} chooses, {dismiss} closes", "page--dim")),
        ]
