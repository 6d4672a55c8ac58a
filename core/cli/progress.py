"""How far something is, on one line of a terminal that is written over and over; nothing where nobody watches."""

import sys

from core.cli.table import width
from core.plain import plain


class Progress:
    """The line on standard error. Clear it before anything else is written there."""

    def __init__(self) -> None:
        self._is_watched = sys.stderr.isatty()
        self._shown = ""

    def show(self, text: str) -> None:
        """Show `text` in place of what stood there."""
        if self._is_watched and text != self._shown:
            # What the new text does not cover is covered by spaces: no escape sequence, so any terminal will do.
            rest = " " * max(width(self._shown) - width(plain(text)), 0)
            sys.stderr.write(f"\r{plain(text)}{rest}\r")
            sys.stderr.flush()
            self._shown = plain(text)

    def clear(self) -> None:
        """Leave the line empty."""
        self.show("")
