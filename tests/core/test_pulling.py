"""The engine's schedule of pulls: each a process of its own, later and later while they fail."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from core import pulling
from core.config import GraphSettings, ProviderSettings
from core.pulling import LONGEST_BACK_OFF, Puller, back_off

PROVIDER = ProviderSettings("entra", "entra", "graph", graph=GraphSettings(every=300))


def test_after_a_pull_that_succeeds_the_next_comes_when_it_is_due() -> None:
    assert back_off(300, 0) == 300


def test_pulls_that_fail_come_later_and_later_up_to_an_hour() -> None:
    waits = [back_off(300, failures) for failures in range(1, 12)]
    assert waits[:4] == [300, 300, 300, 480]
    assert waits[-1] == LONGEST_BACK_OFF


def test_a_schedule_that_is_longer_than_an_hour_stays_as_it_is() -> None:
    assert back_off(86_400, 9) == 86_400


@pytest.mark.parametrize(("code", "ok"), [(0, True), (3, True), (4, False), (1, False)])
async def test_a_pull_is_a_process_whose_exit_code_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, ok: bool
) -> None:
    def command(config: Path, provider: str) -> Sequence[str]:
        return (sys.executable, "-c", f"import sys; print('no way', file=sys.stderr); sys.exit({code})")

    monkeypatch.setattr(pulling, "pull_command", command)
    assert await Puller(tmp_path, PROVIDER).pull_once() is ok


async def test_a_provider_that_is_never_due_is_left_alone(tmp_path: Path) -> None:
    never = ProviderSettings("entra", "entra", "graph", graph=GraphSettings(every=None))
    await Puller(tmp_path, never).work()


def test_the_schedule_loads_nothing_of_graph() -> None:
    code = (
        "import sys, core.pulling, core.cli.program; "
        "print([n for n in sys.modules if n.startswith(('msgraph', 'azure', 'kiota', 'core.graph'))])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
