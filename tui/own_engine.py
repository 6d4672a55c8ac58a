"""OwnEngine: the engine that this console started, from its start to its sign of life or its end."""

from collections.abc import Callable

from core.store.engines import Engine
from tui.engine_start import StartedEngine
from tui.frame import Level

StartEngine = Callable[[], StartedEngine | None]
"""Starts an engine in a process of its own; raises OSError where it cannot."""
News = tuple[str, Level]
"""A sentence, and how good it is."""


class OwnEngine:
    """What there is to tell of it; it goes on when the console is closed."""

    def __init__(self, start: StartEngine | None) -> None:
        self._start = start
        self._started: StartedEngine | None = None
        self._is_announced = False

    def begin(self) -> News:
        """Start an engine."""
        if self._start is None:
            return "this console cannot start an engine; run: manciple serve", "warning"
        try:
            self._started, self._is_announced = self._start(), False
        except OSError as error:
            return f"the engine could not be started: {error}", "bad"
        return "starting an engine; it goes on when this console is closed", "plain"

    def look(self, alive: tuple[Engine, ...], starting_keys: str) -> News | None:
        """What became of it since this was last asked: it lives, or it has ended."""
        if self._started is None:
            return None
        if (death := self._started.death()) is not None:
            log, self._started = self._started.log, None
            return f"the engine ended with {death.told(starting_keys)} (its log: {log})", "bad"
        if not self._is_announced and alive:
            self._is_announced = True
            return f"the engine is alive: {alive[-1].listening}", "good"
        return None
