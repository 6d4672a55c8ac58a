"""FiltersDialog: filters by their names, to choose one, or to delete one of one's own."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tui.actions import bindings, keys_of
from tui.dialogs.dialog import Dialog
from tui.named_filters import NamedFilter
from tui.widgets.fixed_rows import FixedRows
from tui.widgets.page import Line, Page, Words, line
from tui.widgets.window_source import Cell, Row
from tui.widgets.window_view import WindowView
from tui.wrapping import wrapped

_NAME = 24

Delete = Callable[[NamedFilter], str]
"""Deletes a filter; says why it could not, empty where it could."""


class FiltersDialog(Dialog[str]):
    """Answers with the text of the filter that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filters")]

    def __init__(self, found: Sequence[NamedFilter], delete: Delete, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._found = list(found)
        self._delete = delete
        self._keys = tuple(keys_of(name, keymap)[0] for name in ("list.open", "filters.delete", "dialog.dismiss"))
        self._said = ""
        self._page = Page(self._lines)
        self._view = WindowView(FixedRows(self._rows))

    def compose(self) -> ComposeResult:
        """What can be done, over the filters."""
        with Container(id="box"):
            yield self._page
            yield self._view

    def on_mount(self) -> None:
        """Begin at the first."""
        self._view.styles.max_height = "60vh"
        self._show(1)
        self._view.focus()

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """Answer with the filter under the cursor."""
        self.dismiss(self._found[message.row.id - 1].text)

    def action_delete(self) -> None:
        """Delete the filter under the cursor, where it is the user's own."""
        if not self._view.cursor:
            return
        place = self._view.cursor
        chosen = self._found[place - 1]
        if not chosen.is_own:
            self._said = f"! {chosen.name} is every admin's: take it out of [console.filters] in config.toml"
        elif problem := self._delete(chosen):
            self._said = f"! {problem}"
        else:
            self._said = f"v {chosen.name} is deleted; it was: {chosen.text}"
            del self._found[place - 1]
            self._show(min(place, len(self._found)))
        self._page.update()

    def _show(self, at: int) -> None:
        self._view.styles.height = max(1, len(self._found))
        self._view.switch(FixedRows(self._rows), at=at)

    def _rows(self) -> list[Row]:
        return [_row(number, each) for number, each in enumerate(self._found, 1)]

    def _lines(self, width: int) -> list[Line]:
        choose, delete, dismiss = self._keys
        style = "page--warning" if self._said.startswith("!") else "page--good"
        said = [line(Words(f" {part}", style)) for part in wrapped(self._said, width - 2)] if self._said else []
        none = [] if self._found else [line(" No filter has a name any more.")]
        keys = f" {choose} filters by it, {delete} deletes it, {dismiss} closes"
        return [line(Words(" Filters by name", "page--title")), line(Words(keys, "page--dim")), *said, *none]


def _row(number: int, found: NamedFilter) -> Row:
    whose = "" if found.is_own else "config.toml"
    cells = (Cell(found.name, width=_NAME), Cell(whose, "window-view--dim", 11), Cell(found.text, "window-view--dim"))
    return Row(number, cells)
