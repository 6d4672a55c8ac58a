"""The engine's schedule of pulls: each a process of its own, later and later while they fail."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core import pulling
from core.config import GraphSettings, ProviderSettings
from core.pulling import LONGEST_BACK_OFF, Puller, back_off

GRAPH = GraphSettings(every=300, managed_identity=True)
PROVIDER = ProviderSettings("entra", "entra", "graph", graph=GRAPH)


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
    def command(config: Path, provider: str, *, device_code: bool) -> Sequence[str]:
        return (sys.executable, "-c", f"import sys; print('no way', file=sys.stderr); sys.exit({code})")

    monkeypatch.setattr(pulling, "pull_command", command)
    assert await Puller(tmp_path, PROVIDER).pull_once() is ok


class Pulls(Puller):
    """Pulls that only count themselves, and go on when they are let."""

    def __init__(self, provider: ProviderSettings) -> None:
        super().__init__(Path("config.toml"), provider)
        self.begun: asyncio.Queue[bool] = asyncio.Queue()
        self.goes_on = asyncio.Event()

    async def _process(self) -> bool:
        self.begun.put_nowait(True)
        await self.goes_on.wait()
        return True


@asynccontextmanager
async def working(graph: GraphSettings) -> AsyncIterator[Pulls]:
    pulls = Pulls(replace(PROVIDER, graph=graph))
    task = asyncio.create_task(pulls.work())
    await asyncio.sleep(0)
    yield pulls
    task.cancel()


@pytest.mark.parametrize(
    "graph", [GraphSettings(every=None, managed_identity=True), GraphSettings()], ids=["never due", "by hand"]
)
async def test_a_provider_without_a_schedule_is_pulled_when_it_is_asked_for(graph: GraphSettings) -> None:
    async with working(graph) as pulls:
        assert pulls.begun.empty()
        assert pulls.ask()
        await pulls.begun.get()


async def test_who_asks_does_not_wait_for_the_schedule_but_for_the_pull_under_way(tmp_path: Path) -> None:
    async with working(replace(GRAPH, every=86_400)) as pulls:
        await pulls.begun.get()
        assert not pulls.ask()
        pulls.goes_on.set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert pulls.ask()
        await pulls.begun.get()


def test_where_a_person_must_sign_in_the_pull_shows_a_code(tmp_path: Path) -> None:
    assert "--device-code" in pulling.pull_command(tmp_path, "entra", device_code=True)
    assert "--device-code" not in pulling.pull_command(tmp_path, "entra")


def test_the_schedule_loads_nothing_of_graph() -> None:
    code = (
        "import sys, core.pulling, core.cli.program; "
        "print([n for n in sys.modules if n.startswith(('msgraph', 'azure', 'kiota', 'core.graph'))])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
