"""Two admins before one conflict, each in a terminal of their own: one answers, the other is told."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.planning.changes import Conflict, Resolution
from core.store import Store, conflicts
from tests.e2e.terminal import Terminal, terminal

pytestmark = [pytest.mark.slow, pytest.mark.tmux]

CONFIG = """\
[store]
url = "sqlite:///manciple.db"
[listener]
bind = "127.0.0.1:0"
public_url = "http://127.0.0.1"
[[provider]]
name = "entra"
kind = "entra"
[[target]]
name = "wiki"
kind = "confluence"
url = "http://127.0.0.1:9"
provider = "entra"
credential = "env:NOTHING"
"""
TAKEN = Conflict(
    "C10",
    "user:u1",
    "Account name 'ada' is taken",
    "It belongs to Ada King.",
    {"account": "ada"},
    (Resolution("X", "Skip always", "Leaves this user out."),),
    "u1",
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration whose store has two conflicts."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    other = Conflict("C10", "user:u2", "Account name 'ben' is taken", "So is this.", {}, TAKEN.resolutions, "u2")
    with Store.open(f"sqlite:///{tmp_path / 'manciple.db'}") as store:
        store.writer.write_now(lambda tx: conflicts.record(tx, "wiki", 1, [TAKEN, other], lambda _: True))
    return path


@pytest.fixture
def consoles(config: Path) -> Iterator[tuple[Terminal, Terminal]]:
    command = f"{sys.executable} -m tui --config {config}"
    with terminal(command, 80, 24) as one, terminal(command, 160, 48, {"NO_COLOR": "1"}) as other:
        for shown in (one, other):
            shown.await_text("[1 Overview]")
            shown.press("4")
            shown.await_text("[4 Conflicts(2)]", "Account name 'ada' is taken")
        yield one, other


def test_what_one_admin_has_open_the_other_sees_and_cannot_answer(consoles: tuple[Terminal, Terminal]) -> None:
    one, other = consoles
    one.press("a")
    one.await_text("enter goes on")
    other.await_text("has it open")
    other.press("a")
    other.await_text("Answer:", "has it open")
    one.press("x", "Enter")
    one.await_text("enter gives this answer")
    one.press("Enter")
    one.await_text("Conflict 1 is answered: Skip always.", "[4 Conflicts(1)]")
    other.await_text("[4 Conflicts(1)]", "> answered")
    one.press("u")
    one.await_text("Conflict 1 waits for an answer again.", "[4 Conflicts(2)]")
    other.await_text("[4 Conflicts(2)]")


def test_the_same_by_command(config: Path, consoles: tuple[Terminal, Terminal]) -> None:
    one, _ = consoles
    command = [
        sys.executable,
        "-m",
        "tui",
        "conflicts",
        "resolve",
        "1",
        "--answer",
        "X",
        "--yes",
        "--config",
        str(config),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "Conflict 1 is answered: Skip always." in done.stdout
    one.await_text("[4 Conflicts(1)]", "> answered")
