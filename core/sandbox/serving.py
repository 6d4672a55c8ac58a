"""Runs a simulator on a real socket, in the caller's event loop or in a thread of its own.

It takes uvicorn without its habits of a main program: no signal handlers, no log configuration, no waiting for
clients at the end. Leaving the context hangs up on everybody at once, as a machine that loses power does, because a
test or a demo must not wait for keep-alive connections. Each request carries a way to hang up without an answer
(`HANG_UP`), which the ASGI interface itself does not offer and fault injection needs.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HANG_UP = "manciple.hang_up"
"""Key in `scope["extensions"]`: a `HangUp` that ends the connection below HTTP."""

HangUp = Callable[[bool], None]
"""Called with True it resets the connection (TCP RST), with False it closes it in good order (FIN)."""

_KEEP_ALIVE_SECONDS = 60
_START_SECONDS = 10.0
_STOP_SECONDS = 1.0
_LINGER_ZERO = struct.pack("ii", 1, 0)


class _Connection(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol, which also lets the application hang up."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: self.hang_up}  # type: ignore[dict-item]  # our own extension

    def hang_up(self, reset: bool) -> None:
        """End the connection without an answer; with `reset`, by RST instead of FIN."""
        if reset:
            own_socket = self.transport.get_extra_info("socket")
            own_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
        self.transport.abort()


class _Server(Server):
    """A uvicorn server that tells when it listens, leaves signals alone, and stops at once."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        while not self.stopping.is_set():
            await self.on_tick(0)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in self.servers:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        if self.server_state.tasks:
            _, unfinished = await asyncio.wait(self.server_state.tasks, timeout=_STOP_SECONDS)
            for task in unfinished:
                task.cancel()


@contextlib.asynccontextmanager
async def serve(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve `app` from the running event loop and yield its base URL, such as `http://127.0.0.1:49152`.

    Port 0 takes any free port. Requests in flight at the end are cut off, not awaited.

    :raises OSError: when the address cannot be bound.
    """
    listener = _listen(host, port)
    server = _Server(_configuration(app))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    listening = asyncio.create_task(server.listening.wait())
    try:
        await asyncio.wait({serving, listening}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        yield _base_url(listener)
    finally:
        listening.cancel()
        server.stopping.set()
        await serving
        listener.close()


@contextlib.contextmanager
def serve_in_thread(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve `app` from a thread with a loop of its own and yield its base URL; for callers that are not async.

    :raises OSError: when the address cannot be bound.
    """
    with _loop_in_thread() as loop:
        server = serve(app, host=host, port=port)
        url = asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(_START_SECONDS)
        try:
            yield url
        finally:
            asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()


@contextlib.contextmanager
def _loop_in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _base_url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _configuration(app: ASGIApp) -> Config:
    return Config(
        app,
        http=_Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",  # a client that hangs up is no news to a simulator
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
