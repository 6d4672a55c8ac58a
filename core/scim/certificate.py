"""The certificate that the listener shows, replaced without a restart when its files are.

New handshakes get the newest certificate that could be used; connections that stand keep theirs. A renewal that went
wrong changes nothing: the certificate before it stays, and the log says what is wrong with the files.
"""

import asyncio
import logging
import ssl
from contextlib import suppress
from pathlib import Path

from core.scim.errors import ListenerError
from core.scim.tls import tls_context

_log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""How often the files are looked at; a renewed certificate overlaps the old one by weeks."""

_Stamp = tuple[tuple[int, int, int] | None, ...]


class Certificate:
    """The certificate in a file and its key in another, PEM.

    :raises ListenerError: when they cannot be used at the start.
    """

    def __init__(self, cert: Path, key: Path) -> None:
        self._cert, self._key = cert, key
        self._stamp = self._stamped()
        self._newest = tls_context(cert, key)
        self.context = tls_context(cert, key)
        """What the server listens with; each handshake turns to the newest certificate."""
        # OpenSSL calls it for every handshake, also where the client names no server.
        self.context.sni_callback = self._turn

    async def keep_fresh(self, renew: asyncio.Event) -> None:
        """Take up what is new in the files: at once when `renew` is set, else when they have changed. Never returns."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await renew.wait()
            asked = renew.is_set()
            renew.clear()
            await asyncio.to_thread(self.look, asked=asked)

    def look(self, *, asked: bool = False) -> None:
        """Take up the files if they have changed since the last look, or if that is `asked` for."""
        stamp = self._stamped()
        if stamp == self._stamp and not asked:
            return
        self._stamp = stamp
        try:
            self._newest = tls_context(self._cert, self._key)
        except (ListenerError, OSError) as error:
            _log.error("the new certificate was not taken up, the one before it stays: %s", error)
        else:
            _log.info("the certificate %s was taken up", self._cert)

    def _turn(self, handshake: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        handshake.context = self._newest

    def _stamped(self) -> _Stamp:
        """What changes when the files do, behind links too."""
        return tuple(_stamp(path) for path in (self._cert, self._key))


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
