"""An admin watches traffic, and finds the one call that failed: what was sent, what came back, and why."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.sandbox.confluence import Confluence, Settings
from core.sandbox.demo.workplace import Workplace, engine, issue_token
from core.sandbox.serving import serve_in_thread
from tests.e2e.terminal import Terminal, terminal
from tests.e2e.test_approval import CONFIG, bearer, hire

pytestmark = [pytest.mark.slow, pytest.mark.tmux]


@pytest.fixture
def confluence() -> Confluence:
    """A licence for the administrator and two people."""
    return Confluence.with_defaults(settings=Settings(seats=3))


@pytest.fixture
def console(tmp_path: Path, confluence: Confluence, free_port: int) -> Iterator[Terminal]:
    """A console, where three people came and two found a seat."""
    with serve_in_thread(confluence.app) as url:
        (tmp_path / "secret").write_text(confluence.issue_token())
        config = CONFIG.format(port=free_port, url=url).replace('auto_apply = "never"\n', "")
        (tmp_path / "config.toml").write_text(config)
        workplace = Workplace(tmp_path, free_port)
        token = issue_token(workplace)
        with engine(workplace), httpx.Client(base_url=workplace.scim_url, headers=bearer(token)) as scim:
            for name in ("ada", "ben", "cyd"):
                hire(scim, name)
            with terminal(f"{sys.executable} -m tui --config {workplace.config}", 80, 24) as shown:
                shown.await_text("[1 Overview]", "v alive")
                yield shown


def test_the_call_that_failed_is_one_key_away_and_says_why(console: Terminal) -> None:
    console.press("2")
    console.await_text("[2 Requests]", "402")
    console.press("e", "Enter")
    console.await_text("[Request]", "POST")
    console.press("Tab")
    console.await_text("[Response]", "402")
    console.press("Tab")
    console.await_text("[Effect]", "create-account")
    console.leave()
    console.press("/")
    console.type("status:402")
    console.press("Enter")
    shown = console.await_text("status:402", "out POST")
    assert "in  POST" not in shown
