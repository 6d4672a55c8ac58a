"""One keep-alive HTTP/1.1 connection of a load process, with as little in it as will do."""

import asyncio
from collections.abc import Callable
from typing import cast


class Connection(asyncio.Protocol):
    """Sends one request at a time; `answered` hears status and body of each, `lost` of the connection's end."""

    def __init__(self, answered: Callable[["Connection", int, bytes], None], lost: Callable[["Connection"], None]):
        self._answered = answered
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._arrived = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._lost(self)

    def send(self, raw: bytes) -> None:
        """Send a request; where the connection is gone, `lost` has been told."""
        self._arrived = b""
        if self._transport is not None:
            self._transport.write(raw)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        arrived = self._arrived + data if self._arrived else data
        whole = _whole(arrived)
        if whole is None:
            self._arrived = arrived
        else:
            self._answered(self, *whole)


def _whole(data: bytes) -> tuple[int, bytes] | None:
    """Status and body once all of an answer is there (RFC 9112 §6.3); chunks are left in their wrapping."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, body = data[:end].lower(), data[end + 4 :]
    status = int(head[9:12])
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        stop = head.find(b"\r\n", at + 2)
        length = int(head[at + 17 : stop if stop >= 0 else len(head)])
        return (status, body) if len(body) >= length else None
    if b"transfer-encoding: chunked" in head:
        return (status, body) if body.endswith(b"0\r\n\r\n") else None
    return status, b""
