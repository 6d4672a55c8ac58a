"""JSON for reading: laid out in lines, and each line cut into tokens to be styled.

It never refuses: a body that was cut off, or is no JSON after all, is laid out as far as it goes. It never reads the
values either, so numbers and names stay as they were sent.
"""

import re
from collections.abc import Iterator
from typing import Literal

Token = Literal["key", "string", "value", "sign"]

_DEEPEST = 24
"""Levels that are indented; deeper ones would leave no room."""
_INDENT = "  "
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_IN_LINE = re.compile(r'"(?:[^"\\]|\\.)*+"?(?P<colon>(?=:))?|[{}\[\],: ]+|[^\s{}\[\],:"]+', re.DOTALL)


def looks_like_json(text: str) -> bool:
    """Whether it begins as an object or a list does."""
    return text.lstrip()[:1] in ("{", "[")


def laid_out(text: str) -> list[str]:
    """One member or element a line, indented by two; what is empty stays on its line."""
    lines: list[str] = []
    line: list[str] = []
    depth, before = 0, ""

    def end_line(level: int) -> None:
        lines.append(_INDENT * min(level, _DEEPEST) + "".join(line))
        line.clear()

    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in ("}", "]"):
            if line and before not in ("{", "["):
                end_line(depth)
            depth = max(0, depth - 1)
        elif before in ("{", "["):
            end_line(depth - 1)
        elif before == ",":
            end_line(depth)
        line.append(": " if token == ":" else token)
        depth += token in ("{", "[")
        before = token
    if line:
        end_line(depth)
    return lines


def tokens(line: str) -> Iterator[tuple[Token, str]]:
    """The parts of one laid-out line; together they are the line."""
    end = 0
    for found in _IN_LINE.finditer(line):
        if found.start() > end:
            yield "sign", line[end : found.start()]
        end = found.end()
        yield _kind(found), found[0]
    if end < len(line):
        yield "sign", line[end:]


def _kind(found: re.Match[str]) -> Token:
    first = found[0][0]
    if first == '"':
        return "string" if found["colon"] is None else "key"
    return "sign" if first in "{}[],: " else "value"
