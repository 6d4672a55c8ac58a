"""Tables of plain text: columns as wide as their widest cell, whatever script its letters are in."""

import unicodedata
from collections.abc import Collection, Sequence

from core.plain import plain

_GAP = "  "
_NARROWEST = 4
"""Cells below which no column is cut."""


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Collection[str] = (),
    spare: Collection[str] = (),
    columns: int | None = None,
) -> list[str]:
    """The lines of a table; columns whose heading is in `right` end together, all others begin together.

    With `columns`, no line is wider than that: first the columns in `spare` go, then the widest others are cut, but
    never those in `right`, which are numbers.
    """
    cells = [[plain(cell) for cell in row] for row in (headings, *rows)]
    if columns is not None and _total(_widths(cells)) > columns:
        kept = [at for at, heading in enumerate(headings) if heading not in spare]
        cells = [[row[at] for at in kept] for row in cells]
    to_right = [heading in right for heading in cells[0]]
    widths = _widths(cells)
    if columns is not None:
        widths = _narrowed(widths, to_right, columns)
    lines = (_GAP.join(map(_placed, row, widths, to_right)).rstrip() for row in cells)
    return [cut(line, columns) for line in lines] if columns is not None else list(lines)


def cut(text: str, columns: int) -> str:
    """A plain text in at most `columns` cells, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    kept, taken = "", 1
    for character in text:
        taken += _cells(character)
        if taken > columns:
            break
        kept += character
    return f"{kept}…"


def width(text: str) -> int:
    """How many cells of a terminal a plain text takes: two for wide letters, none for marks on others."""
    return sum(_cells(character) for character in text)


def _widths(cells: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(width, column)) for column in zip(*cells, strict=True)]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _narrowed(widths: Sequence[int], to_right: Sequence[bool], columns: int) -> list[int]:
    """The widths when the widest columns give way until all fit, or are as narrow as a table can be read."""
    narrowed = list(widths)
    while _total(narrowed) > columns:
        widest = max((at for at in range(len(narrowed)) if not to_right[at]), key=lambda at: narrowed[at], default=None)
        if widest is None or narrowed[widest] <= _NARROWEST:
            break
        narrowed[widest] -= 1
    return narrowed


def _placed(cell: str, columns: int, to_right: bool) -> str:
    cell = cut(cell, columns)
    space = " " * (columns - width(cell))
    return space + cell if to_right else cell + space


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
