"""One HTTP connection: uvicorn's, with limits on the head of a request.

uvicorn waits for a head as long as it takes, and on httptools keeps as much of one as comes (on h11 64 KiB): either
lets a client that never finishes hold a connection, or the memory, of a listener that faces the internet. The body's
limits are the listener's own (`core.scim.receiving`).
"""

from asyncio import Event, TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from core.scim.answers import CLOSE, Answer, error

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
        super().data_received(data)
        if self._in_head and self._head_size:
            self._start_clock()  # a head that is whole by now, as nearly all are, needs none
            if self._head_size > MAX_HEAD:
                self._refuse(error(431, f"the head of the request is larger than {MAX_HEAD} bytes"))

    def on_headers_complete(self) -> None:
        """The head is there: let the request be handled."""
        self._in_head = False
        self._stop_clock()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there; what follows is the next head."""
        super().on_message_complete()
        self._in_head, self._head_size = True, 0

    def send_400_response(self, msg: str) -> None:
        """What the parser cannot read is refused as everything else is."""
        self._write_and_close(error(400, "this is no HTTP request: a method, path or header in it cannot be read"))

    def _start_clock(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self._head_seconds, self._too_slow)

    def _stop_clock(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._refuse(error(408, f"the head of the request did not arrive within {self._head_seconds:.0f} s"))

    def _refuse(self, answer: Answer) -> None:
        """Close the connection, with a word to whoever began a request and waits for no other answer."""
        if self.transport.is_closing():
            return
        if self._head_size and (self.cycle is None or self.cycle.response_complete):
            self._write_and_close(answer)
        self.transport.close()

    def _write_and_close(self, answer: Answer) -> None:
        headers = {**answer.headers, **CLOSE, "Content-Length": str(len(answer.body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.transport.write(STATUS_LINE[answer.status] + f"{lines}\r\n".encode("latin-1") + answer.body)
        self.transport.close()
