"""FilterBar: the line in which a filter is typed, and below it what can be written where the caret stands."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from core.filtering import FilterError, Seen, completed, hint, parse
from tui.actions import bindings
from tui.filter_history import FilterHistory
from tui.widgets.page import Line, Page, Words, line
from tui.widgets.typed_bar import TypedBar
from tui.wrapping import wrapped

_KEYS = "enter applies  esc leaves  tab completes  up/down earlier ones  -term hides  a|b either"


class FilterBar(TypedBar):
    """Shown while a filter is typed. It knows the language and what was typed before, not the list."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter")]
    DEFAULT_CSS: ClassVar[str] = """
    FilterBar #prompt { width: 8; }
    """

    @dataclass
    class Applied(Message):
        """A filter was typed, and it can be read."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._history: FilterHistory | None = None
        self._seen: Seen = {}
        self._error: FilterError | None = None
        self._hints = Page(self._hint_lines)

    @property
    def hints(self) -> str:
        """What stands below it."""
        return self._hints.text

    def compose(self) -> ComposeResult:
        """The line, and its hints."""
        with Horizontal():
            yield Page(lambda width: [line(Words(" filter", "page--key"))], id="prompt")
            yield self.input
        yield self._hints

    def open(self, text: str, seen: Seen = MappingProxyType({}), history: FilterHistory | None = None) -> None:
        """Begin to type, from this text on; `seen` are values to complete with, `history` what can be gone back to."""
        self._error, self._seen, self._history = None, seen, history
        if history is not None:
            history.begin()
        self.begin(text)
        self._hints.update()

    def action_complete(self) -> None:
        """Complete the name or the value before the caret, as far as there is one way to go on."""
        self.write(*completed(self.text, self.input.cursor_position, self._seen))

    def action_older(self) -> None:
        """The filter that was typed before this one."""
        if self._history is not None:
            text = self._history.older(self.text)
            self.write(text, len(text))

    def action_newer(self) -> None:
        """The filter that was typed after this one."""
        if self._history is not None:
            text = self._history.newer(self.text)
            self.write(text, len(text))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._error = None
        self._hints.update()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._error = _error(self.text)
        if self._error is None:
            if self._history is not None:
                self._history.add(self.text.strip())
            self.post_message(self.Applied(self.text.strip()))
        else:
            self.input.cursor_position = self._error.position
        self._hints.update()

    def _hint_lines(self, width: int) -> list[Line]:
        """The error if there is one, else help; then the keys."""
        help_text = "" if self._error else hint(self.text, self.input.cursor_position, self._seen)
        error = self._error or (None if help_text else _error(self.text))
        text, style = (f"! {error}", "page--warning") if error else (help_text, "page--plain")
        lines = [line(Words(f" {part}", style)) for part in wrapped(text, width - 1)]
        return [*lines, line(Words(f" {_KEYS}", "page--dim"))]


def _error(text: str) -> FilterError | None:
    try:
        parse(text, now=0)
    except FilterError as error:
        return error
    return None
