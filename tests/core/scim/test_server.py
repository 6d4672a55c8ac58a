"""The server of the listener: where it listens, what it refuses, how it ends; over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

import httpx
import orjson
import pytest
from certificates import Certificates
from sqlalchemy import select
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.config.settings import ListenerSettings
from core.scim.connection import MAX_HEAD
from core.scim.listener import Listener, Served
from core.scim.server import KEEP_ALIVE_SECONDS, Limits, ListenerError, serving
from core.store import Store
from core.store.tables import Exchange

ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
FREE = ListenerSettings(bind_port=0)


async def greet(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


class Held:
    """An application that answers once it is let."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.released = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.entered.set()
        await self.released.wait()
        await greet(scope, receive, send)


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(url))
    try:
        yield reader, writer
    finally:
        writer.close()


async def test_port_0_takes_a_free_port_and_says_which() -> None:
    async with serving(greet, FREE) as url, httpx.AsyncClient() as client:
        assert url.startswith("http://127.0.0.1:")
        assert port_of(url) != 0
        assert (await client.get(url)).text == "hello"


async def test_a_name_and_ipv6_are_listened_on_as_well() -> None:
    async with (
        serving(greet, ListenerSettings(bind_host="localhost", bind_port=0)) as url,
        httpx.AsyncClient() as client,
    ):
        assert url.startswith("http://127.0.0.1:")
        assert (await client.get(url)).text == "hello"
    async with serving(greet, ListenerSettings(bind_host="::1", bind_port=0)) as url, httpx.AsyncClient() as client:
        assert url.startswith("http://[::1]:")
        assert (await client.get(url)).text == "hello"


async def test_the_answer_names_no_software_but_the_date() -> None:
    async with serving(greet, FREE) as url, httpx.AsyncClient() as client:
        headers = (await client.get(url)).headers
        assert "server" not in headers
        assert headers["date"].endswith("GMT")


async def test_idle_connections_outlive_those_of_common_proxies() -> None:
    assert KEEP_ALIVE_SECONDS > 60


class TestWhatKeepsItFromStarting:
    async def test_an_address_in_use(self) -> None:
        async with serving(greet, FREE) as url:
            with pytest.raises(
                ListenerError, match=r"listener\.bind: .*127\.0\.0\.1:\d+: another program listens there: stop it"
            ):
                async with serving(greet, ListenerSettings(bind_port=port_of(url))):
                    pass

    async def test_a_port_that_is_not_permitted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_socket: socket.socket, _address: Any) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(socket.socket, "bind", refuse)
        with pytest.raises(
            ListenerError, match=r"listener\.bind: .*:443: it is not permitted: choose a port above 1023"
        ):
            async with serving(greet, ListenerSettings(bind_port=443)):
                pass

    @pytest.mark.parametrize(("host", "says"), [("192.0.2.1", "no such address"), ("nobody.invalid", "no address")])
    async def test_an_address_that_is_not_this_machines(self, host: str, says: str) -> None:
        with pytest.raises(ListenerError, match=rf"listener\.bind: .*{says}.*: use "):
            async with serving(greet, ListenerSettings(bind_host=host, bind_port=0)):
                pass


async def test_with_a_certificate_it_speaks_https(certificates: Certificates) -> None:
    settings = ListenerSettings(bind_port=0, tls_cert=certificates.cert, tls_key=certificates.key)
    async with serving(greet, settings) as url, httpx.AsyncClient(verify=certificates.client()) as client:
        assert url.startswith("https://127.0.0.1:")
        assert (await client.get(url)).text == "hello"


class TestTheEnd:
    async def test_a_request_in_flight_is_answered_and_no_other_accepted(self) -> None:
        held = Held()
        async with httpx.AsyncClient() as client, httpx.AsyncClient() as late:
            server = serving(held, FREE)
            url = await server.__aenter__()
            answer = asyncio.create_task(client.get(url))
            await held.entered.wait()
            ending = asyncio.create_task(server.__aexit__(None, None, None))
            await asyncio.sleep(0)
            with pytest.raises(httpx.ConnectError):
                await late.get(url)
            assert not ending.done()
            held.released.set()
            assert (await answer).text == "hello"
            assert (await answer).headers["connection"] == "close"
            await ending

    async def test_an_idle_connection_does_not_keep_it(self) -> None:
        async with httpx.AsyncClient() as client, asyncio.timeout(5):
            async with serving(greet, FREE) as url:
                await client.get(url)
            with pytest.raises(httpx.ConnectError):
                await client.get(url)

    async def test_a_request_that_takes_too_long_is_cut_off(self) -> None:
        held = Held()
        async with httpx.AsyncClient() as client, asyncio.timeout(5):
            async with serving(held, FREE, Limits(drain=0.05)) as url:
                answer = asyncio.create_task(client.get(url))
                await held.entered.wait()
            with pytest.raises(httpx.TransportError):
                await answer

    async def test_an_error_inside_ends_it_just_as_well(self) -> None:
        with pytest.raises(LookupError):
            async with serving(greet, FREE) as url:
                raise LookupError
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port_of(url))


class TestSlowAndLargeHeads:
    async def test_a_head_that_does_not_arrive_is_408_and_the_connection_closed(self) -> None:
        async with serving(greet, FREE, Limits(head=0.05)) as url, connected(url) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert orjson.loads(body)["status"] == "408"

    async def test_a_connection_that_says_nothing_is_closed_without_a_word(self) -> None:
        async with serving(greet, FREE, Limits(head=0.05)) as url, connected(url) as (reader, _):
            assert await reader.read() == b""

    async def test_the_time_counts_for_the_second_request_as_well(self) -> None:
        async with serving(greet, FREE, Limits(head=0.05)) as url, connected(url) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"200 OK" in await reader.readuntil(b"hello")
            writer.write(b"G")
            assert b"408" in await reader.read()

    async def test_time_with_the_application_does_not_count(self) -> None:
        held = Held()
        async with serving(held, FREE, Limits(head=0.05)) as url, connected(url) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await held.entered.wait()
            async with connected(url) as (silent, _):
                assert await silent.read() == b""  # by now the time is over
            held.released.set()
            assert b"200 OK" in await reader.readuntil(b"hello")

    async def test_a_head_that_is_too_large_is_431(self) -> None:
        async with serving(greet, FREE) as url, connected(url) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + b"a" * (MAX_HEAD + 1))
            assert (await reader.read()).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")

    @pytest.mark.parametrize("request_line", [b"BREW / HTTP/1.1", b"GET /\xff HTTP/1.1", b"\x16\x03\x01"])
    async def test_what_is_no_http_is_400_in_words(self, request_line: bytes) -> None:
        async with serving(greet, FREE) as url, connected(url) as (reader, writer):
            writer.write(request_line + b"\r\nHost: x\r\n\r\n")
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"application/scim+json" in head
        assert "no HTTP request" in orjson.loads(body)["detail"]

    async def test_a_body_larger_than_a_head_may_be_is_no_head(self) -> None:
        async with serving(greet, FREE) as url, httpx.AsyncClient() as client:
            for _ in range(2):
                assert (await client.post(url, content=b"a" * (3 * MAX_HEAD))).text == "hello"


MakeListener = Callable[..., ASGIApp]


@pytest.fixture
def make_listener(store: Store) -> MakeListener:
    def make(**arguments: Any) -> ASGIApp:
        arguments = {"allow": ANYWHERE} | arguments
        return Listener(store, [Served("entra")], "https://scim.example.com", **arguments)

    return make


def logged(store: Store) -> list[tuple[int | None, str, str, str]]:
    store.writer.write_now(lambda tx: None)
    columns = (Exchange.status, Exchange.party, Exchange.client, Exchange.outcome)
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(Exchange.id))]  # type: ignore[misc]


class TestTheListenerBehindIt:
    async def test_a_body_that_does_not_arrive_is_408_logged_and_the_connection_closed(
        self, store: Store, make_listener: MakeListener, token: str
    ) -> None:
        head = f"POST /scim/entra/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        async with serving(make_listener(body_seconds=0.05), FREE) as url, connected(url) as (reader, writer):
            writer.write(f"{head}Content-Length: 100\r\n\r\n{{".encode())
            answered, _, body = (await reader.read()).partition(b"\r\n\r\n")
        assert answered.startswith(b"HTTP/1.1 408 ")
        assert b"connection: close" in answered
        assert orjson.loads(body)["status"] == "408"
        assert [row[:3] for row in logged(store)] == [(408, "entra", "127.0.0.1")]

    async def test_a_client_that_hangs_up_changes_nothing_and_is_logged_without_an_answer(
        self, store: Store, make_listener: MakeListener, token: str
    ) -> None:
        body = b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada"}'
        head = f"POST /scim/entra/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        async with serving(make_listener(), FREE) as url, connected(url) as (_, writer):
            writer.write(head.encode() + f"Content-Length: {len(body) + 1}\r\n\r\n".encode() + body)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        assert logged(store) == [(None, "entra", "127.0.0.1", "hung up")]

    async def test_an_address_that_is_not_allowed_is_403_and_logged_under_the_provider(
        self, store: Store, make_listener: MakeListener, token: str
    ) -> None:
        app = make_listener(allow=(ip_network("192.0.2.0/24"),))
        async with serving(app, FREE) as url, httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
            answer = await client.get(f"{url}/scim/entra/v2/Users")
            assert answer.status_code == 403
            assert answer.json()["detail"] == ("the address 127.0.0.1 may not send requests: add it to listener.allow")
            assert (await client.get(f"{url}/healthz")).status_code == 403
        assert [row[:3] for row in logged(store)] == [(403, "entra", "127.0.0.1")]

    @pytest.mark.parametrize(
        ("forwarded", "status"), [("192.0.2.7", 200), ("203.0.113.5", 403), ("192.0.2.7, 203.0.113.5", 403)]
    )
    async def test_behind_a_proxy_on_this_machine_the_clients_own_address_counts(
        self, store: Store, make_listener: MakeListener, token: str, forwarded: str, status: int
    ) -> None:
        app = make_listener(allow=(ip_network("192.0.2.0/24"),))
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": forwarded}
        async with serving(app, FREE) as url, httpx.AsyncClient(headers=headers) as client:
            assert (await client.get(f"{url}/scim/entra/v2/Users")).status_code == status
        assert [row[2] for row in logged(store)] == [forwarded.rpartition(", ")[2]]

    @pytest.mark.parametrize(
        ("trusted", "seen"),
        [
            ("127.0.0.0/8", "192.0.2.7"),
            ("127.0.0.1/32", "192.0.2.7"),
            ("203.0.113.0/24", "127.0.0.1"),
            (None, "127.0.0.1"),
        ],
    )
    async def test_forwarded_headers_are_believed_from_trusted_proxies_only(
        self, store: Store, make_listener: MakeListener, token: str, trusted: str | None, seen: str
    ) -> None:
        settings = ListenerSettings(bind_port=0, trusted_proxies=(ip_network(trusted),) if trusted else ())
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "192.0.2.7"}
        async with serving(make_listener(), settings) as url, httpx.AsyncClient(headers=headers) as client:
            assert (await client.get(f"{url}/scim/entra/v2/Users")).status_code == 200
        assert [row[2] for row in logged(store)] == [seen]

    async def test_an_ipv4_proxy_is_trusted_on_a_socket_of_both_families_too(
        self, store: Store, make_listener: MakeListener, token: str
    ) -> None:
        settings = ListenerSettings(bind_host="::", bind_port=0, trusted_proxies=(ip_network("127.0.0.1"),))
        headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "192.0.2.7"}
        async with serving(make_listener(), settings) as url, httpx.AsyncClient(headers=headers) as client:
            await client.get(f"http://127.0.0.1:{port_of(url)}/scim/entra/v2/Users")
        assert [row[2] for row in logged(store)] == ["192.0.2.7"]

    async def test_an_ipv4_client_of_an_ipv6_socket_is_an_ipv4_client(self, make_listener: MakeListener) -> None:
        app = make_listener(allow=(ip_network("127.0.0.0/8"),))
        async with serving(app, ListenerSettings(bind_host="::", bind_port=0)) as url, httpx.AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{port_of(url)}/healthz")).status_code == 200
            assert (await client.get(f"http://[::1]:{port_of(url)}/healthz")).status_code == 403
