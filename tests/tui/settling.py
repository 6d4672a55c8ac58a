"""When the console has done what it was asked, so that a test can look; in place of Textual's guess, which is slow.

Textual sleeps 20 ms, twice for every key, and takes it that whatever used no processor meanwhile has ended. Here it is
seen what there is left to do: callbacks of the event loop, timers that fall due within those 20 ms, and threads that
somebody waits for. Where there is nothing, nothing would happen in 20 ms either. Where there is, it is waited for.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from time import monotonic, process_time
from typing import ParamSpec, TypeVar

import pytest

from core.store.writer import Writer
from tui.screens import story_reading

P, T = ParamSpec("P"), TypeVar("T")

MOMENT = 0.02
"""Seconds within which something must happen for it to be waited for, as in Textual."""
BUSY = 0.001
"""Seconds of the processor in one moment, beyond which there is another, as in Textual."""


class Settling:
    """Waits until nothing is left to do. Counts the work in other threads that somebody waits for."""

    def __init__(self) -> None:
        self._in_threads = 0

    def replace(self, patch: pytest.MonkeyPatch) -> None:
        """Have Textual's pilots wait so."""
        patch.setattr("textual.pilot.wait_for_idle", self.wait)
        patch.setattr("textual.app.wait_for_idle", self.wait)
        patch.setattr("textual.screen.UPDATE_PERIOD", 0.001)  # what changed is drawn at once, and not 60 times a second
        patch.setattr(asyncio, "to_thread", self._counted(asyncio.to_thread))
        patch.setattr(Writer, "write", self._counted(Writer.write))
        patch.setattr(story_reading, "_in_thread", self._followed(story_reading._in_thread))

    async def wait(self, min_sleep: float = MOMENT, max_sleep: float = 1) -> None:
        """Until nothing is left to do, at least and at most so many seconds."""
        begin = monotonic()
        while monotonic() - begin < max_sleep:
            used = process_time()
            await self._rest(monotonic() + MOMENT)
            if monotonic() - begin < min_sleep:
                await asyncio.sleep(begin + min_sleep - monotonic())
            if process_time() - used < BUSY:
                return

    async def _rest(self, end: float) -> None:
        """Until then, or until nothing is left to do before."""
        quiet = 0
        while quiet < 2 and monotonic() < end:
            await asyncio.sleep(0)
            if _is_ready():
                quiet = 0
            elif self._in_threads or _next_timer() <= end:
                quiet = 0
                await asyncio.sleep(0.0005)
            else:
                quiet += 1

    def _counted(self, call: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @wraps(call)
        async def counted(*args: P.args, **kwargs: P.kwargs) -> T:
            self._in_threads += 1
            try:
                return await call(*args, **kwargs)
            finally:
                self._in_threads -= 1

        return counted

    def _followed(self, begin: Callable[P, "asyncio.Future[T]"]) -> Callable[P, "asyncio.Future[T]"]:
        @wraps(begin)
        def followed(*args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
            future = begin(*args, **kwargs)
            self._in_threads += 1
            future.add_done_callback(self._ended)
            return future

        return followed

    def _ended(self, _future: "asyncio.Future[T]") -> None:
        self._in_threads -= 1


def _is_ready() -> bool:
    """Whether the event loop has anything to run but the task that asks."""
    return bool(asyncio.get_running_loop()._ready)  # type: ignore[attr-defined]


def _next_timer() -> float:
    """When the next timer of the event loop falls due, on the clock of `monotonic`."""
    timers = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return timers[0].when() if timers else float("inf")
