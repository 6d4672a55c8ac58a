import os
import stat
import sys
from pathlib import Path

import pytest

from tui.engine_start import EngineStart

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
        ("print('first'); print('OSError: no')", "OSError: no"),
        ("print('first'); print('second')", "first"),
        ("raise SystemExit(4)", "it ended with exit code 4 and said nothing"),
    ],
)
def test_a_death_is_told_with_the_first_error_that_it_wrote(tmp_path: Path, program: str, told: str) -> None:
    started = starting(tmp_path, program)()
    started.process.wait()
    assert started.death() == told


def test_what_an_earlier_engine_wrote_is_not_its_error(tmp_path: Path) -> None:
    first = starting(tmp_path, "print('an old error')")()
    first.process.wait()
    second = starting(tmp_path, "print('a new error')")()
    second.process.wait()
    assert second.death() == "a new error"
    assert second.log.read_text() == "an old error\na new error\n"


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such-folder"):
        EngineStart(tmp_path / "config.toml", tmp_path / "no-such-folder" / "log")()
