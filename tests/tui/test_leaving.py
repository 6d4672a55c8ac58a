"""Closing the console: at once, or after a question where edits would be lost."""

from pathlib import Path

import pytest
from console_stories import CONFIG, SMALL, Clock, console, said
from textual.pilot import Pilot

from core.config import load_settings
from core.store import Store
from tui.app import Console

pytestmark = pytest.mark.usefixtures("utc")


@pytest.fixture
def app(store: Store, clock: Clock, tmp_path: Path) -> Console:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return console(store, clock, settings=load_settings(path))


async def edit(pilot: Pilot[None]) -> None:
    """Switch off that accounts are created."""
    await pilot.press("8")
    await pilot.pause()
    await pilot.press("slash", *"create", "enter", "space")
    await pilot.pause()


async def test_without_edits_it_closes_at_once(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0


async def test_edits_that_are_not_saved_are_asked_about_from_any_screen(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await edit(pilot)
        await pilot.press("1", "q")
        await pilot.pause()
        assert "Close without saving 1 edited setting?" in said(app)
        assert "User sync would forget it; ctrl+s there saves." in said(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.return_code is None
        await pilot.press("q", "y", "enter")
        await pilot.pause()
        assert app.return_code == 0


async def test_edits_that_were_given_up_are_not_asked_about(app: Console) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await edit(pilot)
        await pilot.press("escape", "y", "enter", "q")
        await pilot.pause()
        assert app.return_code == 0
