"""Runs the listener on a real socket, in the caller's event loop.

It takes uvicorn without its habits of a main program: no signal handlers and no log configuration. Leaving the context
drains: nothing new is accepted, requests in flight are answered, and only what takes too long is cut off. A client
behind a trusted reverse proxy is known by its own address (`X-Forwarded-For`), for the log and `allow`.
"""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.server import ServerState

from core.config.settings import IpNetwork, ListenerSettings
from core.scim.certificate import Certificate
from core.scim.connection import HEAD_SECONDS, Connection
from core.scim.errors import ListenerError

__all__ = ["Limits", "ListenerError", "serving"]

BACKLOG = 2048
"""Connections that may wait to be accepted."""
KEEP_ALIVE_SECONDS = 65
"""How long an idle connection stays open: longer than the 60 s of common proxies, so that they close first."""
DRAIN_SECONDS = 10.0
"""How long requests in flight may take at the end."""
_REMEDIES = {
    errno.EADDRINUSE: "another program listens there: stop it, or choose another port",
    errno.EACCES: "it is not permitted: choose a port above 1023, or put a proxy in front",
    errno.EADDRNOTAVAIL: "this machine has no such address: use 127.0.0.1, 0.0.0.0 or one of its own",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Times, in seconds."""

    head: float = HEAD_SECONDS
    """Until the head of a request has arrived."""
    drain: float = DRAIN_SECONDS
    """Until requests in flight at the end are cut off."""


@asynccontextmanager
async def serving(
    app: ASGIApp, settings: ListenerSettings, limits: Limits = Limits(), renew: asyncio.Event | None = None
) -> AsyncIterator[str]:
    """Serve `app` where the settings say, and yield the address it listens on, such as `http://127.0.0.1:8440`.

    A renewed certificate is taken up within a minute, or at once when `renew` is set.

    :raises ListenerError: when the address cannot be bound, or the certificate cannot be used.
    """
    certificate = Certificate(settings.tls_cert, settings.tls_key) if settings.tls_cert and settings.tls_key else None
    listening = await _listen(settings.bind_host, settings.bind_port)
    server = Server(_configuration(app, certificate, settings.trusted_proxies, limits))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup(sockets=[listening])
    tasks = [asyncio.create_task(_tick(server))]
    if certificate is not None:
        tasks.append(asyncio.create_task(certificate.keep_fresh(renew or asyncio.Event())))
    try:
        yield f"{'https' if certificate else 'http'}://{_shown(*listening.getsockname()[:2])}"
    finally:
        for task in tasks:
            task.cancel()
        for acceptor in server.servers:
            acceptor.close()
        await _drain(server.server_state, limits.drain)


async def _drain(state: ServerState, seconds: float) -> None:
    """Let requests in flight be answered; after `seconds` cut them off."""
    for connection in list(state.connections):
        connection.shutdown()
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await _quiet(state)
    for connection in list(state.connections):
        connection.transport.abort()
    for task in list(state.tasks):
        task.cancel()
    await asyncio.gather(*state.tasks, return_exceptions=True)


async def _quiet(state: ServerState) -> None:
    while state.tasks:
        await asyncio.wait(list(state.tasks))
    for connection in list(state.connections):  # answers on their way out
        assert isinstance(connection, Connection)
        await connection.gone.wait()


async def _tick(server: Server) -> None:
    """Keep the `Date` header right."""
    while True:
        await server.on_tick(0)
        await asyncio.sleep(1.0)


async def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; of a name with several addresses, the first IPv4 one."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )
    except socket.gaierror as error:
        raise ListenerError(
            f"listener.bind: the name {host!r} has no address ({error.strerror}): use an IP address"
        ) from error
    family, kind, proto, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    # asyncio sends small answers at once (TCP_NODELAY) only where the protocol is named.
    listening = socket.socket(family, kind, proto)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        remedy = _REMEDIES.get(error.errno or 0, f"{error.strerror}: choose another address")
        raise ListenerError(f"listener.bind: cannot listen on {_shown(host, port)}: {remedy}") from error
    return listening


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _trusted(proxies: Iterable[IpNetwork]) -> list[str]:
    """The networks as uvicorn takes them; those of IPv4 also as a socket of both families shows them."""
    return [form for each in proxies for form in (str(each), *_mapped(each))]


def _mapped(network: IpNetwork) -> tuple[str, ...]:
    return (f"::ffff:{network.network_address}/{96 + network.prefixlen}",) if network.version == 4 else ()


def _configuration(
    app: ASGIApp, certificate: Certificate | None, proxies: Sequence[IpNetwork], limits: Limits
) -> Config:
    return Config(
        app,
        http=partial(Connection, limits.head),  # type: ignore[arg-type]  # called like a class
        interface="asgi3",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=_trusted(proxies),
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ssl_context_factory=None if certificate is None else lambda _config, _default: certificate.context,
    )
