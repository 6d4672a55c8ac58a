"""An engine that the console starts: its birth, its death, and where neither can be."""

import sys
from pathlib import Path

import pytest
from console_stories import LARGE, Clock, console, page, start_engine
from textual.pilot import Pilot

from core.store import Store
from tui.app import Console
from tui.engine_start import EngineStart, StartedEngine

pytestmark = pytest.mark.usefixtures("utc")
SLEEPS = "import time; time.sleep(60)"


async def started(pilot: Pilot[None], app: Console) -> None:
    await pilot.press("g")
    app.second()
    await pilot.pause()


async def test_an_engine_is_started_where_none_is_alive_and_its_birth_is_told(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    begun: list[StartedEngine] = []
    start = EngineStart(tmp_path / "config.toml", tmp_path / "log", (sys.executable, "-c", SLEEPS))
    app = console(store, clock, start_engine=lambda: begun.append(start()) or begun[-1])
    try:
        async with app.run_test(size=LARGE) as pilot:
            await started(pilot, app)
            assert "starting an engine; it goes on when this console is closed" in page(app, "flash")
            store.writer.write_now(start_engine)
            app.tick()
            app.second()
            assert "v 10:27:47 the engine is alive: http://127.0.0.1:8440" in page(app, "flash")
            await pilot.press("g")
            assert "Start engine: an engine is alive" in page(app, "flash")
            assert len(begun) == 1
    finally:
        for engine in begun:
            engine.process.kill()
            engine.process.wait()


async def test_an_engine_that_dies_is_told_with_its_error_and_the_keys_that_start_one(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    start = EngineStart(
        tmp_path / "config.toml", tmp_path / "log", (sys.executable, "-c", "raise SystemExit('manciple: no token')")
    )

    def start_and_wait() -> StartedEngine:
        engine = start()
        engine.process.wait()
        return engine

    app = console(store, clock, start_engine=start_and_wait)
    async with app.run_test(size=LARGE) as pilot:
        await started(pilot, app)
        flash = " ".join(page(app, "flash").split())
        assert "X 10:27:47 the engine ended with exit code 1; 1, then g starts one: manciple: no token" in flash
        assert f"(its log: {tmp_path}/log)" in flash


async def test_an_engine_that_cannot_be_started_is_told(store: Store, clock: Clock) -> None:
    def fail() -> None:
        raise PermissionError(13, "Permission denied")

    app = console(store, clock, start_engine=fail)
    async with app.run_test(size=LARGE) as pilot:
        await started(pilot, app)
        assert "the engine could not be started: [Errno 13] Permission denied" in page(app, "flash")


async def test_a_console_that_cannot_start_engines_says_what_can(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await started(pilot, app)
        assert "this console cannot start an engine; run: manciple serve" in page(app, "flash")
