"""Lists of glob patterns, as `include`, `exclude` and `protect` have them: which one, if any, matches a name.

`*` stands for any characters, also none, and `?` for one; everything else stands for itself, brackets too, because
names like `[App] Users` are common at an IdP. Names are compared without case. The patterns run on RE2, in time
linear in the name: nothing an admin writes can make a plan hang.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import re2

_WILDCARD = re.compile("[*?]")


def matching_glob(patterns: Sequence[str], name: str) -> str | None:
    """The first of `patterns` that matches the whole `name`; `None` when none does."""
    if not patterns:
        return None
    folded = _folded(name)
    if not _search(tuple(patterns))(folded):
        return None
    return next(pattern for pattern in patterns if _search((pattern,))(folded))


class Globs:
    """Many patterns for many names: a name costs a look at those patterns alone that share a literal part with it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(dict.fromkeys(patterns))
        self._searches: dict[int, Callable[[str], object]] = {}
        self._starting: defaultdict[str, list[int]] = defaultdict(list)
        self._ending: defaultdict[str, list[int]] = defaultdict(list)
        self._others: list[tuple[str, int]] = []
        """The longest literal part of the patterns that begin and end with a wildcard."""
        for number, pattern in enumerate(self._patterns):
            literals = _WILDCARD.split(_folded(pattern))
            if literals[0]:
                self._starting[literals[0]].append(number)
            elif literals[-1]:
                self._ending[literals[-1]].append(number)
            else:
                self._others.append((max(literals, key=len), number))
        self._starts = sorted(set(map(len, self._starting)))
        self._ends = sorted(set(map(len, self._ending)))

    def matching(self, name: str) -> list[str]:
        """All patterns that match the whole name, in the order in which they were given."""
        folded = _folded(name)
        found = [number for literal, number in self._others if literal in folded]
        for length in self._starts:
            found += self._starting.get(folded[:length], ())
        for length in self._ends:
            found += self._ending.get(folded[-length:], ())
        return [self._patterns[number] for number in sorted(set(found)) if self._search(number)(folded)]

    def _search(self, number: int) -> Callable[[str], object]:
        if number not in self._searches:
            self._searches[number] = _compiled((self._patterns[number],))
        return self._searches[number]


@lru_cache(maxsize=256)
def _search(patterns: tuple[str, ...]) -> Callable[[str], object]:
    return _compiled(patterns)


def _compiled(patterns: Sequence[str]) -> Callable[[str], object]:
    alternatives = "|".join(_translated(_folded(pattern)) for pattern in patterns)
    search: Callable[[str], object] = re2.compile(rf"\A(?s:{alternatives})\z").search
    return search


def _translated(pattern: str) -> str:
    wildcards = {"*": ".*", "?": "."}
    return "".join(wildcards.get(character) or re2.escape(character) for character in pattern)


def _folded(text: str) -> str:
    """Without case, in one Unicode form; lone surrogates, which RE2 cannot read, become `?`."""
    folded = unicodedata.normalize("NFC", text.casefold())
    return folded.encode("utf-8", "replace").decode("utf-8")
