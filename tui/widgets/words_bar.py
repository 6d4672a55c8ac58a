"""WordsBar: the line in which the words are typed that a list is searched for."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from tui.widgets.page import Page, Words, line
from tui.widgets.typed_bar import TypedBar

_PROMPT = " search"
_KEYS = "enter searches  esc leaves "


class WordsBar(TypedBar):
    """Shown while words are typed. It knows nothing of the list."""

    DEFAULT_CSS: ClassVar[str] = f"""
    WordsBar {{
        height: 1;
        layout: horizontal;
        & #words-prompt {{ width: {len(_PROMPT) + 1}; }}
        & #words-keys {{ width: {len(_KEYS) + 1}; }}
    }}
    """

    @dataclass
    class Applied(Message):
        """Words were typed; none where the search is to end."""

        text: str

    def compose(self) -> ComposeResult:
        """The line, between its name and its keys."""
        yield Page(lambda width: [line(Words(_PROMPT, "page--key"))], id="words-prompt")
        yield self.input
        yield Page(lambda width: [line(Words(f" {_KEYS}", "page--dim"))], id="words-keys")

    def open(self, text: str) -> None:
        """Begin to type, from this text on."""
        self.begin(text)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Applied(" ".join(event.value.split())))
