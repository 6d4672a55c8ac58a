"""A real terminal: tmux on a socket of its own, driven by keys and read as an admin reads it."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

_PATIENCE = 30.0


class Terminal:
    """One tmux session that runs one command."""

    def __init__(self, socket: str) -> None:
        self._socket = socket

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names, each by itself."""
        for key in keys:
            self._tmux("send-keys", key)

    def leave(self) -> None:
        """Press escape, and give the program the time in which it could be the beginning of another key."""
        self.press("Escape")
        time.sleep(0.3)

    def type(self, text: str) -> None:
        """Type a text as it is."""
        self._tmux("send-keys", "-l", text)

    def screen(self) -> str:
        """What is on the screen now."""
        return self._tmux("capture-pane", "-p")

    def raw(self) -> str:
        """The screen with its escape sequences."""
        return self._tmux("capture-pane", "-p", "-e")

    def await_text(self, *texts: str) -> str:
        """Wait until all of these are on the screen at once; returns the screen."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            shown = self.screen()
            if all(text in shown for text in texts):
                return shown
            time.sleep(0.1)
        raise AssertionError(f"not on the screen: {[text for text in texts if text not in shown]}\n{shown}")

    def await_gone(self, text: str) -> str:
        """Wait until this is no longer on the screen; returns the screen."""
        deadline = time.monotonic() + _PATIENCE
        while text in (shown := self.screen()):
            assert time.monotonic() < deadline, f"still on the screen: {text}\n{shown}"
            time.sleep(0.1)
        return shown

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._socket, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def terminal(command: str, columns: int, rows: int, environment: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """Run `command` in a terminal of this size. Without tmux the test is skipped; CI brings it, and must have it."""
    if shutil.which("tmux") is None:
        assert "CI" not in os.environ, "CI has no tmux: .ci/run installs it"
        pytest.skip("tmux is not installed")
    socket = f"manciple-{uuid4().hex[:12]}"
    size = ["-x", str(columns), "-y", str(rows)]
    variables = [part for name, value in (environment or {}).items() for part in ("-e", f"{name}={value}")]
    shown_afterwards = f"{command}; echo ended with $?; sleep 600"
    start = ["tmux", "-L", socket, "-f", os.devnull, "new-session", "-d", *size, *variables, shown_afterwards]
    subprocess.run(start, check=True, cwd=Path(__file__).parents[2])
    try:
        yield Terminal(socket)
    finally:
        subprocess.run(["tmux", "-L", socket, "kill-server"], check=False, capture_output=True)
