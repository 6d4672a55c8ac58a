"""Learning of news: a reader is woken when any other connection, of any process, has committed.

A watch tells only *that* something was committed. What it was, the reader finds by reading the ids and states it cares
for; nothing depends on seeing every commit.
"""

import asyncio
from types import TracebackType

from sqlalchemy import Connection, Engine

from core.store.sqlite import Sqlite

POLL_SECONDS = 0.04
"""A commit is noticed within this time; asking costs a few microseconds and touches no page of the database."""


class Watch:
    """News of one store, on one held connection. Use as a context manager, from one task."""

    def __init__(self, backend: Sqlite, engine: Engine) -> None:
        self._backend = backend
        self._connection: Connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._seen = backend.change_counter(self._connection)

    def changed(self) -> bool:
        """Whether anything was committed since the last time this was asked. Does not block."""
        counter = self._backend.change_counter(self._connection)
        changed, self._seen = counter != self._seen, counter
        return changed

    async def wait(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - a time-out is an ordinary answer here
        """Wait for a commit; False where `timeout` seconds passed without one. Many in a row are one piece of news."""
        loop = asyncio.get_running_loop()
        deadline = None if timeout is None else loop.time() + timeout
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if self.changed():
                return True
            if deadline is not None and loop.time() >= deadline:
                return False

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def __enter__(self) -> "Watch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
