"""SessionKeeping: writes down what a console shows, when it is another than what is written already, in a thread."""

import asyncio
import logging
from pathlib import Path

from tui.session import Session, write_session

_log = logging.getLogger(__name__)


class SessionKeeping:
    """Keeps the sessions of one console in one file; without a file it keeps none."""

    def __init__(self, file: Path | None, written: Session) -> None:
        """`written` is what the file holds."""
        self._file = file
        self._written = written
        self._one_writes = asyncio.Lock()

    def is_news(self, session: Session) -> bool:
        """Whether it is another than what is written."""
        return self._file is not None and session != self._written

    async def keep(self, session: Session) -> None:
        """Write it, if it is news; what cannot be written is noted in the log, and not tried again before the next."""
        async with self._one_writes:
            if self._file is None or not self.is_news(session):
                return
            self._written = session
            try:
                await asyncio.to_thread(write_session, self._file, session)
            except OSError as error:
                _log.warning("what the console shows is not kept: %s", error)
