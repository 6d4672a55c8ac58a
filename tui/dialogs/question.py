"""Question: the dialog before something that may take something away.

The default is not to do it. What must be typed first is a `y`, or where accounts or members are taken away, their
number: nobody types that by accident, and who types it has read it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from tui.actions import bindings, keys_of
from tui.dialogs.dialog import Dialog
from tui.dialogs.typed_text import typed
from tui.widgets.page import Line, Page, Words, line
from tui.wrapping import wrapped

YES = "y"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question says."""

    title: str
    counts: Mapping[str, int]
    """How many of each kind it is about."""
    losses: Collection[str]
    """The kinds that take something away."""
    explanation: Sequence[str]
    answer: str
    """What must be typed: `YES`, or a number."""
    verb: str
    """What is done then: `apply`."""
    otherwise: str
    """What happens if not: `leaves everything as it is`."""


class Question(Dialog[bool]):
    """Asks for a typed answer; true where it was given."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("question")]

    def __init__(self, asked: Asked, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._asked = asked
        self._confirm, self._dismiss = (keys_of(name, keymap)[0] for name in ("question.confirm", "dialog.dismiss"))
        self._typed = ""
        self._room = len(asked.answer) + 1
        """Characters that are taken: one more than are right, so that one too many is seen."""
        self._refused = ""
        self._page = Page(self._lines)

    def compose(self) -> ComposeResult:
        """One page in a box."""
        with Container(id="box"):
            yield self._page

    def on_key(self, event: events.Key) -> None:
        """Take what can belong to an answer; every other key is left to the bindings."""
        text = typed(self._typed, event, lambda character: character.isdecimal() or character == YES, self._room)
        if text is None:
            return
        self._typed = text
        event.stop()
        self._page.update()

    def action_confirm(self) -> None:
        """Do it where the answer is right; where nothing was typed, do not; else ask again."""
        if self._typed in ("", self._asked.answer):
            self.dismiss(self._typed == self._asked.answer)
            return
        self._refused, self._typed = self._typed, ""
        self._page.update()

    def _lines(self, width: int) -> list[Line]:
        asked, room = self._asked, width - 2
        lines = [line(Words(f" {text}", "page--title")) for text in wrapped(asked.title, room)]
        lines += [(), *(self._count(kind, number) for kind, number in asked.counts.items()), ()]
        lines += [line(f" {text}") for sentence in asked.explanation for text in wrapped(sentence, room)]
        prompt = f" Type {asked.answer}, then {self._confirm}, to {asked.verb}: "
        lines += [(), line(prompt, Words(f"[{self._typed:<{len(asked.answer)}}]", "page--key"))]
        if self._refused:
            lines += [line(Words(f" ! {self._refused} is not {asked.answer}; nothing was done", "page--warning"))]
        return [*lines, line(Words(f" {self._dismiss} {asked.otherwise}", "page--dim"))]

    def _count(self, kind: str, number: int) -> Line:
        mark, style = ("!", "page--warning") if kind in self._asked.losses else (" ", "page--plain")
        return line(Words(f" {mark} {kind:<22}{number:>8,}", style))
