"""TypedBar: a line in which something is typed, shown while that is done."""

from typing import ClassVar

from textual.containers import Vertical
from textual.widgets import Input


class TypedBar(Vertical):
    """Has the line; what stands around it, and what becomes of the text, is for who derives from it."""

    DEFAULT_CSS: ClassVar[str] = """
    TypedBar {
        height: auto;
        display: none;
        & Horizontal { height: 1; }
        & Input { width: 1fr; height: 1; border: none; padding: 0; }
        & Input:focus { border: none; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.input = Input(select_on_focus=False, compact=True)
        self.input.cursor_blink = False  # a blinking cursor would send bytes for ever

    @property
    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self.display

    @property
    def text(self) -> str:
        """What has been typed."""
        return self.input.value

    def begin(self, text: str) -> None:
        """Begin to type, from this text on."""
        self.write(text, len(text))
        self.display = True
        self.screen.set_focus(self.input)  # at once, unlike `focus`: what is typed next belongs here

    def write(self, text: str, caret: int) -> None:
        """Put this text in the place of what has been typed."""
        self.input.value = text
        self.input.cursor_position = caret

    def close(self) -> None:
        """Done typing."""
        self.display = False
