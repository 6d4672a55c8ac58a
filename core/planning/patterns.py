"""Patterns of an admin, on RE2 (https://github.com/google/re2/wiki/Syntax) and never on Python's `re`.

RE2 takes time linear in the text, so no pattern can hang a plan. What it refuses is told with the position, since a
pattern is written by hand in a settings form or in `config.toml`.
"""

from typing import Any

import re2


def compiled(pattern: str) -> Any:
    """The compiled pattern (RE2 has no types).

    :raises ValueError: naming the pattern, the position in it (the first character is 1), and what is wrong there.
    """
    try:
        return re2.compile(pattern, _quiet())
    except re2.error as error:
        cause, fragment = _parts(error)
        where = f"pattern {pattern!r}, character {_position(pattern, cause, fragment)}"
        raise ValueError(f"{where}: {cause}" + (f" ({fragment})" if fragment not in ("", pattern) else "")) from None
    except UnicodeEncodeError as error:
        raise ValueError(f"pattern {pattern!r}, character {error.start + 1}: not valid Unicode") from None


def _quiet() -> Any:
    options = re2.Options()
    options.log_errors = False  # RE2 would write to stderr, over the console
    return options


def _parts(error: Exception) -> tuple[str, str]:
    """RE2's message, which is bytes: the cause, and the part of the pattern it is about."""
    raw = error.args[0]
    cause, _, fragment = (raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)).partition(": ")
    return cause, fragment


def _position(pattern: str, cause: str, fragment: str) -> int:
    """Where it is wrong. About brackets RE2 names the whole pattern: the shortest wrong beginning tells more."""
    if fragment != pattern:
        return max(pattern.find(fragment), 0) + 1
    if cause == "missing )":
        return len(pattern) + 1
    return next(length for length in range(1, len(pattern) + 1) if _cause(pattern[:length]) == cause)


def _cause(pattern: str) -> str | None:
    try:
        re2.compile(pattern, _quiet())
    except re2.error as error:
        return _parts(error)[0]
    return None
