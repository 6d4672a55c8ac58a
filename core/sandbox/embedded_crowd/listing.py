"""Sorted name lists that are rebuilt only after what they list has changed, so that reading all pages is linear."""

from collections import Counter
from collections.abc import Callable, Iterable


class Listings:
    """The lists that page endpoints cut their pages from, by subject (`"accounts"`, `"members:staff"`, …)."""

    def __init__(self) -> None:
        self._revisions: Counter[str] = Counter()
        self._built: dict[str, tuple[tuple[int, ...], list[str]]] = {}

    def touch(self, subject: str) -> None:
        """Note that the subject changed."""
        self._revisions[subject] += 1

    def names(self, subject: str, build: Callable[[], Iterable[str]], *, also: tuple[str, ...] = ()) -> list[str]:
        """The sorted names of the subject; `build` is called if it, or one of `also`, changed since."""
        revision = tuple(self._revisions[each] for each in (subject, *also))
        built = self._built.get(subject)
        if built is None or built[0] != revision:
            built = self._built[subject] = (revision, sorted(build()))
        return built[1]
