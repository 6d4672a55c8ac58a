"""User-supplied text as safe plain text, for whatever reaches a terminal: the console and the command line.

Names come from an IdP, so anybody who may rename a group may try to write to an admin's terminal. Nothing that a
terminal obeys, and nothing that reorders or hides its neighbours, passes here: each such character becomes one visible
stand-in.
"""

import unicodedata

STAND_IN = "\N{REPLACEMENT CHARACTER}"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Persian words and joined emoji need the two joiners; they neither reorder nor command.
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")


def plain(text: str) -> str:
    """`text` with every control, format, surrogate and line-breaking character replaced by a visible stand-in.

    C0 controls become their control pictures (ESC is ␛); C1 controls, bidi overrides and the rest become U+FFFD.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else STAND_IN
