"""Lines of a long text, and how they are folded to a width: the whole text is measured, only what is seen is styled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, chop_cells

from tui import json_text
from tui.plain import plain

Kind = Literal["plain", "dim", "head", "good", "warning", "bad", "header", "json"]
"""`head` begins a part; `header` is `name: value`; the others are what they say."""
Style = Literal["plain", "dim", "head", "good", "warning", "bad", "key", "string", "value", "sign"]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of any length."""

    text: str
    kind: Kind = "plain"

    def parts(self) -> Iterator[tuple[Style, str]]:
        """The line in pieces of one style; together they are the line made plain."""
        text = plain(self.text)
        if self.kind == "json":
            yield from json_text.tokens(text)
        elif self.kind == "header":
            name, colon, value = text.partition(":")
            yield "key", name
            yield "plain", colon + value
        else:
            yield self.kind, text


@dataclass(frozen=True, slots=True)
class Fold:
    """A part of a line that fits one line of the screen: from one character of it up to another."""

    line: int
    start: int
    end: int


def folded(lines: Sequence[TextLine], width: int) -> list[Fold]:
    """Every line cut into parts of at most `width` cells, two at least: a wide character needs them.

    Sentences are cut between words; JSON and headers where the line is full, so that a value stays one block.
    """
    room = max(2, width)
    return [fold for number, line in enumerate(lines) for fold in _folds(number, line, room)]


def _folds(number: int, line: TextLine, width: int) -> Iterator[Fold]:
    text, start = plain(line.text), 0
    while not _fits(text, start, width):
        # A character may take no cell at all, so more characters than cells are looked at.
        piece = chop_cells(text[start : start + 4 * width], width)[0]
        space = piece.rfind(" ") if line.kind not in ("json", "header") else -1
        end = start + (space + 1 if space > 0 else len(piece))
        yield Fold(number, start, end)
        start = end
    yield Fold(number, start, len(text))


def _fits(text: str, start: int, width: int) -> bool:
    left = len(text) - start
    if left > 4 * width:
        return False
    return (left <= width and text.isascii()) or cell_len(text[start:]) <= width


def shown(line: TextLine, fold: Fold) -> Iterator[tuple[Style, str]]:
    """The styled pieces of one fold of its line."""
    at = 0
    for style, text in line.parts():
        if at >= fold.end:
            return
        piece = text[max(0, fold.start - at) : fold.end - at]
        at += len(text)
        if piece and at > fold.start:
            yield style, piece
