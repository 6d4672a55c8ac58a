"""One more `[[provider]]` or `[[target]]` in the configuration, put behind the last of its kind.

It is put in as text, so that every line that was there stays as it was, whatever it is and wherever it stands; what
then does not read as exactly the old configuration and the new table is refused. `core.config.editing` shows and saves
the outcome.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Literal

import tomlkit

from core.config.problems import ConfigError, Problem
from core.config.reading import examine, read_settings
from core.config.source import Source

_HEADER = re.compile(r"\s*\[\[?\s*([\w\"'-]+)[\w.\"'\s-]*\]\]?\s*(#.*)?")
_BOM = b"\xef\xbb\xbf"


def added(source: Source, kind: Literal["provider", "target"], values: Mapping[str, str]) -> Source:
    """The configuration with one more table of a kind.

    :raises ConfigError: when the outcome would not be a valid configuration, as where the name is taken, or the table
        cannot be put in without touching something else.
    """
    examine(source)
    text = source.text
    lines = text.splitlines(keepends=True)
    place = _place(lines, kind)
    end = "\r\n" if "\r\n" in text else "\n"
    before, after = "".join(lines[:place]), "".join(lines[place:])
    new = _with_blank_lines(before, _table(kind, values), after).replace("\n", end)
    whole = before + new + after
    if not _is_right(text, whole, kind, values):
        message = f"a [[{kind}]] cannot be added by the program without moving other lines of this file"
        remedy = f"Put all [[{kind}]] together, or add it by hand"
        raise ConfigError([Problem(source.path, None, "", message, remedy)])
    bom = _BOM if source.content.startswith(_BOM) else b""
    outcome = Source(source.path, bom + whole.encode())
    read_settings(outcome)
    return outcome


def _place(lines: Sequence[str], kind: str) -> int:
    """The line before which the table is put in: the comment that leads over to the next table stays with that."""
    headers = [(number, found[1]) for number, line in enumerate(lines) if (found := _HEADER.fullmatch(line))]
    last = max((number for number, name in headers if name == kind), default=len(lines))
    place = next((number for number, name in headers if number > last and name != kind), len(lines))
    comment = place
    while comment > 0 and lines[comment - 1].lstrip().startswith("#"):
        comment -= 1
    # A comment without a blank line before it belongs to the keys above it.
    return comment if place < len(lines) and comment and not lines[comment - 1].strip() else place


def _table(kind: str, values: Mapping[str, str]) -> str:
    keys = "".join(f"{key} = {tomlkit.string(value).as_string()}\n" for key, value in values.items())
    return f"[[{kind}]]\n{keys}"


def _with_blank_lines(before: str, table: str, after: str) -> str:
    """The table, set apart by a blank line from what precedes it and from what follows it."""
    is_apart = not before.strip() or before.replace("\r", "").endswith("\n\n")
    above = "" if is_apart else "\n" if before.endswith("\n") else "\n\n"
    return above + table + ("\n" if after else "")


def _is_right(before: str, after: str, kind: str, values: Mapping[str, str]) -> bool:
    """Whether the new text says what the old one said, and the new table."""
    expected = tomllib.loads(before)
    try:
        expected[kind] = [*expected.get(kind, []), dict(values)]
        return tomllib.loads(after) == expected
    except (tomllib.TOMLDecodeError, TypeError):
        return False
