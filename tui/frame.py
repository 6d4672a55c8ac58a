"""The lines around every screen: where you are, what just happened, and which keys act."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from tui.actions import Action, Place, actions_of, keys_of
from tui.plain import ELLIPSIS, fit, plain
from tui.times import clock_time
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

NAME = "manciple"
MODES: tuple[Place, ...] = (
    *("overview", "requests", "sync", "conflicts", "people", "providers", "targets", "user_sync"),
    *("group_sync", "audit"),
)
"""The screens, in the order of their keys."""
SHOWN_KEYS = 9
"""Entries of the footer at most: more are not read."""
FLASH_LINES = 3
"""Lines of a flash at most."""
MOMENT = 8_000
"""Milliseconds that a flash lasts which only tells why a key cannot act."""
NO_ENGINE, NO_STORE = "X no engine", "X no store"
_Spacing = Literal["wide", "close", "keys"]
_SPACINGS: tuple[_Spacing, ...] = ("wide", "close", "keys")
"""How the screens are named in the title, by the room there is: `close` without the program's name and the state."""
_HELP = "everywhere.help"
_MARKS: Mapping[str, str] = {"plain": " ", "good": "v", "warning": "!", "bad": "X"}

Level = Literal["plain", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Flash:
    """Something that just happened, in one sentence."""

    text: str
    level: Level
    at: int
    """When, in milliseconds since 1970-01-01 UTC."""
    lasts: int | None = None
    """Milliseconds until it vanishes by itself; `None`: until something else happens or the admin goes back."""

    def is_over(self, now: int) -> bool:
        """Whether it has vanished by now."""
        return self.lasts is not None and now - self.at >= self.lasts


def first_of(problems: Sequence[str]) -> str:
    """The first of them, and how many there are beside it."""
    return problems[0] + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")


def title_line(place: Place, needs: Mapping[Place, int], state: Words, keymap: Mapping[str, str], width: int) -> Line:
    """`manciple [1 Overview] 2 Requests  3 Sync(1)    state`: brackets are where you are, a number is what waits.

    Where there is little room, the names of the screens go before their keys do, and before them all else that is well.
    """
    for spacing in _SPACINGS:
        parts = _modes(place, needs, keymap, spacing)
        left = width - sum(cell_len(part.text) for part in parts)
        if left >= (0 if spacing == "close" and state.style == "page--dim" else len(NO_ENGINE) + 1):
            break
    return (*parts, Words(_right(state.text, left) if left > len(NO_ENGINE) else " " * left, state.style))


def state_words(store: str, *, is_readable: bool, is_engine_alive: bool) -> Words:
    """What stands at the right of the title: the store, or in its place what is missing."""
    if not is_readable:
        return Words(NO_STORE, "page--bad")
    return Words(store, "page--dim") if is_engine_alive else Words(NO_ENGINE, "page--bad")


def flash_lines(flash: Flash | None, width: int) -> list[Line]:
    """The flash with its time; empty where nothing happened."""
    if flash is None:
        return [()]
    head = f" {_MARKS[flash.level]} {clock_time(flash.at)} "
    texts = wrapped(flash.text, max(1, width - len(head)))[:FLASH_LINES]
    style = f"page--{flash.level}"
    return [line(Words((head if not number else " " * len(head)) + text, style)) for number, text in enumerate(texts)]


def footer_line(actions: Iterable[Action], off: Mapping[str, str], keymap: Mapping[str, str], width: int) -> Line:
    """The keys of these actions by rank, at most nine and what fits; those in `off` cannot act, and stand in brackets.

    Where there is no room, what cannot act goes first, then the last but Help.
    """
    shown = sorted((action for action in actions if action.rank), key=lambda action: action.rank)
    while len(shown) > 1 and (len(shown) > SHOWN_KEYS or _length(shown, off, keymap) > width):
        idle = [action for action in shown if action.id in off]
        shown.remove(idle[-1] if idle else [action for action in shown if action.id != _HELP][-1])
    return tuple(words for action in shown for words in _key(action, action.id in off, keymap))


def _modes(place: Place, needs: Mapping[Place, int], keymap: Mapping[str, str], spacing: _Spacing) -> list[Words]:
    """The screens by key and name; where there is little room, the others by key alone."""
    parts = [] if spacing == "close" else [Words(f" {NAME} ", "page--title")]
    for action in actions_of("everywhere"):
        if action.method in MODES:
            parts += _mode(action, action.method == place, needs.get(action.method, 0), keymap, spacing)
    return parts


def _mode(action: Action, here: bool, needs: int, keymap: Mapping[str, str], spacing: _Spacing) -> list[Words]:
    key = keys_of(action.id, keymap)[0]
    after = "" if spacing == "close" else " "
    before = " " if spacing == "close" else ""
    opening, closing, style = (f"{before}[", "]", "page--title") if here else (" ", after, "page--plain")
    name = f"{opening}{key if spacing == 'keys' and not here else f'{key} {action.title}'}"
    if not needs:
        return [Words(f"{name}{closing}", style)]
    return [Words(name, style), Words(f"({needs:,})", "page--warning"), Words(closing, style)]


def _right(text: str, width: int) -> str:
    """The end of `text`, at the right of so many cells: of a path, the end tells most."""
    room = max(0, width - 1)
    end = plain(text)
    if cell_len(end) > room:
        while end and cell_len(end) > room - 1:
            end = end[1:]
        end = ELLIPSIS + end
    return fit(" " * (width - cell_len(end) - 1) + end, width)


def _key(action: Action, off: bool, keymap: Mapping[str, str]) -> tuple[Words, ...]:
    key = keys_of(action.id, keymap)[0]
    if off:
        return (Words(f" ({key} {action.title})", "page--dim"),)
    return (Words(f" {key}", "page--key"), Words(f" {action.title} "))


def _length(actions: Iterable[Action], off: Mapping[str, str], keymap: Mapping[str, str]) -> int:
    return sum(cell_len(words.text) for action in actions for words in _key(action, action.id in off, keymap))
