"""How something is said of a provider: behind a label, numbered, or as a paragraph; wrapped to the width."""

from tui.plain import fit
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

LABEL = 12
"""Columns of a label."""


def labelled(label: str, text: str, width: int, style: str = "page--plain") -> list[Line]:
    """A label, and what stands there."""
    first, *rest = wrapped(text, max(20, width - LABEL - 2))
    head = line(Words(fit(f" {label}", LABEL), "page--dim"), Words(f" {first}", style))
    return [head, *(line(Words(f"{'':{LABEL}} {part}", style)) for part in rest)]


def numbered(number: int, text: str, width: int) -> list[Line]:
    """One of several steps."""
    first, *rest = wrapped(text, max(20, width - 5))
    head = line(Words(f" {number:>2} ", "page--key"), first)
    return [head, *(line(f"    {part}") for part in rest)]


def paragraph(text: str, by: int, width: int, style: str = "page--plain") -> list[Line]:
    """A text that begins some columns in."""
    return [line(Words(" " * by + part, style)) for part in wrapped(text, max(20, width - by - 1))]
