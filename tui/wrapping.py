"""Long sentences broken into lines of a known width, with wide characters counted as the terminal does."""

from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

from tui.plain import plain


def wrapped(text: str, width: int) -> list[str]:
    """`text` made plain, in lines of at most `width` cells, broken between words where that is possible."""
    lines, line = [], ""
    for word in _pieces(plain(text), max(2, width)):  # two: a wide character needs them
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= width:
            line = longer
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line or not lines else lines


def _pieces(text: str, width: int) -> Iterator[str]:
    """The words, those that are longer than a line in parts."""
    for word in text.split(" "):
        yield from chop_cells(word, width) if cell_len(word) > width else (word,)
