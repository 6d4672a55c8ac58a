import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from running import Run

from core.exchange import Exchange
from core.store import Store, audit


class Endpoint(BaseHTTPRequestHandler):
    """Creates a user for whoever has the right token, and refuses everybody else."""

    seen: list[str | None]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append(self.headers.get("authorization"))
        self.send_response(201 if self.headers.get("authorization") == "Bearer right" else 401)
        self.end_headers()
        self.wfile.write(b'{"id":"7"}')

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), type("Handler", (Endpoint,), {"seen": []})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def url(endpoint: HTTPServer) -> str:
    return f"http://127.0.0.1:{endpoint.server_port}/scim/entra/v2"


@pytest.fixture
def log(store: Store) -> Store:
    """Exchange 1 created a user, 2 went to a target, and of 3 the body was not kept."""
    headers = {"authorization": "Bearer •••", "content-type": "application/scim+json", "content-length": "9"}
    post = Exchange("in", "entra", 0, 1, "POST", "/Users", 201, request_headers=headers, request_body=b'{"a":"b"}')
    out = Exchange("out", "wiki", 0, 1, "POST", "/rest/api/user", 200, request_body=b"{}")
    bare = Exchange("in", "entra", 0, 1, "POST", "/Users", 201, request_headers=headers)
    store.writer.write_now(lambda tx: [tx.log(each) for each in (post, out, bare)])
    return store


def test_the_answer_is_shown_and_the_replay_is_in_the_audit_trail(
    run: Run, log: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_TOKEN", "right")
    result = run("requests", "--replay", "1", "--to", url, "--token", "env:SANDBOX_TOKEN")
    assert result.code == 0
    first, second, *body = result.out.splitlines()
    assert first == f"POST {url}/Users"
    assert second.startswith("201, ")
    assert body == ["{", '  "id": "7"', "}"]
    with log.read() as connection:
        (entry,) = audit.newest(connection, 10)
    assert (entry.action, entry.subject, entry.detail) == ("replay", "exchange 1", f"to {url}/Users: 201")


def test_without_a_token_none_is_sent_and_a_refusal_is_the_outcome(
    run: Run, log: Store, url: str, endpoint: Any
) -> None:
    result = run("requests", "--replay", "1", "--to", url, "--json")
    assert (result.code, result.document["status"], result.document["body"]) == (1, 401, '{"id":"7"}')
    assert endpoint.RequestHandlerClass.seen == [None]


def test_what_is_no_sandbox_is_refused_before_anything_is_sent(run: Run, log: Store) -> None:
    result = run("requests", "--replay", "1", "--to", "https://scim.example.com/scim/entra/v2")
    assert result.code == 2
    assert result.error.startswith("manciple: not replayed: scim.example.com is neither this machine nor a sandbox")


def test_a_sandbox_of_the_configuration_is_allowed(run: Run, log: Store, config: Path) -> None:
    config.write_text(config.read_text() + '[console]\nsandboxes = ["http://sandbox.invalid/v2"]\n')
    result = run("requests", "--replay", "1", "--to", "http://sandbox.invalid/v2")
    assert result.code == 4
    assert result.error.startswith("manciple: not replayed: http://sandbox.invalid/v2 does not answer: ")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("2", "not replayed: only what a provider sent can be sent again, not a call to a target"),
        ("3", 'not replayed: the log did not keep its body: [log] bodies = "full" keeps it from now on'),
        ("9", "there is no exchange 9: the log keeps the newest only, see [log]"),
    ],
)
def test_what_cannot_be_sent_again_is_refused(run: Run, log: Store, url: str, number: str, reason: str) -> None:
    result = run("requests", "--replay", number, "--to", url)
    assert (result.code, result.error) == (2, f"manciple: {reason}")


def test_a_token_on_the_command_line_is_refused_and_not_repeated(run: Run, log: Store, url: str) -> None:
    result = run("requests", "--replay", "1", "--to", url, "--token", "s3cret")
    assert result.code == 2
    assert "s3cret" not in result.err
    assert "write env:NAME" in result.error


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ["--replay", "1"],
            ["--to", "http://127.0.0.1"],
            ["--token", "env:X"],
            ["--replay", "0", "--to", "http://[::1]"],
        ),
        *(["--replay", "1", "--to", "http://[::1]", "ada"], ["--replay", "1", "--to", "http://[::1]", "--id", "1"]),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, log: Store, arguments: list[str]) -> None:
    result = run("requests", *arguments)
    assert (result.code, len(result.err.splitlines())) == (2, 1)
