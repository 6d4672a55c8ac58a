"""The entry point: what opens the console, what goes to the command line, and what is said where neither can be."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.__main__ import main
from tui.opening import ConsoleOptions, console_options, open_console
from tui.session import Kept, Session, read_session, session_file, write_session

NOTHING_OF_TEXTUAL = """
import sys, types
import tui.__main__
cli = types.ModuleType("core.cli")
cli.main = lambda arguments: print(list(arguments)) or 7
sys.modules["core.cli"] = cli
code = tui.__main__.main(["status", "--json"])
print(code, [name for name in sys.modules if name.partition(".")[0] in ("textual", "rich")])
"""


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """There is a terminal; gives what was written to it."""
    monkeypatch.setattr("tui.opening.is_terminal", lambda environment: True)
    return lambda: capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], ConsoleOptions()),
        (["--slow"], ConsoleOptions(slow=True)),
        (["--config", "a.toml", "--theme", "mine"], ConsoleOptions(Path("a.toml"), theme="mine")),
        (["--config=a.toml", "--slow"], ConsoleOptions(Path("a.toml"), slow=True)),
    ],
)
def test_no_subcommand_opens_the_console(arguments: list[str], options: ConsoleOptions) -> None:
    assert console_options(arguments) == options


@pytest.mark.parametrize(
    "arguments",
    [
        *(["status"], ["--help"], ["--version"], ["--config"], ["--slow=1"]),
        *(["--config", "a.toml", "serve"], ["serve", "--config", "a.toml"]),
    ],
)
def test_anything_else_goes_to_the_command_line(arguments: list[str]) -> None:
    assert console_options(arguments) is None


def test_a_subcommand_loads_nothing_of_the_console() -> None:
    ran = subprocess.run([sys.executable, "-c", NOTHING_OF_TEXTUAL], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["['status', '--json']", "7 []"]


@pytest.mark.parametrize(
    ("missing", "kind"),
    [("stdin", "xterm"), ("stdout", "xterm"), ("stderr", "xterm"), (None, "dumb")],
    ids=["no stdin", "no stdout", "no stderr", "dumb"],
)
def test_without_a_terminal_it_says_so_in_one_line(missing: str | None, kind: str) -> None:
    ours, theirs = pty.openpty()
    streams: dict[str, int] = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
    if missing is not None:
        streams[missing] = subprocess.PIPE
    environment = {**os.environ, "TERM": kind}
    process = subprocess.Popen([sys.executable, "-m", "tui"], env=environment, **streams)  # type: ignore[call-overload]
    _, piped = process.communicate()
    said = piped or os.read(ours, 4096)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 2
    assert said.decode().splitlines() == [
        "manciple: the console needs a terminal; `manciple --help` lists the commands that do not"
    ]


@pytest.mark.parametrize("answer", ["n", "", "later"])
def test_without_a_configuration_it_offers_one_and_writes_none_unasked(
    terminal: Callable[[], str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    answer: str,
) -> None:
    asked = list[str]()
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or answer)
    assert open_console(tmp_path / "none.toml", environment={}) == 2
    assert asked == ["Write a first one now? [y/N] "]
    said = terminal()
    assert "`manciple init` does it later" in said
    assert not (tmp_path / "none.toml").exists()


def test_the_first_configuration_is_written_where_it_was_looked_for(
    terminal: Callable[[], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("builtins.input", lambda prompt: "y")
    given = list[list[str]]()
    monkeypatch.setattr("core.cli.main", lambda arguments: given.append(list(arguments)) or 1)
    path = tmp_path / "none.toml"
    assert open_console(path, environment={}) == 1
    assert given == [["init", "--path", str(path)]]


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("[store]\nurl = 3", 2, "store.url"),
        ('[store]\nurl = "sqlite:////no-such-folder/manciple.db"', 1, "/no-such-folder does not exist"),
    ],
)
def test_what_is_wrong_with_configuration_or_store_is_told_without_a_trace(
    terminal: Callable[[], str], tmp_path: Path, text: str, code: int, told: str
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(text)
    assert open_console(config, environment={}) == code
    said = terminal()
    assert told in said
    assert "Traceback" not in said


@pytest.fixture
def opened(
    terminal: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, object]]:
    """Opens a console whose `run` only notes with what it was opened."""

    def open_with(*arguments: str) -> dict[str, object]:
        from tui.app import Console

        seen: dict[str, object] = {}

        def run(console: Console, *, mouse: bool) -> None:
            settings, chosen = console.settings.console, console.themes.chosen
            seen.update(slow=settings.slow, configured=settings.theme, theme=chosen, mouse=mouse)

        monkeypatch.setattr(Console, "run", run)
        config = tmp_path / "config.toml"
        config.write_text('[console]\ntheme = "mine"\n')
        assert main(["--config", str(config), *arguments]) == 0
        return seen

    return open_with


def test_options_go_before_the_configuration(opened: Callable[..., dict[str, object]], tmp_path: Path) -> None:
    seen = opened("--slow", "--theme", "manciple-light")
    assert (seen["slow"], seen["theme"]) == (True, "manciple-light")


def test_without_options_the_configuration_holds_and_the_mouse_is_the_terminals(
    opened: Callable[..., dict[str, object]],
) -> None:
    seen = opened()
    assert (seen["slow"], seen["configured"], seen["theme"]) == (False, "mine", "")
    assert seen["mouse"] is False


@pytest.mark.parametrize(("code", "screen"), [(0, "requests"), (1, "")])
def test_a_console_that_ended_by_an_error_is_not_gone_on_with(
    terminal: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, screen: str
) -> None:
    from tui.app import Console

    config = tmp_path / "config.toml"
    config.write_text("")
    file, store = session_file(config, True, {}), f"sqlite:///{tmp_path}/manciple.db"
    write_session(file, Session(store, "requests", "manciple-light", {"requests": Kept({"opened": 3})}))
    monkeypatch.setattr(Console, "run", lambda console, *, mouse: None)
    monkeypatch.setattr(Console, "return_code", code)
    assert main(["--config", str(config)]) == code
    left = read_session(file, store)
    assert (left.screen, left.theme, bool(left.screens)) == (screen, "manciple-light", not code)
