"""One HTTP connection: uvicorn's, with limits on the head of a request.

uvicorn waits for a head as long as it takes, and on httptools keeps as much of one as comes (on h11 64 KiB): either
lets a client that never finishes hold a connection, or the memory, of a listener that faces the internet. The body's
limits are the listener's own (`core.scim.receiving`).
"""

from asyncio import Event, TimerHandle, Transport
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 30.0
"""How long the head of a request may take to arrive, counted from the connection or the head's first byte."""
MAX_HEAD = 64 * 1024
"""Bytes of a head at most: a long filter in the address, and headers that proxies add."""


class Connection(HttpToolsProtocol):
    """The protocol of one connection, HTTP/1.1."""

    def __init__(self, head_seconds: float, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_seconds = head_seconds
        self._in_head = True
        self._head_size = 0
        self._deadline: TimerHandle | None = None
        self.gone = Event()
        """Set once the connection has ended."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_clock()
        super().connection_lost(exc)
        self.gone.set()

    def data_received(self, data: bytes) -> None:
        """Read on, and refuse a head that has become too large."""
        if self._in_head:
            self._head_size += len(data)
            self._start_clock()
        super().data_received(data)
        if self._in_head and self._head_size > MAX_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """The head is there: let the request be handled."""
        self._in_head = False
        self._stop_clock()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there; what follows is the next head."""
        super().on_message_complete()
        self._in_head, self._head_size = True, 0

    def _start_clock(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self._head_seconds, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Close the connection, with a word to whoever began a request and waits for no other answer."""
        if self.transport.is_closing():
            return
        if self._head_size and (self.cycle is None or self.cycle.response_complete):
            head = f"HTTP/1.1 {status} {status.phrase}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(head.encode())
        self.transport.close()
