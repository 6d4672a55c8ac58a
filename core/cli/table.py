"""Tables of plain text: columns as wide as their widest cell, whatever script its letters are in."""

import unicodedata
from collections.abc import Collection, Sequence

from core.plain import plain

_GAP = "  "


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[str] = ()) -> list[str]:
    """The lines of a table; columns whose heading is in `right` end together, all others begin together."""
    cells = [[plain(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    to_right = [heading in right for heading in headings]
    return [_GAP.join(map(_placed, row, widths, to_right)).rstrip() for row in cells]


def width(text: str) -> int:
    """How many cells of a terminal a plain text takes: two for wide letters, none for marks on others."""
    return sum(_cells(character) for character in text)


def _placed(cell: str, columns: int, to_right: bool) -> str:
    space = " " * (columns - width(cell))
    return space + cell if to_right else cell + space


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
