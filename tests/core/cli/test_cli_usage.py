"""What every command has in common: help, usage errors, one line per error, quiet ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import Run

import core.cli.status
from core.cli import main
from core.store import Store

COMMANDS = (
    *(("init",), ("check",), ("serve",), ("sync",), ("runs",), ("requests",), ("status",), ("demo",)),
    *(("token", "issue"), ("token", "list"), ("token", "revoke"), ("sandbox", "entra"), ("sandbox", "confluence")),
)
NEED_CONFIG = (
    *(("check",), ("serve",), ("sync", "wiki"), ("runs",), ("requests",), ("status",)),
    *(("token", "issue", "entra"), ("token", "list"), ("token", "revoke", "1")),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(command: tuple[str, ...], run: Run) -> None:
    result = run(*command, "--help", config=None)
    assert result.code == 0
    assert f"manciple {' '.join(command)}" in result.out.partition("Example:")[2]
    assert result.err == ""


def test_the_help_names_all_commands_and_exit_codes(run: Run) -> None:
    result = run("--help", config=None)
    assert result.code == 0
    for command in COMMANDS:
        assert f"  {command[0]} " in result.out
    assert "3  a conflict, a brake or a plan needs an admin" in result.out


def test_the_version_is_told(run: Run) -> None:
    assert run("--version", config=None).out == "manciple 0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), "manciple: Missing command. Try `manciple --help`."),
        (("stauts",), "manciple: No such command 'stauts'. Did you mean 'status'? Try `manciple --help`."),
        (("token",), "manciple token: Missing command. Try `manciple token --help`."),
        (("sync",), "manciple sync: Missing argument 'TARGET'. Try `manciple sync --help`."),
        (("status", "--nope"), "manciple status: No such option: --nope. Try `manciple status --help`."),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line_with_the_way_out(
    arguments: tuple[str, ...], error: str, run: Run
) -> None:
    result = run(*arguments, config=None)
    assert (result.code, result.error, result.out) == (2, error, "")


@pytest.mark.parametrize("command", NEED_CONFIG, ids=" ".join)
def test_without_a_configuration_every_place_looked_in_is_told(command: tuple[str, ...], run: Run) -> None:
    result = run(*command, config=None)
    assert result.code == 2
    assert "there is no configuration; looked for:" in result.err
    assert "manciple init" in result.err
    assert result.out == ""


@pytest.mark.parametrize("command", NEED_CONFIG, ids=" ".join)
def test_a_named_configuration_that_is_not_there_is_told(command: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    result = run(*command, config=tmp_path / "nowhere.toml")
    assert result.code == 2
    assert "--config names a file that is not there" in result.err


@pytest.mark.parametrize("command", NEED_CONFIG[2:], ids=" ".join)
def test_an_unknown_key_is_told_with_its_place(command: tuple[str, ...], run: Run, config: Path) -> None:
    config.write_text(config.read_text().replace("public_url", "publik_url"))
    result = run(*command)
    assert result.code == 2
    assert f"{config}:5: listener.publik_url: unknown key. Did you mean 'public_url'?" in result.err


@pytest.mark.parametrize("command", [("runs",), ("requests",), ("sync", "wiki"), ("token", "list")], ids=" ".join)
def test_a_command_that_looks_makes_no_store(command: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    result = run(*command)
    assert result.code == 1
    assert "there is no store yet" in result.error
    assert "manciple serve" in result.error
    assert not (tmp_path / "manciple.db").exists()


@pytest.mark.parametrize("command", NEED_CONFIG[2:], ids=" ".join)
def test_a_store_of_a_newer_manciple_is_refused(command: tuple[str, ...], run: Run, store: Store) -> None:
    store.writer.write_now(lambda tx: tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    result = run(*command)
    assert result.code == 1
    assert "was written by a newer manciple" in result.error


def test_a_remedy_names_the_configuration_of_the_variable_too_and_none_where_it_was_found(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = config.rename(config.with_name("my wiki.toml"))
    monkeypatch.setenv("MANCIPLE_CONFIG", str(named))
    assert f"start the engine with `manciple serve --config '{named}'`" in run("runs", config=None).error
    monkeypatch.delenv("MANCIPLE_CONFIG")
    named.rename(config.with_name("config.toml"))
    assert "start the engine with `manciple serve`" in run("runs", config=None).error


def test_an_unexpected_error_is_one_line_without_a_trace(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.cli.status, "_shown_tokens", lambda *_: 1 / 0)
    result = run("status")
    assert result.code == 1
    assert "(ZeroDivisionError: division by zero): run again with MANCIPLE_DEBUG=1" in result.error


def test_a_trace_is_shown_to_who_asks_for_it(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.cli.status, "_shown_tokens", lambda *_: 1 / 0)
    monkeypatch.setenv("MANCIPLE_DEBUG", "1")
    result = run("status")
    assert result.code == 1
    assert "Traceback" in result.err


def test_ctrl_c_ends_quietly(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(core.cli.status, "_shown_tokens", interrupt)
    result = run("status")
    assert (result.code, result.err) == (130, "")


def test_a_reader_that_leaves_is_no_error(config: Path, store: Store) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "core.cli", "status", "--config", str(config)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_importing_the_commands_brings_in_neither_console_nor_scim_nor_migrations() -> None:
    heavy = ["textual", "rich", "alembic", "scim2_models", "scim2_server", "starlette", "uvicorn", "httpx", "faker"]
    code = f"import sys, core.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_main_takes_any_sequence() -> None:
    assert main(("--version",)) == 0
