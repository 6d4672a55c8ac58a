"""Lists of glob patterns, as `include`, `exclude` and `protect` have them: which one, if any, matches a name.

`*` stands for any characters, also none, and `?` for one; everything else stands for itself, brackets too, because
names like `[App] Users` are common at an IdP. Names are compared without case. The patterns run on RE2, in time
linear in the name: nothing an admin writes can make a plan hang.
"""

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

import re2


def matching_glob(patterns: Sequence[str], name: str) -> str | None:
    """The first of `patterns` that matches the whole `name`; `None` when none does."""
    if not patterns:
        return None
    folded = _folded(name)
    if not _search(tuple(patterns))(folded):
        return None
    return next(pattern for pattern in patterns if _search((pattern,))(folded))


@lru_cache(maxsize=256)
def _search(patterns: tuple[str, ...]) -> Callable[[str], object]:
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
