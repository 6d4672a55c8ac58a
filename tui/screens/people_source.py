"""The users, or the groups, as a source of rows: all of them, or those that a search has found so far."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from core.config.settings import TargetSettings
from core.store import Store, StoreError, people
from core.store.identities import Kind
from core.store.people import Listed, Place
from tui import marks
from tui.widgets.window_source import Cell, Row
from tui.word_search import WordSearch

T = TypeVar("T")
Places = Sequence[tuple[str, Place]]
"""Targets by name, and what one has there."""
Targets = Callable[[], Sequence[TargetSettings]]
"""The targets as they are configured now."""
MARK = 10
"""Cells of the first column."""
_ROOMY = 110
"""Cells of a list from which on names have more room."""


class People:
    """All of a kind, in the order in which they came; the id of a row is its key."""

    def __init__(self, store: Store, targets: Targets, kind: Kind) -> None:
        self._store = store
        self._targets = targets
        self.kind = kind
        self.width = 0
        """Of the list, in terminal cells; whoever changes it reloads the list."""

    def head(self) -> int:
        """The newest."""
        return next(iter(self._read(lambda c: [people.last(c, self.kind)])), 0)

    def tail(self) -> int:
        """The oldest."""
        return next(iter(self._read(lambda c: [people.first(c, self.kind)])), 0)

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Rows from a key on."""
        return self._read(lambda c: self._rows(c, people.window(c, self.kind, first, height)))

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Rows up to a key."""
        return self._read(lambda c: self._rows(c, people.window_ending(c, self.kind, last, height)))

    def at(self, keys: Sequence[int]) -> Sequence[Row]:
        """Rows of these keys."""
        return self._read(lambda c: self._rows(c, people.at(c, self.kind, keys)))

    def listed(self, key: int) -> Listed | None:
        """One of them; `None` where it is not there, or the store cannot be read."""
        return next(iter(self._read(lambda c: people.at(c, self.kind, [key]))), None)

    def _read(self, query: Callable[[Connection], list[T]]) -> list[T]:
        """What is found; nothing where the store cannot be read, which the screen, reading it too, says."""
        try:
            with self._store.read() as connection:
                return query(connection)
        except StoreError:
            return []

    def _rows(self, connection: Connection, listed: Sequence[Listed]) -> list[Row]:
        found: dict[str, list[tuple[str, Place]]] = {each.id: [] for each in listed}
        for target in self._targets():
            ids = [each.id for each in listed if each.provider == target.provider]
            for ident, place in people.places(connection, self.kind, target.name, ids).items():
                found[ident].append((target.name, place))
        return [self._row(each, found[each.id]) for each in listed]

    def _row(self, listed: Listed, places: Places) -> Row:
        state = people.state_of(listed, [place for _, place in places])
        mark = marks.PERSON[state]
        texts = (listed.name, listed.display_name or "")
        styles = ("window-view--row", "window-view--dim")
        names = map(Cell, texts, styles, columns(self.kind, self.width))
        return Row(listed.key, (Cell(f"{mark.sign} {state}", mark.in_list, MARK), *names, Cell(_told(listed, places))))


class FoundPeople:
    """Those that a search has found so far."""

    def __init__(self, everyone: People, search: WordSearch) -> None:
        self._everyone = everyone
        self._search = search

    def head(self) -> int:
        """The newest one found."""
        return self._search.last

    def tail(self) -> int:
        """The oldest one found."""
        return self._search.first

    def window(self, first: int, height: int) -> Sequence[Row]:
        """Rows from a key on."""
        return self._everyone.at(self._search.window(first, height))

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        """Rows up to a key."""
        return self._everyone.at(self._search.window_ending(last, height))


def columns(kind: Kind, width: int) -> tuple[int, ...]:
    """Cells of the columns of names in a list of this width: of a user two, of a group one."""
    name, display = (40, 30) if width >= _ROOMY else (24, 18)
    return (name, display) if kind == "User" else (name + display - 10,)


def _told(listed: Listed, places: Places) -> str:
    """The targets where it has something, and what, where that is not called as it is itself."""
    return ", ".join(_at(listed, target, place) for target, place in places if place.names or place.has_conflict)


def _at(listed: Listed, target: str, place: Place) -> str:
    others = [name for name in place.names if name.lower() != listed.name.lower()]
    named = f" {' '.join(others)}" if others else ""
    return f"{target}{named}{' (inactive)' if place.is_inactive else ''}{' !' if place.has_conflict else ''}"
