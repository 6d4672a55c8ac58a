"""Replaying: where to, what is sent, and what is never sent. The other side is a real HTTP server on this machine."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.config.settings import ConsoleSettings, ListenerSettings, Settings, TargetSettings
from core.credentials import SecretReference
from core.exchange import Exchange
from core.replay import NoReplay, ReplayRefused, check, destination, replay

POST = Exchange(
    "in",
    "entra",
    0,
    1,
    "POST",
    "/Users",
    201,
    request_headers={
        "authorization": "Bearer •••",
        "cookie": "•••",
        "content-type": "application/scim+json",
        "content-length": "18",
        "host": "scim.example.com",
    },
    request_body=b'{"userName":"ada"}',
)


class Recorder(BaseHTTPRequestHandler):
    """Answers 409 to everything, and remembers it; redirects what is under /away."""

    seen: list[tuple[str, str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(307 if self.path.startswith("/away") else 409)
        if self.path.startswith("/away"):
            self.send_header("location", "http://192.0.2.1/")
        self.end_headers()
        self.wfile.write(b'{"detail":"taken"}')

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def sandbox() -> Iterator[tuple[str, list[tuple[str, str, dict[str, str], bytes]]]]:
    handler = type("Handler", (Recorder,), {"seen": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", handler.seen
        server.shutdown()


def settings(target: str = "https://wiki.example.com", **console: Any) -> Settings:
    return Settings(
        path=Path("config.toml"),
        listener=ListenerSettings(bind_port=8440),
        console=ConsoleSettings(**console),
        targets=(TargetSettings("wiki", "confluence", target, SecretReference("env", "T"), "entra"),),
    )


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9000/scim/entra/v2", "http://127.8.9.1", "http://[::1]:9000/x", "https://localhost:9000"],
)
def test_this_machine_may_be_sent_to(url: str) -> None:
    assert destination(f"{url}/", settings()) == url


@pytest.mark.parametrize(
    "url",
    [
        *("https://scim.example.com/scim/entra/v2", "http://10.0.0.1", "http://0.0.0.0:9000", "http://192.0.2.7"),
        *("http://localhost.example.com", "http://127.0.0.1.example.com", "http://2130706433", "http://0x7f.1"),
    ],
)
def test_nothing_else_may(url: str) -> None:
    with pytest.raises(ReplayRefused, match=r"neither this machine nor a sandbox: give .*, or name it in"):
        destination(url, settings())


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1", "127.0.0.1:9000", "http://a@127.0.0.1", "http://127.0.0.1/?a"])
def test_what_is_no_base_url_is_refused_with_a_remedy(url: str) -> None:
    with pytest.raises(ReplayRefused):
        destination(url, settings())


def test_what_the_configuration_calls_a_sandbox_may_be_sent_to_and_nothing_beside_it() -> None:
    named = settings(sandboxes=("https://scim-test.example.com/scim/entra/v2",))
    assert destination("https://scim-test.example.com/scim/entra/v2/", named).endswith("/v2")
    with pytest.raises(ReplayRefused):
        destination("https://scim-test.example.com/scim/okta/v2", named)


def test_the_listener_of_real_targets_is_no_sandbox_though_it_is_on_this_machine() -> None:
    own = "http://127.0.0.1:8440/scim/entra/v2"
    with pytest.raises(ReplayRefused, match="whose targets are real"):
        destination(own, settings())
    assert destination(own, settings("http://127.0.0.1:9999")) == own
    assert destination(own, settings(sandboxes=(own,))) == own


@pytest.mark.parametrize(
    ("exchange", "reason"),
    [
        (replace(POST, direction="out"), "not a call to a target"),
        (replace(POST, request_body=b""), "the log did not keep its body"),
        (replace(POST, request_body=b"[12 bytes, not JSON: kept only with bodies]"), "did not keep"),
        (replace(POST, request_body=b'{"a" [cut: 300000 bytes in all]'), "cut its body off"),
        (replace(POST, path="@example.com/Users"), "its path is none"),
    ],
)
def test_what_cannot_be_sent_as_it_came_is_refused(exchange: Exchange, reason: str) -> None:
    with pytest.raises(ReplayRefused, match=reason):
        check(exchange)


async def test_the_request_is_sent_with_its_body_and_without_anything_of_its_sender(sandbox: Any) -> None:
    url, seen = sandbox
    came = await replay(7, POST, f"{url}/scim/entra/v2", None)
    assert (came.status, came.body, came.lacking) == (409, b'{"detail":"taken"}', "")
    ((method, path, headers, body),) = seen
    assert (method, path, body) == ("POST", "/scim/entra/v2/Users", b'{"userName":"ada"}')
    assert headers["content-type"] == "application/scim+json"
    assert headers["x-manciple-replay"] == "7"
    assert not {"authorization", "cookie"} & set(headers)
    assert headers["host"] == url.removeprefix("http://")


async def test_a_token_is_sent_only_where_one_is_given(sandbox: Any) -> None:
    url, seen = sandbox
    await replay(7, POST, url, "given")
    assert seen[0][2]["authorization"] == "Bearer given"


async def test_a_query_with_masked_values_is_sent_and_said_to_be_so(sandbox: Any) -> None:
    url, seen = sandbox
    filtered = replace(POST, method="GET", path='/Users?filter=a eq "•••"&x=%20', request_body=b"")
    came = await replay(7, replace(filtered, request_headers={}), url, None)
    assert seen[0][1] == "/Users?filter=a%20eq%20%22%E2%80%A2%E2%80%A2%E2%80%A2%22&x=%20"
    assert came.lacking == "values shown as ••• were masked"


async def test_a_redirect_is_an_answer_and_is_not_followed(sandbox: Any) -> None:
    url, _ = sandbox
    assert (await replay(7, POST, f"{url}/away", None)).status == 307


async def test_a_proxy_of_the_environment_is_not_used(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url, seen = sandbox
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    monkeypatch.setenv("NO_PROXY", "")
    await replay(7, POST, url, None)
    assert len(seen) == 1


async def test_nobody_who_answers_is_told(sandbox: Any) -> None:
    with pytest.raises(NoReplay, match=r"http://127\.0\.0\.1:1 does not answer: "):
        await replay(7, POST, "http://127.0.0.1:1", None)
