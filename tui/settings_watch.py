"""SettingsWatch: notices that config.toml was written, by hand or by another console, and goes on with what it says."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import ConfigError, load_settings

if TYPE_CHECKING:
    from tui.app import Console


class SettingsWatch:
    """Follows the file that settings were read from."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._state()

    def is_changed(self) -> bool:
        """Whether the file is another one than when this was last asked; one that is gone changes nothing."""
        found = self._state()
        is_changed = found is not None and found != self._seen
        self._seen = found or self._seen
        return is_changed

    async def renew(self, console: "Console") -> None:
        """Let the console go on with what the file says; where it cannot be used, with what it said before.

        The store stays, and what this console was told for itself.
        """
        try:
            settings = await asyncio.to_thread(load_settings, self._path)
        except ConfigError as error:
            console.flash(f"what was read before still holds: {error}", "warning")
            return
        settings = replace(settings, store=console.settings.store, console=console.settings.console)
        if settings != console.settings:
            console.settings = settings
            console.news.miss()
            console.flash(f"{self._path.name} was read again")

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns
