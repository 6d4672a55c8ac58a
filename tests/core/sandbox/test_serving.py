"""The server that runs every simulator: ready when it says so, quick to stop, able to hang up."""

import asyncio
import signal
import socket
import time
from statistics import median

import httpx
import pytest
import uvloop
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from core.sandbox.serving import HANG_UP, serve, serve_in_thread


async def greet(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"hello {Request(scope).url.path}")(scope, receive, send)


async def hang_up(scope: Scope, receive: Receive, send: Send) -> None:
    scope["extensions"][HANG_UP](scope["path"] == "/reset")
    while (await receive())["type"] != "http.disconnect":
        pass


async def test_it_listens_as_soon_as_its_address_is_known() -> None:
    async with serve(greet) as url, httpx.AsyncClient(base_url=url) as client:
        assert (await client.get("/you")).text == "hello /you"
        assert url.startswith("http://127.0.0.1:")


async def test_it_stops_at_once_although_a_client_keeps_its_connection_open() -> None:
    async with httpx.AsyncClient() as client:
        async with serve(greet) as url:
            await client.get(url)
            began = time.monotonic()
        assert time.monotonic() - began < 1.0
        with pytest.raises(httpx.TransportError):
            await client.get(url)


async def test_it_stops_at_once_although_a_request_is_being_answered() -> None:
    entered = asyncio.Event()

    async def never_answers(scope: Scope, receive: Receive, send: Send) -> None:
        entered.set()
        while (await receive())["type"] != "http.disconnect":
            pass

    async with httpx.AsyncClient(timeout=30) as client:
        async with serve(never_answers) as url:
            waiting = asyncio.create_task(client.get(url))
            await entered.wait()
            began = time.monotonic()
        assert time.monotonic() - began < 1.0
        with pytest.raises(httpx.TransportError):
            await waiting


async def test_it_leaves_the_signal_handlers_of_the_program_alone() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with serve(greet):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_a_taken_port_is_an_error_of_the_caller() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        async with serve(greet, port=taken.getsockname()[1]):
            pass


async def test_hanging_up_in_good_order_looks_like_a_server_that_left_without_an_answer() -> None:
    async with serve(hang_up) as url, httpx.AsyncClient() as client:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            await client.get(url)


async def test_hanging_up_by_reset_is_a_reset_for_the_client() -> None:
    async with serve(hang_up) as url, httpx.AsyncClient() as client:
        with pytest.raises(httpx.ReadError):
            await client.get(url + "/reset")


def test_hanging_up_by_reset_works_on_uvloop_too() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test_hanging_up_by_reset_is_a_reset_for_the_client())


def test_it_serves_from_a_thread_for_callers_that_are_not_async() -> None:
    with serve_in_thread(greet) as url:
        assert httpx.get(url + "/thread").text == "hello /thread"
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_an_error_at_the_start_of_the_thread_reaches_the_caller() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="in use"),
        serve_in_thread(greet, port=taken.getsockname()[1]),
    ):
        pass


async def test_small_answers_are_sent_at_once() -> None:
    """With Nagle's algorithm each answer would wait 40 ms for the client's acknowledgement."""
    async with serve(greet) as url, httpx.AsyncClient() as client:
        times = [(await client.get(url)).elapsed.total_seconds() for _ in range(25)]
    assert median(times) < 0.035
