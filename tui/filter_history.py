"""The filters that a user typed, over all sessions: one a line, the latest last, in a file below the XDG state folder.

It is a convenience: where the file cannot be read the history begins afresh, and where it cannot be written it lasts as
long as the console. Several consoles of one user share it; each keeps what the others added.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.filtering.parsing import LONGEST
from tui.own_file import write_own

KEPT = 200
"""Filters that are kept."""
_LARGEST = KEPT * (LONGEST * 4 + 1)
"""Bytes of the file that are read: a larger one is not ours."""

_log = logging.getLogger(__name__)


def history_file(environment: Mapping[str, str]) -> Path:
    """Where it is kept (XDG Base Directory Specification, `$XDG_STATE_HOME`)."""
    state = environment.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return Path(state) / "manciple" / "filter-history"


class FilterHistory:
    """What was typed, and a walk through it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._typed: list[str] = []
        """As last read, and what could not be written."""
        self._place = 0
        """Where the walk stands; at the end is what is being typed."""
        self._draft = ""

    @property
    def typed(self) -> Sequence[str]:
        """The filters, the latest last."""
        return self._typed

    def begin(self) -> None:
        """A filter is about to be typed: read what there is, and stand behind it."""
        self._typed = self._read()
        self._place = len(self._typed)

    def older(self, shown: str) -> str:
        """The filter before the one that is shown; the oldest is the last of them."""
        if self._place == len(self._typed):
            self._draft = shown
        places = [place for place in range(self._place) if self._typed[place] != shown]
        if not places:
            return shown
        self._place = places[-1]
        return self._typed[self._place]

    def newer(self, shown: str) -> str:
        """The filter after the one that is shown; after the latest, what was being typed."""
        if self._place == len(self._typed):
            return shown
        self._place += 1
        return self._typed[self._place] if self._place < len(self._typed) else self._draft

    def add(self, text: str) -> None:
        """A filter was applied: it is the latest now."""
        if not text or not text.isprintable():
            return
        self._typed = [*(each for each in self._read() if each != text), text][-KEPT:]
        try:
            write_own(self._file, "".join(f"{each}\n" for each in self._typed))
        except OSError as error:
            _log.warning("filters are not remembered: %s", error)

    def _read(self) -> list[str]:
        try:
            with self._file.open("rb") as opened:
                lines = opened.read(_LARGEST).decode("utf-8", "replace").splitlines()
        except OSError:
            return self._typed
        return [line for line in lines if line.isprintable() and 0 < len(line) <= LONGEST][-KEPT:]
