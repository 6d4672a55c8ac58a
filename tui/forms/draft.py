"""What an admin has changed in a form, beside what stands in the file. Nothing here is written anywhere.

A draft is a value: each edit gives another one. What was typed and is no value stays with it as text, so that a wrong
value never loses what was typed.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, cast

from core.config.editing import EditPath, TomlValue
from core.config.source import Source
from tui.forms.field import Path, Value

_NOTHING: Mapping[Path, Any] = MappingProxyType({})
_HEADED = frozenset(
    {("users",), ("users", "scope"), ("users", "attributes"), ("groups",), ("groups", "on_the_fly"), ("brakes",)}
    | {("schedule",)}
)
"""Tables with a header of their own in the file; others are written in one line."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One target's part of the configuration, as it is in the file and as it is to be."""

    target: str
    saved: Mapping[str, Any]
    """The target's table in the file."""
    edits: Mapping[Path, Value | None] = field(default_factory=lambda: _NOTHING)
    """What is to be otherwise, by key; `None` takes the key out. A list of tables is one value."""
    typed: Mapping[Path, str] = field(default_factory=lambda: _NOTHING)
    """Texts that are no value of their field."""

    @property
    def is_edited(self) -> bool:
        """Whether there is anything to save."""
        return bool(self.edits or self.typed)

    @property
    def number_edited(self) -> int:
        """How many keys differ from the file."""
        return len(self.edits.keys() | self.typed.keys())

    def value(self, path: Path) -> Value | None:
        """What is to stand there; `None`: nothing, so that the default holds."""
        return cast("Value | None", _inside(self.now(), path))

    def was(self, path: Path) -> Value | None:
        """What stands there in the file."""
        return cast("Value | None", _inside(self.saved, path))

    def differs(self, path: Path) -> bool:
        """Whether it is to be otherwise than in the file."""
        return path in self.typed or not _is_same(self.value(path), self.was(path))

    def with_value(self, path: Path, value: Value | None) -> "Draft":
        """With another value; what was typed there is settled."""
        typed = {place: text for place, text in self.typed.items() if place != path}
        owner, made = _owned(self, path, value)
        edits = {place: other for place, other in self.edits.items() if not _is_below(place, owner)}
        if not _is_same(made, _inside(self.saved, owner)):
            edits[owner] = made
        return replace(self, edits=MappingProxyType(edits), typed=MappingProxyType(typed))

    def with_text(self, path: Path, text: str) -> "Draft":
        """With a text that is no value; the value stays as it was."""
        return replace(self, typed=MappingProxyType({**self.typed, path: text}))

    def without(self, path: Path) -> "Draft":
        """Without an entry of a list of tables, or of a table of tables."""
        below = {place: text for place, text in self.typed.items() if place[: len(path)] == path}
        draft = replace(self, typed=MappingProxyType({k: v for k, v in self.typed.items() if k not in below}))
        *outer, last = path
        if not isinstance(last, int):
            return draft.with_value(path, None)
        entries = list(cast("Sequence[Value]", draft.value(tuple(outer)) or ()))
        del entries[last]
        return draft.with_value(tuple(outer), cast("Value", tuple(entries)) if entries else None)

    def as_saved(self, path: Path) -> "Draft":
        """With what stands in the file."""
        return self.with_value(path, self.was(path))

    def now(self) -> Mapping[str, Any]:
        """The target's table as it is to be."""
        table: Mapping[str, Any] = self.saved
        for path, value in self.edits.items():
            table = _with(table, path, value)
        return table

    def changes(self) -> dict[EditPath, TomlValue | None]:
        """The edits as `core.config.editing.edited` takes them."""
        made: dict[EditPath, Any] = {}
        for path, value in self.edits.items():
            for place, part in self._written(path, value):
                head = place[:-1]
                if head not in _HEADED and len(head) > 1 and _inside(self.saved, head) is None and part is not None:
                    made.setdefault(("target", self.target, *map(str, head)), {})[place[-1]] = part
                else:
                    made[("target", self.target, *map(str, place))] = part
        return made

    def rebased(self, saved: Mapping[str, Any]) -> "Draft":
        """The same edits on what stands in the file by now."""
        draft = replace(self, saved=saved, edits=_NOTHING, typed=_NOTHING)
        for path, value in self.edits.items():
            draft = draft.with_value(path, value)
        for path, text in self.typed.items():
            draft = draft.with_text(path, text)
        return draft

    def _written(self, path: Path, value: Value | None) -> Iterator[tuple[Path, Value | None]]:
        """A table that is there already is changed key by key, so that its form and comments stay."""
        if isinstance(value, Mapping) and isinstance(_inside(self.saved, path), Mapping):
            was = cast("Mapping[str, Value]", _inside(self.saved, path))
            for name in sorted(value.keys() | was.keys()):
                if value.get(name) != was.get(name):
                    yield (*path, name), value.get(name)
        else:
            yield path, value


def table_of(source: Source, target: str) -> Mapping[str, Any]:
    """The table of a target in the file; empty where it is not there."""
    tables = tomllib.loads(source.text).get("target", [])
    return next((table for table in tables if table.get("name") == target), {})


def _owned(draft: Draft, path: Path, value: Value | None) -> tuple[Path, Value | None]:
    """What is written in one piece, and what it is to be: lists of tables, and tables that are new or to go."""
    places = (path[:at] for at in range(1, len(path)) if isinstance(path[at], int) or path[:at] in draft.edits)
    owner = next(places, path)
    return owner, cast("Value | None", _inside(_with(draft.now(), path, value), owner))


def _inside(table: Any, path: Path) -> Any:
    for part in path:
        if isinstance(part, int):
            table = table[part] if isinstance(table, Sequence) and part < len(table) else None
        else:
            table = table.get(part) if isinstance(table, Mapping) else None
        if table is None:
            return None
    return table


def _with(table: Any, path: Path, value: Any) -> Any:
    """A table, or list of tables, with another value at `path`; tables on the way to it are made."""
    first, *rest = path
    if isinstance(first, int):
        items = list(table or ())
        there = items[first] if first < len(items) else {}
        return (*items[:first], _with(there, tuple(rest), value) if rest else value, *items[first + 1 :])
    inner = _with((table or {}).get(first), tuple(rest), value) if rest else value
    changed = {name: other for name, other in (table or {}).items() if name != first}
    return changed if inner is None else {**(table or {}), first: inner}


def _is_below(path: Path, owner: Path) -> bool:
    return path[: len(owner)] == owner


def _is_same(one: Any, other: Any) -> bool:
    """Equal, be it a list or a tuple."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_is_same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
