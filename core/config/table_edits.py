"""A list of tables, `[[target.groups.map]]`, replaced entry by entry in the text of the configuration.

An entry that did not change keeps its lines, and the comment above it goes with it; one that changed keeps those of
its lines that did not. All other lines stay as they are, wherever the entries stand. What then does not read as meant
is not given out.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from core.config.positions import KeyPath, header_lines
from core.config.toml_items import Plain, item, put

Entry = Mapping[str, Plain]
_OFF = re.compile(r"\s*#\s*[\w.\"'-]+\s*=")
"""A key that is commented out."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one entry, from 0, with the comment above it and the blank lines below it."""

    start: int
    header: int
    end: int


def with_tables(text: str, path: KeyPath, wanted: Sequence[Entry]) -> str | None:
    """The text with the tables `wanted` at `path`, such as `("target", 0, "groups", "map")`.

    `None` where they are not given under headers of their own, or cannot be put in without touching something else.
    """
    lines = re.findall(r"[^\n]*\n|[^\n]+$", text)
    there = _inside(tomllib.loads(text), path) or []
    blocks = _blocks(lines, header_lines(text), path)
    if len(blocks) != len(there):
        return None
    try:
        made = _replaced(lines, blocks, there, path, wanted) if there else _begun(lines, text, path, wanted)
    except TOMLKitError:
        return None
    after = made.rstrip() + _end(lines)
    return after if _is_right(text, after, path, wanted) else None


def _replaced(
    lines: Sequence[str], blocks: Sequence[_Block], there: Sequence[Entry], path: KeyPath, wanted: Sequence[Entry]
) -> str:
    """The lines with each entry in the place of an old one, or behind the entry that precedes it."""
    origins = _origins(there, wanted)
    places: list[list[tuple[str, bool]]] = [[] for _ in blocks]
    for origin, place, entry in zip(origins, _places(origins, len(blocks)), wanted, strict=True):
        if origin is None:
            places[place].append((_new(path, entry, lines), False))
        else:
            places[place].append((_changed(lines, blocks[origin], there[origin], entry), origin == place))
    made, done = "", 0
    for block, texts in zip(blocks, places, strict=True):
        made = _joined(made + "".join(lines[done : block.start]), texts, _end(lines))
        done = block.end
    return made + "".join(lines[done:])


def _begun(lines: Sequence[str], text: str, path: KeyPath, wanted: Sequence[Entry]) -> str:
    """The lines with the first entries at the end of the table that they belong to, or of the one above it."""
    headers = header_lines(text)
    parent = [number for number, (place, _) in enumerate(headers) if place == path[:-1]]
    above = [number for number, (place, _) in enumerate(headers) if place[:2] == path[:2]]
    last = (parent or above or [len(headers) - 1])[-1]
    at = _lead(lines, headers[last + 1][1] - 1) if last + 1 < len(headers) else len(lines)
    entries = [(_new(path, entry, lines), False) for entry in wanted]
    return _joined("".join(lines[:at]), entries, _end(lines)) + "".join(lines[at:])


def _joined(before: str, texts: Sequence[tuple[str, bool]], end: str) -> str:
    """The entries behind what precedes them; one that is not where it was gets a blank line before it and behind."""
    for text, is_in_its_place in texts:
        if is_in_its_place:
            before += text
            continue
        if before.strip() and not before.replace("\r", "").endswith("\n\n"):
            before += end if before.endswith("\n") else end * 2
        before += text.rstrip() + end * 2
    return before


def _new(path: KeyPath, entry: Entry, lines: Sequence[str]) -> str:
    table = tomlkit.document()
    for key, value in entry.items():
        table[key] = item(value)
    header = ".".join(part for part in path if isinstance(part, str))
    return f"[[{header}]]\n{table.as_string()}".replace("\n", _end(lines))


def _changed(lines: Sequence[str], block: _Block, was: Entry, now: Entry) -> str:
    """The lines of an entry, those of the keys that are otherwise made anew."""
    text, head = "".join(lines[block.start : block.end]), block.header + 1
    if _key(was) == _key(now):
        return text
    # The keys alone: under their header tomlkit would take them for a table of a document that is not there.
    table = tomlkit.parse("".join(lines[head : block.end]))
    for key in was.keys() - now.keys():
        table.remove(key)
    for key, value in now.items():
        if key not in was or _key(was[key]) != _key(value):
            put(table, key, item(value, table.get(key)))
    return "".join(lines[block.start : head]) + table.as_string()


def _blocks(lines: Sequence[str], headers: Sequence[tuple[KeyPath, int]], path: KeyPath) -> list[_Block]:
    starts = [line - 1 for _, line in headers] + [len(lines)]
    return [
        _block(lines, starts[number], starts[number + 1])
        for number, (place, _) in enumerate(headers)
        if place[:-1] == path and isinstance(place[-1], int)
    ]


def _block(lines: Sequence[str], header: int, following: int) -> _Block:
    """The entry between two headers: to its last key and what follows that without a blank line between."""
    limit = _lead(lines, following) if following < len(lines) else following
    end = max(number for number in range(header, limit) if not _is_aside(lines[number])) + 1
    while end < limit and lines[end].strip():
        end += 1
    while end < limit and not lines[end].strip():
        end += 1
    return _Block(_lead(lines, header), header, end)


def _lead(lines: Sequence[str], header: int) -> int:
    """The first line of the comment that belongs to a header.

    Not to it belong keys of the table above that are commented out, and `##`, by which the example explains the list.
    """
    start = header
    while start > 0 and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    is_apart = start == 0 or not lines[start - 1].strip()
    for number in range(start, header):
        is_of_table_above = not is_apart and _OFF.match(lines[number]) is not None
        if is_of_table_above or lines[number].lstrip().startswith("##"):
            start = number + 1
    return start


def _origins(there: Sequence[Entry], wanted: Sequence[Entry]) -> list[int | None]:
    """For each entry the old one that it is, or was made of; none is taken twice."""
    old, new = [_key(entry) for entry in there], [_key(entry) for entry in wanted]
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[int | None] = [None] * len(new)
    for step, i, _, j, j_end in steps:
        if step == "equal":
            found[j:j_end] = range(i, i + j_end - j)
    free = [number for number in range(len(old)) if number not in found]
    for number, origin in enumerate(found):
        if origin is None and (same := next((each for each in free if old[each] == new[number]), None)) is not None:
            found[number] = same
            free.remove(same)
    for _, i, i_end, j, j_end in (step for step in steps if step[0] == "replace"):
        pairs = [
            (_likeness(there[origin], wanted[number]), origin, number)
            for number in range(j, j_end)
            for origin in free
            if i <= origin < i_end
        ]
        for likeness, origin, number in sorted(pairs, key=lambda pair: -pair[0]):
            if likeness and found[number] is None and origin in free:
                found[number] = origin
                free.remove(origin)
    return found


def _places(origins: Sequence[int | None], count: int) -> Iterator[int]:
    """In the place of which old entry each one stands: of its own, unless the order is another one."""
    known = [origin for origin in origins if origin is not None]
    place = 0
    for number, origin in enumerate(origins):
        if known != sorted(known):
            place = min(number, count - 1)
        elif origin is not None:
            place = origin
        yield place


def _likeness(one: Entry, other: Entry) -> int:
    return sum(_key(one[key]) == _key(other[key]) for key in one.keys() & other.keys())


def _key(value: Any) -> Any:
    """What is equal for what reads the same."""
    if isinstance(value, Mapping):
        return frozenset((name, _key(each)) for name, each in value.items())
    return value if isinstance(value, str | int) else (*map(_key, value),)


def _is_right(before: str, after: str, path: KeyPath, wanted: Sequence[Entry]) -> bool:
    """Whether the new text says what the old one said, but for these tables."""
    expected = tomllib.loads(before)
    *outer, last = path
    parent = _inside(expected, tuple(outer), make=True)
    parent.pop(last, None)
    if wanted:
        parent[last] = [_as_read(entry) for entry in wanted]
    try:
        return tomllib.loads(after) == expected
    except tomllib.TOMLDecodeError:
        return False


def _as_read(entry: Entry) -> dict[str, Any]:
    return {key: value if isinstance(value, str | int) else list(value) for key, value in entry.items()}


def _inside(table: Any, path: KeyPath, *, make: bool = False) -> Any:
    for part in path:
        if isinstance(part, int):
            table = table[part]
        else:
            table = table.setdefault(part, {}) if make else (table or {}).get(part)
    return table


def _is_aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _end(lines: Sequence[str]) -> str:
    return "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
