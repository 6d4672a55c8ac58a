"""User-supplied text as safe plain text of a known width.

Names come from an IdP, so anybody who may rename a group may try to write to an admin's terminal. Nothing that a
terminal obeys, and nothing that reorders or hides its neighbours, passes here: each such character becomes one visible
stand-in. Markup is not escaped because it is never read: callers build segments, not markup.
"""

import unicodedata

from rich.cells import cell_len, set_cell_size

STAND_IN = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "…"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Persian words and joined emoji need the two joiners; they neither reorder nor command.
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


def plain(text: str) -> str:
    """`text` with every control, format, surrogate and line-breaking character replaced by a visible stand-in.

    C0 controls become their control pictures (ESC is ␛); C1 controls, bidi overrides and the rest become U+FFFD.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def fit(text: str, width: int) -> str:
    """`text` made plain and exactly `width` terminal cells wide: padded with spaces, or cropped with an ellipsis."""
    if width <= 0:
        return ""
    safe = plain(text)
    if cell_len(safe) <= width:
        return set_cell_size(safe, width)
    return set_cell_size(safe, width - 1) + ELLIPSIS


def _visible(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else STAND_IN
