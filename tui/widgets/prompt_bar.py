"""PromptBar: the line in which one answer is typed, with below it what can be written, or what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from tui.widgets.page import Line, Page, Words, line
from tui.widgets.typed_bar import TypedBar
from tui.wrapping import wrapped


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked for."""

    label: str
    """A word or two, before the line."""
    help: str
    """What can be written, in a sentence."""
    verb: str
    """What enter does: `goes there`."""
    problem: Callable[[str], str]
    """What is wrong with an answer, and what to write; empty where it can be taken. It reads nothing."""
    take: Callable[[str], None]
    """What becomes of the answer."""


class PromptBar(TypedBar):
    """Shown while an answer is typed. An answer that cannot be taken stays, and says why."""

    DEFAULT_CSS: ClassVar[str] = """
    PromptBar #prompt-label { width: auto; min-width: 8; max-width: 24; }
    """

    @dataclass
    class Answered(Message):
        """An answer was typed that can be taken."""

        prompt: Prompt
        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._prompt: Prompt | None = None
        self._problem = ""
        self._label = Page(self._label_lines, id="prompt-label")
        self._hints = Page(self._hint_lines)

    @property
    def hints(self) -> str:
        """What stands below it."""
        return self._hints.text

    def compose(self) -> ComposeResult:
        """The line, and its hints."""
        with Horizontal():
            yield self._label
            yield self.input
        yield self._hints

    def open(self, prompt: Prompt, text: str = "") -> None:
        """Begin to type, from this text on."""
        self._prompt, self._problem = prompt, ""
        self._label.styles.width = len(prompt.label) + 2
        self.begin(text)
        self._label.update()
        self._hints.update()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._problem = ""
        self._hints.update()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._prompt is None:
            return
        text = self.text.strip()
        self._problem = self._prompt.problem(text)
        if not self._problem:
            self.post_message(self.Answered(self._prompt, text))
        self._hints.update()

    def _label_lines(self, width: int) -> list[Line]:
        return [line(Words(f" {self._prompt.label}" if self._prompt else "", "page--key"))]

    def _hint_lines(self, width: int) -> list[Line]:
        if self._prompt is None:
            return []
        text, style = (f"! {self._problem}", "page--warning") if self._problem else (self._prompt.help, "page--plain")
        keys = f" enter {self._prompt.verb}  esc leaves"
        return [*(line(Words(f" {part}", style)) for part in wrapped(text, width - 1)), line(Words(keys, "page--dim"))]
