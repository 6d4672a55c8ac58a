"""The console as an admin has it: `manciple demo` in a real terminal, with the keyboard alone."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal, terminal

pytestmark = [pytest.mark.slow, pytest.mark.tmux]

DEMO = f"{sys.executable} -m tui demo --users 25"


@pytest.fixture(scope="module")
def demo() -> Iterator[Terminal]:
    with terminal(DEMO, 80, 24) as shown:
        shown.await_text("Overview", "Needs you")
        yield shown


@pytest.fixture
def small(demo: Terminal) -> Terminal:
    """The one demonstration, whatever the test before left open on it."""
    for _ in range(3):
        demo.leave()
    demo.press("1")
    demo.await_text("[1 Overview]")
    return demo


def test_the_overview_shows_engine_provider_and_target_alive(small: Terminal) -> None:
    shown = small.await_text("[1 Overview]", "Engine", "alive", "entra", "wiki", "accounts")
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "/scim/entra/v2" in shown


def test_requests_come_in_and_go_out_while_one_watches(small: Terminal) -> None:
    small.press("2")
    small.await_text("[2 Requests]", "FOLLOW", "in  POST", "out POST", "created")


def test_a_filter_narrows_the_list_and_one_exchange_opens_in_three_parts(small: Terminal) -> None:
    small.press("2")
    small.await_text("[2 Requests]")
    small.press("/")
    small.type("method:post dir:in path:/Users")
    small.press("Enter")
    shown = small.await_text("method:post dir:in path:/Users", "in  POST")
    assert "out " not in "".join(re.findall(r"\d\d:\d\d:\d\d\.\d{3} (out|in ) ", shown)).replace("in ", "")
    small.press("Enter")
    small.await_text("[Request]", "POST /Users", "•••")
    small.press("Tab", "Tab")
    small.await_text("[Effect]", "Changes it led to", "wiki")
    small.leave()
    small.await_gone("[Effect]")


def test_a_wrong_filter_says_where_and_keeps_the_list(small: Terminal) -> None:
    small.press("2")
    small.await_text("[2 Requests]")
    small.press("/")
    small.type("stauts:4xx")
    small.press("Enter")
    small.await_text("stauts", "status?")
    small.leave()
    small.await_gone("status?")


def test_a_synchronisation_is_planned_and_ends(small: Terminal) -> None:
    small.press("3")
    small.await_text("[3 Sync]", "push", "done")
    small.press("s")
    small.await_text("Which target is to be compared?")
    small.press("Enter")
    small.await_text("sync wiki:", "ordered by")


def test_help_explains_the_screen_and_its_keys(small: Terminal) -> None:
    small.press("?")
    small.await_text("Engine, providers and targets as they stand", "overview.synchronise")
    small.leave()
    small.await_gone("overview.synchronise")


def test_the_palette_finds_an_action_by_its_name(small: Terminal) -> None:
    small.press(":")
    small.await_text("Search")
    small.type("requests")
    small.await_text("Requests")
    small.press("Enter")
    small.await_text("[2 Requests]")


def test_it_follows_the_terminal_s_size(small: Terminal) -> None:
    small.press("2")
    small.await_text("[2 Requests]", "outcome")
    small.resize(160, 48)
    small.await_text("party", "path", "outcome")
    small.resize(80, 24)
    shown = small.await_gone("party")
    assert "outcome" in shown


def test_without_colour_marks_carry_the_meaning() -> None:
    with terminal(DEMO, 160, 48, {"NO_COLOR": "1"}) as shown:
        shown.await_text("[1 Overview]", "v alive")
        shown.press("2")
        shown.await_text("[2 Requests]", "entra", "wiki", "GET")
        # Only the terminal's own colours: none is named by number, and none by its parts.
        assert not re.search(r"\x1b\[[0-9;]*[34]8;[25]", shown.raw())


def left_behind(folder: Path) -> list[Path]:
    return list(folder.glob("manciple-demo-*"))


def test_closing_it_leaves_nothing_behind(tmp_path: Path) -> None:
    with terminal(DEMO, 80, 24, {"TMPDIR": str(tmp_path)}) as shown:
        shown.await_text("Overview", "alive")
        assert left_behind(tmp_path)
        shown.press("q")
        shown.await_text("ended with 0")
        assert left_behind(tmp_path) == []


def test_a_line_that_drops_leaves_nothing_behind(tmp_path: Path) -> None:
    with terminal(DEMO, 80, 24, {"TMPDIR": str(tmp_path)}) as shown:
        shown.await_text("Overview", "alive")
    deadline = time.monotonic() + 30
    while left_behind(tmp_path):
        assert time.monotonic() < deadline, f"still there: {left_behind(tmp_path)}"
        time.sleep(0.1)


def test_a_kill_gives_the_terminal_back(tmp_path: Path) -> None:
    with terminal(f"{DEMO}; stty -a", 80, 24, {"TMPDIR": str(tmp_path)}) as shown:
        shown.await_text("Overview", "alive")
        subprocess.run(["pkill", "-TERM", "-f", f"tui --config {tmp_path}"], check=True)
        settings = shown.await_text("ended with", "icanon")
        assert " icanon" in settings
        assert " echo " in settings
