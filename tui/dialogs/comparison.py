"""ComparisonDialog: two runs beside each other: what only the one changes, what only the other, and what both."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.store.run_comparison import AT_MOST, Compared, Comparison
from tui import marks
from tui.actions import bindings, keys_of
from tui.dialogs.dialog import Dialog
from tui.widgets.page import Line, Page, Words, line
from tui.widgets.window_source import Cell, Row
from tui.widgets.window_view import WindowView

_STATE = 11


class _Changes:
    """Compared changes as a source: the id of a row is its place, from 1. Only what is seen is made into rows."""

    def __init__(self, found: Sequence[Compared]) -> None:
        self._found = found

    def head(self) -> int:
        """The last place."""
        return len(self._found)

    def tail(self) -> int:
        """The first place."""
        return min(1, len(self._found))

    def window(self, first: int, height: int) -> Sequence[Row]:
        """The changes from a place on."""
        start = max(0, first - 1)
        return [_row(place, each) for place, each in enumerate(self._found[start : start + height], start + 1)]

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """The changes up to a place."""
        start = max(0, min(last, len(self._found)) - height)
        return [_row(place, each) for place, each in enumerate(self._found[start : max(0, last)], start + 1)]


class ComparisonDialog(Dialog[None]):
    """Shows one of the three at a time, the first that has any."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("comparison")]
    DEFAULT_CSS = "ComparisonDialog > #box { width: 100; max-width: 96%; }"

    def __init__(self, one: int, other: int, found: Comparison, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._titles = (f"only in run {one}", f"only in run {other}", "in both")
        self._parts = (found.only_one, found.only_other, found.both)
        self._shown = next((place for place, part in enumerate(self._parts) if part), 0)
        self._runs = (one, other)
        self._is_cut = found.is_cut
        self._keys = tuple(keys_of(name, keymap)[0] for name in ("comparison.next_part", "dialog.dismiss"))
        self._page = Page(self._lines)
        self._view = WindowView(_Changes(()))

    def compose(self) -> ComposeResult:
        """Which part is shown, over its changes."""
        with Container(id="box"):
            yield self._page
            yield self._view

    def on_mount(self) -> None:
        """Begin at the first change."""
        self._view.styles.height = "60vh"
        self._show()
        self._view.focus()

    def action_next_part(self) -> None:
        """Show the next part."""
        self._shown = (self._shown + 1) % len(self._parts)
        self._show()
        self._page.update()

    def _show(self) -> None:
        self._view.switch(_Changes(self._parts[self._shown]), at=1)

    def _lines(self, width: int) -> list[Line]:
        next_part, dismiss = self._keys
        names = [f"{title} {len(part):,}" for title, part in zip(self._titles, self._parts, strict=True)]
        shown = [
            Words(f"[{name}]", "page--title") if place == self._shown else Words(f" {name} ", "page--dim")
            for place, name in enumerate(names)
        ]
        one, other = self._runs
        cut = [line(Words(f" ! only the first {AT_MOST:,} changes of each are compared", "page--warning"))]
        none = [] if self._parts[self._shown] else [line(Words(" none", "page--dim"))]
        return [
            line(Words(f" Changes of run {one} and of run {other}", "page--title")),
            line(Words(f" {next_part} goes on to the next part, {dismiss} closes", "page--dim")),
            line(" ", *shown),
            *(cut if self._is_cut else []),
            *none,
        ]


def _row(place: int, found: Compared) -> Row:
    about = ", ".join(name for name in (found.account, found.group) if name)
    states = [state for state in (found.one, found.other) if state is not None]
    cells = [Cell(f"{marks.CHANGE[state].sign} {state}", marks.CHANGE[state].in_list, _STATE) for state in states]
    return Row(place, (*cells, Cell(found.kind, width=18), Cell(about)))
