"""Filters that have a name: those that a user saved, and those that `[console.filters]` gives to every admin.

A user's own lie in a file beside the user's themes, whole and written by the console alone; config.toml may well be
another's to write. Where both have a name, the user's own holds.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from core.filtering import FilterError, parse
from tui.own_file import write_own

LONGEST_NAME = 40
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """One filter."""

    name: str
    text: str
    is_own: bool
    """Whether the user saved it, and may delete it."""


class NamedFiltersError(Exception):
    """The user's own filters cannot be read or written; says why, and what to do."""


def named_file(environment: Mapping[str, str]) -> Path:
    """Where a user's own are kept."""
    folder = environment.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return Path(folder) / "manciple" / "filters.toml"


def problem_of_name(name: str) -> str:
    """Why a filter cannot be called so; empty where it can."""
    if not name.strip():
        return "type a name, such as failures"
    if not name.isprintable():
        return "the name has characters that cannot be shown: leave them out"
    return f"the name is longer than {LONGEST_NAME} characters" if len(name) > LONGEST_NAME else ""


class NamedFilters:
    """The named filters of one user."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self, shared: Mapping[str, str]) -> list[NamedFilter]:
        """All there are, by name; `shared` are those of config.toml.

        :raises NamedFiltersError: when the user's own cannot be read.
        """
        own = self._own()
        texts = {**shared, **own}
        return [NamedFilter(name, texts[name], name in own) for name in sorted(texts, key=str.casefold)]

    def save(self, name: str, text: str) -> bool:
        """Call a filter so; returns whether another of the user's was called so before.

        :raises NamedFiltersError: when it cannot be kept.
        """
        own = self._own()
        self._write({**own, name: text})
        return name in own

    def delete(self, name: str) -> None:
        """Let a filter of the user's own go.

        :raises NamedFiltersError: when that cannot be kept.
        """
        self._write({other: text for other, text in self._own().items() if other != name})

    def _own(self) -> dict[str, str]:
        try:
            document = tomllib.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise NamedFiltersError(f"{self._file} cannot be read: {error}; mend it, or move it away") from None
        return {name: text for name, text in document.items() if isinstance(text, str) and _is_readable(name, text)}

    def _write(self, own: Mapping[str, str]) -> None:
        try:
            write_own(self._file, tomli_w.dumps(dict(own)))
        except OSError as error:
            raise NamedFiltersError(f"{self._file} cannot be written: {error}") from None


def _is_readable(name: str, text: str) -> bool:
    if problem_of_name(name):
        return False
    try:
        parse(text, now=0)
    except FilterError:
        return False  # another version may have written it
    return True
