"""When the network fails: what is certain not to have happened is tried again, everything else is left open."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import trustme
from scripted import LIMITS, Clock

from core.exchange import Exchange
from core.targets.auth import BearerAuth
from core.targets.http import Http, Limits
from core.targets.protocol import OutcomeUnknown, Unavailable
from core.targets.retries import ONCE, PATIENT

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@contextlib.asynccontextmanager
async def listening(peer: Peer, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    server = await asyncio.start_server(peer, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def client(url: str, log: list[Exchange], limits: Limits = LIMITS, ca_file: Path | None = None) -> Http:
    clock = Clock()
    return Http(
        url, party="wiki", auth=BearerAuth("x"), log=log.append, limits=limits, ca_file=ca_file, timing=clock.timing
    )


def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


class Flaky:
    """Hangs up on the first requests after `swallow` has read them, then answers."""

    def __init__(self, failures: int, partial: bytes = b"") -> None:
        self.failures = failures
        self.partial = partial
        self.requests: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append(await reader.readuntil(b"\r\n\r\n"))
        self.failures -= 1
        writer.write(self.partial if self.failures >= 0 else OK)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()


@pytest.mark.parametrize("partial", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"])
async def test_a_read_whose_connection_broke_is_tried_again(partial: bytes) -> None:
    peer, log = Flaky(2, partial), list[Exchange]()
    async with listening(peer) as port:
        http = client(f"http://127.0.0.1:{port}", log)
        assert (await http.read("/x")).document() == {}
        await http.aclose()
    assert [exchange.outcome for exchange in log] == ["connection lost", "connection lost", "ok"]
    assert log[0].status is None


@pytest.mark.parametrize("partial", [b"", b"HTTP/1.1 204 No", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"])
async def test_a_write_whose_connection_broke_may_have_happened_and_is_not_repeated(partial: bytes) -> None:
    peer, log = Flaky(1, partial), list[Exchange]()
    async with listening(peer) as port:
        http = client(f"http://127.0.0.1:{port}", log)
        with pytest.raises(OutcomeUnknown, match="broke off"):
            await http.write("PUT", "/x")
        await http.aclose()
    assert len(peer.requests) == 1
    assert [(exchange.status, exchange.outcome) for exchange in log] == [(None, "connection lost")]


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        await reader.read()
    writer.close()


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends a byte now and then, so that no single wait for a byte is ever long."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("peer", [never, trickle])
async def test_a_write_that_is_not_answered_in_time_may_have_happened(peer: Peer) -> None:
    log = list[Exchange]()
    async with listening(peer) as port:
        http = client(f"http://127.0.0.1:{port}", log, Limits(answer=0.1))
        with pytest.raises(OutcomeUnknown, match="in time"):
            await http.write("PUT", "/x")
        await http.aclose()
    assert [(exchange.status, exchange.outcome) for exchange in log] == [(None, "timed out")]


async def test_a_read_that_is_not_answered_in_time_is_tried_again_and_given_up() -> None:
    log = list[Exchange]()
    async with listening(never) as port:
        http = client(f"http://127.0.0.1:{port}", log, Limits(answer=0.03))
        with pytest.raises(Unavailable, match="in time"):
            await http.read("/x")
        await http.aclose()
    assert [exchange.outcome for exchange in log] == ["timed out"] * PATIENT.attempts


async def test_a_write_that_never_left_is_tried_again_and_then_unavailable() -> None:
    log = list[Exchange]()
    http = client(f"http://127.0.0.1:{unused_port()}", log)
    with pytest.raises(Unavailable, match="refuses the connection"):
        await http.write("PUT", "/x")
    assert [exchange.outcome for exchange in log] == ["not reached"] * PATIENT.attempts
    await http.aclose()


async def test_an_unknown_host_is_named() -> None:
    http = client("http://no-such-host.invalid", [])
    with pytest.raises(Unavailable, match=r"no-such-host\.invalid cannot be resolved") as caught:
        await http.read("/x", patience=ONCE)
    assert "url" in caught.value.remedy
    await http.aclose()


async def test_tls_towards_a_port_without_it_is_named() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with listening(plain) as port:
        http = client(f"https://127.0.0.1:{port}", [])
        with pytest.raises(Unavailable, match="does not speak TLS"):
            await http.read("/x", patience=ONCE)
        await http.aclose()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK)
    writer.close()


async def test_a_certificate_counts_only_if_its_authority_is_trusted(tmp_path: Path) -> None:
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    log = list[Exchange]()
    async with listening(answer, tls) as port:
        strict, knowing = (
            client(f"https://127.0.0.1:{port}", log),
            client(f"https://127.0.0.1:{port}", [], ca_file=ca_file),
        )
        with pytest.raises(Unavailable, match="not trusted") as caught:
            await strict.read("/x")
        assert "ca_file" in caught.value.remedy
        assert [exchange.outcome for exchange in log] == ["not trusted"], "trying again cannot help"
        assert (await knowing.read("/x")).status == 200
        await strict.aclose()
        await knowing.aclose()


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_cannot_be_used_is_named(content: str | None, tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)
    with pytest.raises(Unavailable, match="PEM file"):
        client("https://127.0.0.1", [], ca_file=ca_file)


async def test_a_call_that_is_cancelled_is_logged_all_the_same() -> None:
    log = list[Exchange]()
    reached = asyncio.Event()

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        reached.set()
        await never(reader, writer)

    async with listening(peer) as port:
        http = client(f"http://127.0.0.1:{port}", log)
        call = asyncio.create_task(http.write("PUT", "/x"))
        await asyncio.wait_for(reached.wait(), 5)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await http.aclose()
    assert [(exchange.status, exchange.outcome) for exchange in log] == [(None, "cancelled")]
