"""The help page: what a screen shows, and every action with its keys, made from the table of actions."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Container

from tui.actions import Action, Place, actions_of, keys_of
from tui.dialogs.dialog import Dialog
from tui.widgets.page import Line, Page, Words, line
from tui.widgets.scroll import Scroll
from tui.wrapping import wrapped

if TYPE_CHECKING:
    from tui.screens.console_screen import ConsoleScreen

_KEYS, _NAME = 12, 25
_HEADINGS: Mapping[Place, str] = {"list": "Lists and pages", "everywhere": "Everywhere"}


class HelpDialog(Dialog[None]):
    """Explains a screen."""

    def __init__(self, screen: "ConsoleScreen", keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._name = screen.PLACE.capitalize().replace("_", " ")
        self._about, self._places, self._reasons = screen.about(), screen.PLACES, screen.reasons()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """One page that scrolls."""
        with Container(id="box"), Scroll():
            yield Page(self._lines)

    def _lines(self, width: int) -> list[Line]:
        room = width - 2
        lines = [line(Words(f" {self._name}", "page--title")), ()]
        lines += [line(f" {text}") for sentence in self._about for text in wrapped(sentence, room)]
        places: list[Place] = [place for place in self._places if place not in _HEADINGS]
        for place in (*places, *_HEADINGS):
            lines += [(), line(Words(f" {_HEADINGS.get(place, 'This screen')}", "page--title"))]
            lines += [row for action in actions_of(place) for row in self._rows(action, room)]
        close = keys_of("dialog.dismiss", self._keymap)[0]
        note = f"The names in the middle are for [console.keymap] in config.toml. {close} closes this page."
        return [*lines, (), *(line(Words(f" {text}", "page--dim")) for text in wrapped(note, room))]

    def _rows(self, action: Action, width: int) -> Sequence[Line]:
        reason = self._reasons.get(action.id)
        text = action.help + (f" Not now: {reason}." if reason else "")
        keys, left = ", ".join(keys_of(action.id, self._keymap)), width - _KEYS - _NAME
        first, *rest = wrapped(text, max(20, left))
        style = "page--dim" if reason else "page--plain"
        head = line(
            Words(f" {keys}" + " " * max(1, _KEYS - cell_len(keys)), "page--key"),
            Words(f"{action.id:<{_NAME}}", "page--dim"),
            Words(first, style),
        )
        return [head, *(line(Words(" " * (_KEYS + _NAME + 1) + text, style)) for text in rest)]
