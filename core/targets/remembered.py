"""A value that was asked of a product and holds for a while, asked for by one at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from core.targets.timing import Timing

ValueT = TypeVar("ValueT")


class Remembered(Generic[ValueT]):
    """What `find` found, for `fresh_for` seconds; an error is not remembered."""

    def __init__(self, find: Callable[[], Awaitable[ValueT]], fresh_for: float, timing: Timing) -> None:
        self._find = find
        self._fresh_for = fresh_for
        self._timing = timing
        self._lock = asyncio.Lock()
        self._found: tuple[ValueT, float] | None = None
        """The value, and when it is old."""

    async def get(self) -> ValueT:
        """The value, found now unless it is still fresh.

        :raises Exception: whatever `find` raises.
        """
        async with self._lock:
            if self._found is None or self._timing.monotonic() >= self._found[1]:
                value = await self._find()
                self._found = value, self._timing.monotonic() + self._fresh_for
            return self._found[0]
