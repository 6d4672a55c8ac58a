"""How much a filter may ask for: its length, its conditions and how deep they nest, each refused by name.

It reads the text alone, before anything parses it.
"""

import re

from core.scim import answers
from core.scim.answers import Refused

MAX_FILTER = 8 * 1024
"""Characters of a filter at most."""
MAX_CONDITIONS = 50
"""Conditions that are joined by `and` and `or` at most; no IdP sends more than three."""
MAX_NESTING = 50
"""Brackets within brackets at most."""
_SMALL = 100
"""Characters in which neither limit can be passed."""

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)', re.DOTALL)
_JOINT = re.compile(r"(?<=[\s)\]])(?:and|or)(?=[\s(])", re.IGNORECASE)


def check_filter(text: str) -> None:
    """Let a filter within the limits pass.

    :raises Refused: 400 invalidFilter (RFC 7644 §3.12), with the limit.
    """
    if len(text) > MAX_FILTER:
        raise _refused(f"the filter is longer than {MAX_FILTER} characters: ask in parts")
    if len(text) <= _SMALL:  # too short to hold as many
        return
    outside = _TEXT.sub('""', text)
    if len(_JOINT.findall(outside)) >= MAX_CONDITIONS:
        raise _refused(f"the filter joins more than {MAX_CONDITIONS} conditions: ask in parts")
    if _nesting(outside) > MAX_NESTING:
        raise _refused(f"the filter nests deeper than {MAX_NESTING} brackets: leave out those that change nothing")


def _nesting(text: str) -> int:
    deepest = depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        deepest = max(deepest, depth)
    return deepest


def _refused(detail: str) -> Refused:
    return Refused(answers.error(400, detail, scim_type="invalidFilter"))
