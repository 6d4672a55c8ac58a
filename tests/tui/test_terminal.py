"""The console in a real terminal: what it sends while nothing happens, and how it takes a shell's ways."""

import os
import pty
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from console_stories import LARGE, SMALL

from tests.e2e.terminal import terminal

PATIENCE = 30.0
"""Seconds until something that must happen is given up."""
QUIET = 2.5
"""Seconds without a byte: 25 ticks, and two of those that renew ages."""


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """Opens the console on a new store; it finds no theme of whoever runs the tests."""
    config = tmp_path / "config.toml"
    config.write_text('[store]\nurl = "sqlite:///manciple.db"\n')
    return ["env", "XDG_CONFIG_HOME=/nonexistent", sys.executable, "-m", "tui", "--config", str(config)]


def arrived(stream: int, seconds: float) -> bytes:
    """What arrives in one piece within so many seconds; nothing where nothing does."""
    ready, _, _ = select.select([stream], [], [], seconds)
    return os.read(stream, 65536) if ready else b""


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def session(folder: Path) -> str:
    """What is kept beside the configuration; empty where nothing is."""
    return "".join(file.read_text() for file in folder.glob(".config.toml.*.console"))


def quiet(stream: int) -> bool:
    """Read until nothing arrived for a while; whether that came to pass in time."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not arrived(stream, QUIET):
            return True
    return False


def test_a_console_to_which_nothing_happens_sends_nothing(command: list[str]) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        try:
            assert arrived(ours, PATIENCE)
            for key in (b"", b"3", b"2", b"1"):
                os.write(ours, key)
                assert quiet(ours)
            os.write(ours, b"q")
            while process.poll() is None:
                arrived(ours, 0.1)
            assert process.returncode == 0
        finally:
            process.kill()
    os.close(ours)
    os.close(theirs)


def test_a_terminal_that_goes_without_a_signal_closes_it(command: list[str]) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        try:
            until(lambda: b"Overview]" in arrived(ours, PATIENCE))
            os.close(ours)
            assert process.wait(PATIENCE) == 128 + signal.SIGHUP
        finally:
            process.kill()


@pytest.mark.tmux
def test_it_follows_the_size_of_the_terminal_whatever_is_exported(command: list[str]) -> None:
    with terminal(shlex.join(command), *SMALL, {"COLUMNS": "80", "LINES": "24"}) as shown:
        shown.await_text("[1 Overview]")
        shown.press("3")
        shown.await_text("No run yet.")
        shown.resize(50, 10)
        shown.await_text("manciple needs 60x16; this is 50x10")
        shown.resize(*LARGE)
        shown.await_text("[Changes]", "Runs")


@pytest.mark.tmux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_the_next_one_goes_on_where_it_was_left_when_it_was_killed(
    command: list[str], tmp_path: Path, number: signal.Signals
) -> None:
    noted = tmp_path / "pid"
    with terminal(f"sh -c 'echo $$ > {noted}; exec {shlex.join(command)}'", *SMALL) as shown:
        shown.await_text("[1 Overview]")
        shown.press("2")
        shown.await_text("FOLLOW")
        shown.type("/status:4xx")
        shown.press("Enter")
        shown.await_text("filter status:4xx", "all searched", "t Filter on/off")
        shown.press("T")
        shown.await_text('theme "manciple-high-contrast"')
        until(lambda: "high-contrast" in session(tmp_path))
        os.kill(int(noted.read_text()), number)
        until(lambda: not Path(f"/proc/{noted.read_text().strip()}/stat").exists())
    with terminal(shlex.join(command), *SMALL) as shown:
        shown.await_text("[2 Requests]", "filter status:4xx", "nothing matches")
    assert '"theme": "manciple-high-contrast"' in session(tmp_path)


@pytest.mark.tmux
def test_it_can_be_suspended_and_comes_back_whole(command: list[str]) -> None:
    with terminal("sh", *SMALL) as shown:
        shown.type(shlex.join(command))
        shown.press("Enter")
        shown.await_text("[1 Overview]")
        shown.press("C-z")
        shown.await_gone("[1 Overview]")
        shown.type("fg")
        shown.press("Enter")
        shown.await_text("[1 Overview]", "No provider is configured")
        shown.press("q")
        shown.await_gone("[1 Overview]")
