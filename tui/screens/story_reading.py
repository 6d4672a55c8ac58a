"""Reading the story that is wanted, in a thread, while its screen goes on.

The story of a group with very many members takes many seconds. Whoever wants another one meanwhile does not wait for
it, and neither does a console that is closed: the thread is let go, and what it reads is not looked at.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from tui.restraint import Restraint
from tui.screens.people_story import Story, Wanted

Read = Callable[[Wanted], Story | None]
_PATIENCE = 0.15
"""Seconds after which a story that is being read is said to be."""
_LET_GO = 2
"""Threads at most whose stories are not wanted any more; with so many, the next one waits for one of them."""


class StoryReading:
    """What is wanted, and the story that was read last."""

    def __init__(self, read: Read, slow: Callable[[], None]) -> None:
        """`read` is called in a thread; `slow` where a story that was not shown before takes a moment."""
        self.wanted: Wanted | None = None
        self.story: Story | None = None
        self.is_under_way = False
        """Whether `go_on` runs."""
        self.restraint = Restraint()
        self._read = read
        self._slow = slow
        self._is_due = False
        self._news = asyncio.Event()
        self._let_go: set[asyncio.Future[Story | None]] = set()

    def want(self, wanted: Wanted | None) -> None:
        """Want a story, another one or the same one read again; or none any more."""
        if wanted != self.wanted:
            self._news.set()
        if wanted is None:
            self.story = None
        self.wanted, self._is_due = wanted, wanted is not None

    async def go_on(self, told: Callable[[Story | None], None]) -> None:
        """Read until what is wanted has been `told`; `None` where there is no such user or group any more.

        :raises StoreError: when the store cannot be read.
        """
        self.is_under_way = True
        try:
            while (wanted := self.wanted) is not None and self._is_due:
                self._is_due = False
                self._news.clear()
                with self.restraint.measured():
                    reading = await self._begun(wanted)
                if wanted == self.wanted and reading.done():
                    told(reading.result())
        finally:
            self.is_under_way = False

    async def _begun(self, wanted: Wanted) -> "asyncio.Future[Story | None]":
        """The reading of a story: done, or let go since another one is wanted."""
        if len(self._let_go) >= _LET_GO:
            self._slow()
            await asyncio.wait(self._let_go, return_when=asyncio.FIRST_COMPLETED)
        reading = _in_thread(self._read, wanted)
        await asyncio.wait((reading,), timeout=_PATIENCE)
        if reading.done():
            return reading
        if self.story is None or self.story.wanted != wanted:
            self._slow()
        news = asyncio.ensure_future(self._news.wait())
        await asyncio.wait((reading, news), return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        if not reading.done():
            self._let_go.add(reading)
            reading.add_done_callback(self._ended)
        return reading

    def _ended(self, reading: "asyncio.Future[Story | None]") -> None:
        self._let_go.discard(reading)
        reading.exception()  # looked at, so that nobody misses it


def _in_thread(read: Read, wanted: Wanted) -> "asyncio.Future[Story | None]":
    """Begin to read; unlike `asyncio.to_thread`, the end of the program does not wait for the thread."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Story | None] = loop.create_future()

    def settle(story: Story | None, error: Exception | None) -> None:
        if future.cancelled():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(story)

    def run() -> None:
        story, error = None, None
        try:
            story = read(wanted)
        except Exception as caught:  # noqa: BLE001 - it is raised where the story is awaited
            error = caught
        with suppress(RuntimeError):  # the loop has ended with the console
            loop.call_soon_threadsafe(settle, story, error)

    threading.Thread(target=run, name="story", daemon=True).start()
    return future
