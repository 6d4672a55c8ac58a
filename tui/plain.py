"""User-supplied text as safe plain text of a known width.

What makes it safe is `core.plain.plain`. Markup is not escaped because it is never read: callers build segments, not
markup.
"""

from rich.cells import cell_len, set_cell_size

from core.plain import STAND_IN, plain

__all__ = ["ELLIPSIS", "STAND_IN", "fit", "plain"]

ELLIPSIS = "…"


def fit(text: str, width: int) -> str:
    """`text` made plain and exactly `width` terminal cells wide: padded with spaces, or cropped with an ellipsis."""
    if width <= 0:
        return ""
    safe = plain(text)
    if cell_len(safe) <= width:
        return set_cell_size(safe, width)
    return set_cell_size(safe, width - 1) + ELLIPSIS
