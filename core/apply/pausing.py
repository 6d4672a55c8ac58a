"""A paused run: asked for from outside, begun between two calls to the target, ended by an admin or by a stop."""

import asyncio


class Pause:
    """Whether a run is paused. Nothing is lost meanwhile: it goes on where it was."""

    def __init__(self) -> None:
        self._is_over = asyncio.Event()
        self._is_over.set()

    @property
    def is_asked(self) -> bool:
        """Whether the next call is to wait."""
        return not self._is_over.is_set()

    def ask(self) -> None:
        """Ask to pause from the next call on."""
        self._is_over.clear()

    def end(self) -> None:
        """Go on."""
        self._is_over.set()

    async def over(self) -> None:
        """Wait for the end."""
        await self._is_over.wait()
