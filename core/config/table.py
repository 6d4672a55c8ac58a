"""One TOML table while it is read: each call asks for one key and gets its typed value, or notes a problem.

A wrong value never stops the reading. It is noted with its line, the default takes its place, and the next key is
read, so that all problems of a file come out at once. What was never asked for is unknown, and noted last: the keys
that the reader asks for are the keys that exist, and there is no second list of them to keep in step.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from core.config.findings import Findings, shown
from core.config.formats import NotAccepted
from core.config.positions import KeyPath, key_lines
from core.config.problems import quoted
from core.credentials import SecretError

T = TypeVar("T")
Choice = TypeVar("Choice", bound=str)

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TYPE_NAMES: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
    datetime: "a date",
    date: "a date",
    time: "a time",
}


def open_document(file: Path, text: str) -> "Table":
    """The top of a TOML document.

    :raises tomllib.TOMLDecodeError: when it is not TOML.
    """
    values = tomllib.loads(text)
    return Table(values, (), Findings(file, key_lines(text)))


class Table:
    """One table of the document, there or not; a table that is not there has no keys and so gives the defaults."""

    def __init__(self, values: Mapping[str, object], path: KeyPath, findings: Findings) -> None:
        self._values = values
        self._path = path
        self._asked: dict[str, None] = {}
        self._parts: list[Table] = []
        self.findings = findings

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def raw(self, key: str) -> object:
        """The value as it stands in the file, for what its type alone tells."""
        return self._values.get(key)

    def problem(self, key: str, message: str, remedy: str) -> None:
        """Note a problem of `key`."""
        self.findings.problem((*self._path, key), message, remedy)

    def warning(self, key: str, message: str, remedy: str) -> None:
        """Note a warning about `key`."""
        self.findings.warning((*self._path, key), message, remedy)

    def text(self, key: str, default: str, *, may_be_empty: bool = False) -> str:
        """A text without control characters."""
        return self.parsed(key, str, default, may_be_empty=may_be_empty)

    def flag(self, key: str, default: bool) -> bool:
        """`true` or `false`."""
        value = self._value(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self._wrong_type(key, value, "Write true or false, without quotes")
        return default

    def whole_number(self, key: str, default: int, *, at_least: int, at_most: int) -> int:
        """A whole number within both limits."""
        value = self._value(key)
        if value is None:
            return default
        accepted = f"Write a whole number from {at_least} to {at_most}"
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong_type(key, value, f"{accepted}, without quotes")
        elif not at_least <= value <= at_most:
            self.problem(key, "this number is out of range", accepted)
        else:
            return value
        return default

    def choice(
        self,
        key: str,
        default: Choice,
        accepted: Sequence[Choice],
        *,
        later: Sequence[str] = (),
        former: Mapping[str, str] = MappingProxyType({}),
        required: bool = False,
    ) -> Choice:
        """One of the accepted words. One of `later` is refused with the honest reason, a former one with its heir."""

        def chosen(text: str) -> Choice:
            if text in later:
                raise NotAccepted(f"{quoted(text)} comes with a later version", _accepted(accepted))
            if text in former:
                raise NotAccepted(f"{quoted(text)} is not accepted any more", f'Write "{former[text]}"')
            return _one_of(accepted, text)

        return self.parsed(key, chosen, default, required=required, accepted=_accepted(accepted))

    def choices(self, key: str, default: tuple[Choice, ...], accepted: Sequence[Choice]) -> tuple[Choice, ...]:
        """A list of accepted words, none of them twice."""
        seen: set[str] = set()

        def chosen(text: str) -> Choice:
            choice = _one_of(accepted, text)
            if choice in seen:
                raise NotAccepted(f"{quoted(text)} is given twice", "Keep the first")
            seen.add(choice)
            return choice

        return self.parsed_list(key, chosen, default)

    def parsed(
        self,
        key: str,
        parse: Callable[[str], T],
        default: T,
        *,
        required: bool = False,
        may_be_empty: bool = False,
        accepted: str = "Write a text in double quotes",
    ) -> T:
        """A text that `parse` turns into its value, or refuses with `NotAccepted` or `SecretError`.

        A required key that is missing is a problem; the default is then only there to go on with.
        """
        value = self._value(key)
        if value is None:
            if required:
                self.problem(key, "this key is missing", f"Add {key} = …. {accepted}")
            return default
        return self._parsed_text((*self._path, key), value, parse, default, may_be_empty, accepted)

    def parsed_list(self, key: str, parse: Callable[[str], T], default: tuple[T, ...]) -> tuple[T, ...]:
        """A list of texts, each turned into its value by `parse`. A wrong element is left out."""
        value = self._value(key)
        if value is None:
            return default
        accepted = 'Write a list of texts, like ["one", "two"]'
        if not isinstance(value, list):
            self._wrong_type(key, value, accepted)
            return default
        read = (
            self._parsed_text((*self._path, key, index), element, parse, None, False, accepted)
            for index, element in enumerate(value)
        )
        return tuple(element for element in read if element is not None)

    def text_list(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of texts."""
        return self.parsed_list(key, str, default)

    def one_or_more(
        self, key: str, parse: Callable[[str], T], default: tuple[T, ...] = (), *, required: bool = False
    ) -> tuple[T, ...]:
        """A list of texts with something in it; one text alone stands for a list of it."""
        value = self._value(key)
        if value is None and required:
            self.problem(key, "this key is missing", f'Add {key} = ["…"]')
        if value == []:
            self.problem(key, "this list is empty", "Name at least one")
            return default
        if not isinstance(value, str):
            return self.parsed_list(key, parse, default)
        one = self._parsed_text((*self._path, key), value, parse, None, False, "Write a text in double quotes")
        return default if one is None else (one,)

    def text_mapping(self, key: str, parse: Callable[[str], str] = str) -> dict[str, str]:
        """A table whose keys are free and whose values are texts, as far as `parse` takes them."""
        table = self.table(key)
        return {name: table.parsed(name, parse, "") for name in table._values}

    def table(self, key: str) -> "Table":
        """A table inside this one."""
        value = self._value(key)
        if value is not None and not isinstance(value, dict):
            header = shown((*self._path, key))
            if isinstance(value, list) and value and all(isinstance(element, dict) for element in value):
                self.problem(key, "this table is given as a list of tables", f"Write [{header}], once")
            else:
                self._wrong_type(key, value, f"Write it as a table: [{header}]")
        return self._part(value if isinstance(value, dict) else {}, (*self._path, key))

    def named_tables(self, key: str, parse: Callable[[str], str]) -> Mapping[str, "Table"]:
        """The tables inside the table `key`. Their names are free, as far as `parse` takes them."""
        outer = self.table(key)
        named = {}
        for name, value in outer._values.items():
            outer._asked[name] = None
            accepted = outer._parsed_text((*outer._path, name), name, parse, None, False, "Give it a name")
            if accepted is not None:
                table = outer.table(name)
                if isinstance(value, dict):
                    named[accepted] = table
        return named

    def tables(self, key: str) -> Sequence["Table"]:
        """The tables of an array of tables, `[[key]]`."""
        value = self._value(key)
        if value is None:
            return ()
        header = shown((*self._path, key))
        if isinstance(value, dict):
            self.problem(key, "there can be several of these", f"Write [[{header}]], with two brackets on each side")
            return ()
        if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
            self._wrong_type(key, value, f"Write each as a table: [[{header}]]")
            return ()
        return [self._part(element, (*self._path, key, index)) for index, element in enumerate(value)]

    def note_unknown_keys(self) -> None:
        """Note each key, here and in the tables read from here, that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                self.problem(key, "unknown key", self._nearest(key))
        for part in self._parts:
            part.note_unknown_keys()

    def _nearest(self, key: str) -> str:
        nearest = get_close_matches(key.lower().replace("-", "_"), self._asked, n=1, cutoff=0.6)
        return f"Did you mean '{nearest[0]}'?" if nearest else f"Known here: {', '.join(self._asked)}"

    def _value(self, key: str) -> object:
        self._asked[key] = None
        self.findings.known.add(shown((*self._path, key)))
        return self._values.get(key)

    def _part(self, values: Mapping[str, object], path: KeyPath) -> "Table":
        part = Table(values, path, self.findings)
        self._parts.append(part)
        return part

    def _parsed_text(
        self,
        path: KeyPath,
        value: object,
        parse: Callable[[str], T],
        default: T,
        may_be_empty: bool,
        accepted: str,
    ) -> T:
        if not isinstance(value, str):
            self.findings.problem(path, f"this is {_type_name(value)}, not a text", accepted)
        elif not value and not may_be_empty:
            self.findings.problem(path, "this is empty", accepted)
        elif _CONTROL.search(value):
            self.findings.problem(path, "this holds control characters", "Write it in one line, without them")
        else:
            try:
                return parse(value)
            except (NotAccepted, SecretError) as error:
                self.findings.problem(path, error.message, error.remedy)
        return default

    def _wrong_type(self, key: str, value: object, remedy: str) -> None:
        self.problem(key, f"this is {_type_name(value)}", remedy)


def _type_name(value: object) -> str:
    """What the value is, without the value: it may be a secret in the wrong place."""
    return _TYPE_NAMES[type(value)]


def _one_of(accepted: Sequence[Choice], text: str) -> Choice:
    for choice in accepted:
        if text == choice:
            return choice
    raise NotAccepted(f"{quoted(text)} is not accepted", _accepted(accepted))


def _accepted(words: Sequence[str]) -> str:
    return "Accepted: " + ", ".join(f'"{word}"' for word in words)
