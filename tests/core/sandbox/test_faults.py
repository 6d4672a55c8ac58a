"""Every fault looks to a real client as it would in the field, and happens as often and as repeatably as asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from core.sandbox.faults import Fault, Faults, FaultyApp
from core.sandbox.serving import serve


class Ledger:
    """A product reduced to its effects: each POST is kept."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        if scope["method"] == "POST":
            self.kept.append(body)
        await PlainTextResponse("kept")(scope, receive, send)


@asynccontextmanager
async def faulty(faults: Faults, *, patience: float = 5.0) -> AsyncIterator[tuple[httpx.AsyncClient, Ledger]]:
    ledger = Ledger()
    async with serve(FaultyApp(ledger, faults)) as url, httpx.AsyncClient(base_url=url, timeout=patience) as client:
        yield client, ledger


async def outcomes(app: FaultyApp, lines: list[str]) -> dict[str, list[str]]:
    """What each request line met, in the order in which that line was asked."""
    met: dict[str, list[str]] = {line: [] for line in lines}
    async with serve(app) as url, httpx.AsyncClient(base_url=url) as client:
        for line in lines:
            try:
                answer = await client.get(line)
                met[line].append(f"{answer.status_code} {answer.headers.get('Retry-After')}")
            except httpx.TransportError as error:
                met[line].append(type(error).__name__)
    return met


async def test_without_faults_nothing_changes() -> None:
    async with faulty(Faults()) as (client, ledger):
        assert (await client.post("/", content="a")).text == "kept"
        assert ledger.kept == [b"a"]


async def test_latency_delays_the_answer_by_the_time_asked_for() -> None:
    async with faulty(Faults(latency=100, latency_milliseconds=(80, 90))) as (client, ledger):
        answer = await client.post("/", content="a")
        assert answer.status_code == 200
        assert answer.elapsed.total_seconds() >= 0.08
        assert ledger.kept == [b"a"]


async def test_rate_limited_says_when_to_come_back_and_does_nothing() -> None:
    async with faulty(Faults(rate_limited=100, retry_after_seconds=7)) as (client, ledger):
        answer = await client.post("/", content="a")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
        assert answer.json() == {"message": "Rate limit exceeded."}
        assert ledger.kept == []


async def test_rate_limited_silently_has_no_retry_after() -> None:
    async with faulty(Faults(rate_limited_silently=100)) as (client, ledger):
        answer = await client.post("/", content="a")
        assert answer.status_code == 429
        assert "Retry-After" not in answer.headers
        assert ledger.kept == []


@pytest.mark.parametrize(("faults", "status"), [(Faults(server_error=100), 500), (Faults(unavailable=100), 503)])
async def test_server_errors_come_as_html_pages_and_nothing_was_done(faults: Faults, status: int) -> None:
    async with faulty(faults) as (client, ledger):
        answer = await client.post("/", content="a")
        assert answer.status_code == status
        assert answer.headers["Content-Type"].startswith("text/html")
        assert ledger.kept == []


async def test_a_timeout_after_commit_keeps_the_client_waiting_for_an_answer_to_what_was_done() -> None:
    async with faulty(Faults(timeout_after_commit=100, hold_seconds=30), patience=0.2) as (client, ledger):
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/", content="a")
        assert ledger.kept == [b"a"]


async def test_a_timeout_after_commit_ends_without_an_answer_when_the_client_is_more_patient() -> None:
    async with faulty(Faults(timeout_after_commit=100, hold_seconds=0.05)) as (client, ledger):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await client.post("/", content="a")
        assert ledger.kept == [b"a"]


@pytest.mark.parametrize(
    ("faults", "kept"),
    [(Faults(dropped_connection=100), 0), (Faults(dropped_after_commit=100), 20)],
    ids=["before the effect", "after the effect"],
)
async def test_a_dropped_connection_is_closed_or_reset_without_an_answer(faults: Faults, kept: int) -> None:
    seen = set()
    async with faulty(faults) as (client, ledger):
        for number in range(20):
            with pytest.raises(httpx.TransportError) as error:
                await client.post(f"/{number}", content=b"a" * 100_000)
            seen.add(error.type)
        assert len(ledger.kept) == kept
    assert httpx.RemoteProtocolError in seen
    assert seen - {httpx.RemoteProtocolError} <= {httpx.ReadError, httpx.WriteError}
    assert len(seen) > 1


async def test_every_switches_all_kinds_on_and_each_of_them_happens() -> None:
    faults = replace(Faults.every(40), latency_milliseconds=(1, 2), hold_seconds=0.01)
    assert all(faults.percent(kind) == 40 for kind in Fault)
    app = FaultyApp(Ledger(), faults)
    await outcomes(app, [f"/{number}" for number in range(60)])
    assert set(app.met) == set(Fault)


async def test_the_same_seed_spoils_the_same_requests_whatever_their_order() -> None:
    lines = [f"/{number}" for number in range(40)]
    faults = Faults(rate_limited=20, server_error=20, unavailable=20, dropped_connection=20)
    forwards = await outcomes(FaultyApp(Ledger(), faults, seed=3), lines)
    backwards = await outcomes(FaultyApp(Ledger(), faults, seed=3), lines[::-1])
    other = await outcomes(FaultyApp(Ledger(), faults, seed=4), lines)
    assert forwards == backwards
    assert forwards != other


async def test_a_repeated_request_has_a_new_chance() -> None:
    app = FaultyApp(Ledger(), Faults(unavailable=50), seed=1)
    async with serve(app) as url, httpx.AsyncClient() as client:
        assert {(await client.get(url)).status_code for _ in range(20)} == {200, 503}


async def test_faults_happen_about_as_often_as_asked() -> None:
    app = FaultyApp(Ledger(), Faults(unavailable=10))
    async with serve(app) as url, httpx.AsyncClient() as client:
        for _ in range(400):
            await client.get(url)
    assert 20 <= app.met[Fault.UNAVAILABLE] <= 60


async def test_faults_can_be_exchanged_while_the_simulator_runs() -> None:
    app = FaultyApp(Ledger(), Faults(server_error=100))
    async with serve(app) as url, httpx.AsyncClient() as client:
        assert (await client.get(url)).status_code == 500
        app.faults = Faults()
        assert (await client.get(url)).status_code == 200


async def test_the_server_stops_although_answers_are_being_withheld() -> None:
    arrived = asyncio.Event()

    async def announce(scope: Scope, receive: Receive, send: Send) -> None:
        arrived.set()

    app = FaultyApp(announce, Faults(timeout_after_commit=100, hold_seconds=600))
    async with httpx.AsyncClient(timeout=30) as client:
        async with asyncio.timeout(5), serve(app) as url:
            waiting = asyncio.create_task(client.get(url))
            await arrived.wait()
        with pytest.raises(httpx.TransportError):
            await waiting
