"""Where every thousandth resource of a list is, so that a page far behind costs about as much as the first.

Resources are listed in the order of their creation. New ones come at the end, so a mark holds until one is removed.
Marks are this process's alone and may be lost at any time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

EVERY = 1000
"""Places from one mark to the next."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The key of the resource at an offset."""

    offset: int
    key: int


@dataclass(slots=True)
class Marks:
    """The marks of the lists of one store."""

    _known: dict[tuple[str, str], tuple[int, dict[int, int]]] = field(default_factory=dict)

    def before(self, listed: tuple[str, str], removed: int, offset: int, find: Callable[[int], int]) -> Mark:
        """The mark at or before an offset of a list, of which so many were removed; one not known is found."""
        at = offset - offset % EVERY
        if not at:
            return Mark(0, 0)
        when, keys = self._known.get(listed, (removed, {}))
        if when != removed:
            keys = {}
        if at not in keys:
            keys[at] = find(at)
        self._known[listed] = (removed, keys)
        return Mark(at, keys[at])


_MARKS: "WeakKeyDictionary[Engine, Marks]" = WeakKeyDictionary()


def marks_of(engine: Engine) -> Marks:
    """The marks of the store that an engine reads."""
    return _MARKS.setdefault(engine, Marks())
