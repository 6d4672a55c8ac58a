import os
import stat
import sys
from pathlib import Path

import pytest

from tui.engine_start import Death, EngineStart

PRINTS_ITS_CALL = "import os, sys; print(sys.argv[1:], os.getsid(0) == os.getpid()); sys.exit(3)"


def starting(tmp_path: Path, program: str) -> EngineStart:
    return EngineStart(tmp_path / "config.toml", tmp_path / "manciple.db.engine.log", (sys.executable, "-c", program))


def test_an_engine_is_started_on_the_configuration_in_a_session_of_its_own(tmp_path: Path) -> None:
    started = starting(tmp_path, PRINTS_ITS_CALL)()
    started.process.wait()
    assert started.log.read_text() == f"['--config', '{tmp_path / 'config.toml'}'] True\n"


def test_its_log_is_for_its_owner_only(tmp_path: Path) -> None:
    started = starting(tmp_path, "")()
    started.process.wait()
    assert stat.S_IMODE(os.stat(started.log).st_mode) == 0o600


def test_while_it_runs_it_is_not_dead(tmp_path: Path) -> None:
    started = starting(tmp_path, "import time; time.sleep(60)")()
    try:
        assert started.death() is None
    finally:
        started.process.kill()
        started.process.wait()


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("print('listening'); raise SystemExit('manciple: the port is taken')", "manciple: the port is taken"),
        ("print('OSError: first'); print('OSError: last'); print('bye')", "OSError: last"),
        ("print('12:00 ERROR no'); print('12:01 INFO 0 errors')", "12:00 ERROR no"),
        ("print('OSError: old' + 99_999 * ' '); print('OSError: new')", "OSError: new"),
        ("print('12:00 INFO stops')", ""),
    ],
)
def test_a_death_is_told_with_the_last_error_that_it_wrote(tmp_path: Path, program: str, told: str) -> None:
    started = starting(tmp_path, program)()
    started.process.wait()
    death = started.death()
    assert death is not None
    assert death.error == told


@pytest.mark.parametrize(
    ("program", "cause"),
    [
        ("raise SystemExit(4)", "exit code 4"),
        ("", "exit code 0"),
        ("import os; os.kill(os.getpid(), 9)", "signal SIGKILL"),
    ],
)
def test_a_death_is_told_with_its_exit_code_or_signal(tmp_path: Path, program: str, cause: str) -> None:
    started = starting(tmp_path, program)()
    started.process.wait()
    assert started.death() == Death(cause, "")


def test_in_words_a_death_has_what_to_do_before_the_error() -> None:
    assert Death("exit code 1", "OSError: no").told("g starts one") == "exit code 1; g starts one: OSError: no"
    assert Death("signal SIGKILL", "").told("g starts one") == "signal SIGKILL; g starts one"


def test_what_an_earlier_engine_wrote_is_not_its_error(tmp_path: Path) -> None:
    first = starting(tmp_path, "print('an old error')")()
    first.process.wait()
    second = starting(tmp_path, "print('a new error')")()
    second.process.wait()
    assert second.death() == Death("exit code 0", "a new error")
    assert second.log.read_text() == "an old error\na new error\n"


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such-folder"):
        EngineStart(tmp_path / "config.toml", tmp_path / "no-such-folder" / "log")()
