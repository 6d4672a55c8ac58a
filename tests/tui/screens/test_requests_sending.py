"""What leaves the requests screen: a HAR file, and a request that is sent again to a sandbox."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from requests_app import PLAIN, RequestsApp, fill, log
from textual.pilot import Pilot

from core.store import Store, audit
from tui.widgets.prompt_bar import PromptBar

pytestmark = pytest.mark.usefixtures("utc")

SMALL, LARGE = (80, 24), (160, 48)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@SIZES
async def test_what_the_filter_shows_is_written_into_a_file_of_the_current_folder(
    store: Store, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(store, 20)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.press("slash")
        app.bar.open("id:3..5")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
    file = tmp_path / "requests-20260824-102747.har"
    assert app.flashed == f"3 exchanges in {file}; secrets are masked"
    assert len(json.loads(file.read_text())["log"]["entries"]) == 3


async def test_a_file_that_cannot_be_written_is_told_with_the_way_out(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(store, 2)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        assert "is there already; try again in a second" in app.flashed
        (tmp_path / "gone").mkdir()
        monkeypatch.chdir(tmp_path / "gone")
        monkeypatch.setattr("core.har_export.write_whole", _no_room)
        await pilot.press("x")
        await settle(pilot)
        assert "not written: No space left on device" in app.flashed
        assert "manciple requests --har FILE" in app.flashed


def _no_room(*_arguments: Any, **_options: Any) -> None:
    raise OSError(28, "No space left on device")


async def test_an_empty_list_is_not_exported(store: Store) -> None:
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("x")
        await settle(pilot)
        assert "no exchange is shown" in app.flashed


class Endpoint(BaseHTTPRequestHandler):
    """Creates whatever is posted by whoever has the token."""

    seen: list[tuple[str, str | None]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append((self.path, self.headers.get("authorization")))
        self.send_response(201 if self.headers.get("authorization") == "Bearer right" else 401)
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), type("Handler", (Endpoint,), {"seen": []})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


POST = replace(
    PLAIN,
    method="POST",
    path="/Users",
    status=201,
    request_headers={"authorization": "Bearer •••", "content-type": "application/scim+json"},
    request_body=b'{"userName":"ada"}',
)


async def answer(pilot: Pilot[None], app: RequestsApp, text: str) -> None:
    bar = app.shown.query_one(PromptBar)
    bar.input.value = text
    await pilot.press("enter")
    await settle(pilot)


@SIZES
async def test_a_request_is_sent_again_to_this_machine_with_the_token_that_is_referred_to(
    store: Store, size: tuple[int, int], endpoint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_TOKEN", "right")
    log(store, POST)
    url = f"http://127.0.0.1:{endpoint.server_port}/scim/entra/v2"
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("r")
        await answer(pilot, app, f"{url} env:SANDBOX_TOKEN")
        assert app.flashed.startswith(f"replayed 1: POST {url}/Users: 201 in ")
        assert endpoint.RequestHandlerClass.seen == [("/scim/entra/v2/Users", "Bearer right")]
        await pilot.press("r")
        assert app.shown.query_one(PromptBar).text == f"{url} env:SANDBOX_TOKEN"
        await answer(pilot, app, url)
        assert "401" in app.flashed
    with store.read() as connection:
        entries = audit.newest(connection, 10)
    assert [(entry.action, entry.detail) for entry in entries] == [
        ("replay", f"to {url}/Users: 401"),
        ("replay", f"to {url}/Users: 201"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("https://scim.example.com/scim/entra/v2", "neither this machine nor a sandbox"),
        ("http://127.0.0.1:8440/scim/entra/v2", "whose targets are real"),
        ("127.0.0.1:9000", "is not an http or https URL"),
        ("http://127.0.0.1:9000 s3cret", "a token is never typed here: say where it lies, env:NAME"),
        ("http://127.0.0.1:9000 env:1x", "cannot be the name of a variable"),
    ],
)
async def test_what_may_not_be_sent_to_is_refused_before_anything_is_sent(store: Store, typed: str, said: str) -> None:
    log(store, POST)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("r")
        await answer(pilot, app, typed)
        bar = app.shown.query_one(PromptBar)
        assert bar.is_open
        assert said in " ".join(bar.hints.split())


async def test_what_cannot_be_sent_again_and_nobody_who_answers_are_told(store: Store) -> None:
    log(store, replace(POST, direction="out", party="wiki"), POST)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("r")
        await answer(pilot, app, "http://127.0.0.1:1")
        assert app.flashed.startswith("not replayed: http://127.0.0.1:1 does not answer")
        await pilot.press("r")
        await answer(pilot, app, "http://127.0.0.1:1 env:NOT_SET_ANYWHERE")
        assert "environment variable NOT_SET_ANYWHERE is not set" in app.flashed
        await pilot.press("up", "r")
        await answer(pilot, app, "http://127.0.0.1:1")
        assert "only what a provider sent can be sent again" in app.flashed
    with store.read() as connection:
        assert audit.newest(connection, 10) == []
