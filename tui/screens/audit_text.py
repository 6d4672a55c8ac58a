"""The audit trail in words, and where an entry leads to. Pure."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from core.store.audit import Entry
from tui.actions import keys_of
from tui.plain import fit
from tui.times import ago, moment
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

_ABOUT_RUNS = frozenset({"approve", "drop", "cancel", "pause", "resume", "undo", "exclude"})
"""Actions whose subject is the number of a run."""
_CONFLICT = re.compile(r"conflict (\d+):")
_RUN = re.compile(r"run (\d+),")
_FIELD = 9
"""Cells of the names of fields."""
_NOTHING = (
    "No admin has done anything yet.",
    "What admins do is noted here when they do it, by command or in a console: who, when, and to what.",
)


class Place(NamedTuple):
    """What an entry is about, where a screen shows it."""

    kind: Literal["run", "conflict"]
    number: int


def place_of(entry: Entry) -> Place | None:
    """The run or the conflict that an entry names; `None` where it names neither."""
    if entry.action in _ABOUT_RUNS and entry.subject.isdecimal():
        return Place("run", int(entry.subject))
    if found := _CONFLICT.match(entry.subject):
        return Place("conflict", int(found[1]))
    if entry.action == "plan file" and (found := _RUN.match(entry.detail)):
        return Place("run", int(found[1]))
    return None


def heading(number: str, words: str, has_keys: bool, keymap: Mapping[str, str], width: int) -> Line:
    """Over the list: how many entries there are, or were found."""
    title = f'Entries with "{words}": {number}' if words else f"Audit trail: {number}"
    text = f" {'>' if has_keys else '-'} {title}   {keys_of('audit.next_pane', keymap)[0]} goes on"
    return line(Words(fit(text, width), "page--title" if has_keys else "page--dim"))


def entry_lines(entry: Entry | None, words: str, keymap: Mapping[str, str], width: int, now: int) -> list[Line]:
    """An entry whole; what to do where there is none."""
    if entry is None:
        return _nothing_lines(words, keymap, width)
    rows = [line(Words(f" {text}", "page--title")) for text in wrapped(f"{entry.action} {entry.subject}", width - 2)]
    rows += _field("who", entry.who, width)
    rows += _field("when", f"{moment(entry.at, now)}, {ago(entry.at, now)}", width)
    rows += _field("detail", entry.detail, width)
    if (place := place_of(entry)) is not None:
        hint = f"{keys_of('audit.go_to', keymap)[0]} shows {place.kind} {place.number}"
        rows += [(), line(Words(f" {hint}", "page--dim"))]
    return rows


def _nothing_lines(words: str, keymap: Mapping[str, str], width: int) -> list[Line]:
    if words:
        back = keys_of("everywhere.back", keymap)[0]
        return [line(f" {text}") for text in wrapped(f"No entry has these words. {back} shows all again.", width - 2)]
    first, second = _NOTHING
    rows = [line(f" {text}") for text in wrapped(second, width - 2)]
    return [line(Words(f" {first}", "page--title")), *rows]


def _field(name: str, text: str, width: int) -> list[Line]:
    if not text:
        return []
    first, *rest = wrapped(text, max(20, width - _FIELD - 2))
    head = line(Words(f" {name:<{_FIELD}}", "page--dim"), first)
    return [head, *(line(" " * (_FIELD + 1) + part) for part in rest)]
