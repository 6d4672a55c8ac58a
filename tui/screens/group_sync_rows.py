"""The rows of the table of mappings: the mappings, and the groups of each side with those first that a mapping has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.planning.names import group_key
from tui.screens.group_sync_entries import Entry, Side, uses
from tui.screens.group_sync_sides import Meaning, Sides, idp_meaning, target_meaning
from tui.widgets.window_source import Cell, Row

MAPPING_HEAD = "     add remove others  IdP groups -> target groups"
_NUMBER = 6
_TONES = {"plain": "window-view--row", "good": "window-view--good", "warning": "window-view--warning"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the lists are made of."""

    entries: Sequence[Entry]
    sides: Sides | None
    """`None`: not computed yet."""
    creates: bool
    """Target groups that are not there are created."""


class Named:
    """Names of one side, as a source; of any number of them only the rows in sight are made."""

    def __init__(self, names: Sequence[str], row: Callable[[int, str], Row]) -> None:
        self.names = names
        self._row = row

    def head(self) -> int:
        """The last row."""
        return len(self.names)

    def tail(self) -> int:
        """The first row."""
        return 1 if self.names else 0

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Rows from a number on."""
        at = max(1, first)
        return [self._row(at + n, name) for n, name in enumerate(self.names[at - 1 : at - 1 + height])]

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Rows up to a number."""
        return self.window(max(1, last - height + 1), min(height, max(0, last)))


def names_of(listed: Listed, side: Side, at: int, words: str) -> list[str]:
    """The names of a side that have all the words: first those of the mapping, then what other mappings name and is
    not there, then all groups."""
    entry = listed.entries[at] if at < len(listed.entries) else None
    seen: dict[str, str] = {}
    for name in (*(entry.names(side) if entry else ()), *_strange(listed, side), *_there(listed, side)):
        seen.setdefault(group_key(name), name)
    wanted = words.lower().split()
    return [name for name in seen.values() if all(word in name.lower() for word in wanted)]


def side_rows(listed: Listed, side: Side, at: int) -> Callable[[int, str], Row]:
    """How a name of a side is drawn: whether the mapping has it, its members, what it is, and in how many it is."""
    entry = listed.entries[at] if at < len(listed.entries) else None
    mine = frozenset(map(group_key, entry.names(side))) if entry else frozenset[str]()
    used = uses(listed.entries, side)

    def row(number: int, name: str) -> Row:
        meaning = meaning_of(listed, side, name)
        is_mine = group_key(name) in mine
        style = _TONES[meaning.tone] if meaning.tone != "plain" or is_mine else "window-view--row"
        members = "" if meaning.members is None else f"{meaning.members:,}"
        times = used[group_key(name)]
        cells = (
            Cell("[x]" if is_mine else "[ ]", "window-view--good" if is_mine else "window-view--dim", 3),
            Cell(f"{members:>7}", "window-view--dim", 7),
            Cell(f"{times:>2}" if times else "", "window-view--dim", 2),
            Cell(meaning.sign, style, 1),
            Cell(name, style),
        )
        return Row(number, cells)

    return row


def mapping_rows(listed: Listed, wrong: Callable[[int], str]) -> Callable[[int, str], Row]:
    """How a mapping is drawn: what it does to members, whether others stay, and its names."""

    def row(number: int, _: str) -> Row:
        entry = listed.entries[number - 1]
        delta = listed.sides.deltas.get(entry.key) if listed.sides else None
        is_wrong = bool(wrong(number - 1)) or bool(lacking(listed, entry))
        mark = "!" if is_wrong else "*" if entry.is_edited else " "
        style = "window-view--warning" if is_wrong else "window-view--row"
        removed = f"-{delta.removed:,}" if delta else "?"
        cells = (
            Cell(mark, style, 1),
            Cell(f"{f'+{delta.added:,}' if delta else '?':>{_NUMBER}}", "window-view--good", _NUMBER),
            Cell(f"{removed:>{_NUMBER}}", _loss(removed), _NUMBER),
            Cell(
                "stay" if entry.keeps else "go", "window-view--dim" if entry.keeps else "window-view--warning", _NUMBER
            ),
            Cell(f" {said(entry)}", style),
        )
        return Row(number, cells)

    return row


def said(entry: Entry) -> str:
    """A mapping by its names."""
    return f"{', '.join(entry.idp) or '(none)'} -> {', '.join(entry.target) or '(none)'}"


def meaning_of(listed: Listed, side: Side, name: str) -> Meaning:
    """What a name means on its side."""
    if listed.sides is None:
        return Meaning("", "plain")
    if side == "idp":
        return idp_meaning(name, listed.sides)
    return target_meaning(name, listed.sides, creates=listed.creates)


def lacking(listed: Listed, entry: Entry) -> list[str]:
    """What is in the way of a mapping: names that are not there, or that the product refuses."""
    if listed.sides is None:
        return []
    sides: tuple[Side, ...] = ("idp", "target")
    found = [(name, meaning_of(listed, side, name)) for side in sides for name in entry.names(side)]
    return [f"{name} {_verb(meaning.text)}" for name, meaning in found if meaning.tone == "warning"]


def _verb(text: str) -> str:
    return text if text.startswith(("is ", "matches ")) else f"({text})"


def _strange(listed: Listed, side: Side) -> list[str]:
    """Names that mappings have and that are no group: globs, and what is not there."""
    names = sorted({name for each in listed.entries for name in each.names(side)}, key=group_key)
    if listed.sides is None:
        return names
    of = listed.sides
    return [name for name in names if not (of.named(name) if side == "idp" else of.target(name))]


def _there(listed: Listed, side: Side) -> list[str]:
    if listed.sides is None:
        return []
    groups = listed.sides.idp if side == "idp" else listed.sides.targets
    return [each.name for each in groups]


def _loss(text: str) -> str:
    return "window-view--warning" if text.strip("-?0") else "window-view--dim"
