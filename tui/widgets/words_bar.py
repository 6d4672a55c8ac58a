"""WordsBar: the line in which the words are typed that a list is searched for."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from tui.widgets.page import Page, Words, line

_PROMPT = " search"
_KEYS = "enter searches  esc leaves "


class WordsBar(Horizontal):
    """Shown while words are typed. It knows nothing of the list."""

    DEFAULT_CSS: ClassVar[str] = f"""
    WordsBar {{
        height: 1;
        display: none;
        & #words-prompt {{ width: {len(_PROMPT) + 1}; }}
        & #words-keys {{ width: {len(_KEYS) + 1}; }}
        & Input {{ width: 1fr; height: 1; border: none; padding: 0; }}
        & Input:focus {{ border: none; }}
    }}
    """

    @dataclass
    class Applied(Message):
        """Words were typed; none where the search is to end."""

        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._input = Input(select_on_focus=False, compact=True)
        self._input.cursor_blink = False  # a blinking cursor would send bytes for ever

    @property
    def is_open(self) -> bool:
        """Whether words are being typed."""
        return self.display

    def compose(self) -> ComposeResult:
        """The line, between its name and its keys."""
        yield Page(lambda width: [line(Words(_PROMPT, "page--key"))], id="words-prompt")
        yield self._input
        yield Page(lambda width: [line(Words(f" {_KEYS}", "page--dim"))], id="words-keys")

    def open(self, text: str) -> None:
        """Begin to type, from this text on."""
        self._input.value = text
        self._input.cursor_position = len(text)
        self.display = True
        self.screen.set_focus(self._input)  # at once, unlike `focus`: what is typed next belongs here

    def close(self) -> None:
        """Done typing."""
        self.display = False

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Applied(" ".join(event.value.split())))
