"""SessionKeeping: what one console shows, as noted last; it is written where it is another than what was written last.

That is done in a thread. Where it fails that is noted in the log, and it is tried again when there is other news.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tui.session import Kept, Session, write_session

_log = logging.getLogger(__name__)


class SessionKeeping:
    """Keeps the session of one console in one file; without a file it keeps none."""

    def __init__(self, file: Path | None = None, session: Session | None = None) -> None:
        """`session` is what the file holds."""
        session = session or Session()
        self.session = session
        """What is shown."""
        self._file = file
        self._written = session
        self._one_writes = asyncio.Lock()

    @property
    def is_news(self) -> bool:
        """Whether it is another than what is written."""
        return self._file is not None and self.session != self._written

    def note(self, screen: str, kept: Kept, theme: str) -> None:
        """Note which screen is seen, what it keeps, and which theme was chosen."""
        screens = {place: each for place, each in {**self.session.screens, screen: kept}.items() if each.values}
        self.session = replace(self.session, screen=screen, theme=theme, screens=screens)

    def forget(self) -> None:
        """Let the next console begin afresh: what this one went on with may be what ended it."""
        self.session = Session(self.session.store, theme=self.session.theme)
        if self._file is not None:
            with suppress(OSError):
                write_session(self._file, self.session)

    async def keep(self) -> None:
        """Write it, if it is news."""
        async with self._one_writes:
            if self._file is None or not self.is_news:
                return
            self._written = self.session
            try:
                await asyncio.to_thread(write_session, self._file, self._written)
            except OSError as error:
                _log.warning("what the console shows is not kept: %s", error)
