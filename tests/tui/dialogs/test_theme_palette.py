"""Themes are chosen from a list, and seen while they are."""

import pytest
from console_stories import SMALL, Clock, console, page
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input

from core.store import Store
from tui.app import Console
from tui.dialogs.theme_palette import ThemePalette


async def settled(pilot: Pilot[None], app: Console) -> list[str]:
    """What the list offers, once it has searched."""
    await app.workers.wait_for_complete()
    await pilot.pause()
    return [str(option.prompt).splitlines()[0] for option in app.screen.query_one(CommandList).options]


async def test_the_theme_under_the_cursor_is_shown_and_kept_once_it_is_chosen(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+t")
        assert set(await settled(pilot, app)) == set(app.themes.names)
        await pilot.press(*"parch")
        assert await settled(pilot, app) == ["manciple-parchment"]
        assert app.theme == "manciple-parchment"
        assert app.themes.chosen == ""
        await pilot.press("enter")
        await pilot.pause()
        await pilot.pause()
        assert not isinstance(app.screen, ThemePalette)
        assert (app.theme, app.themes.chosen) == ("manciple-parchment", "manciple-parchment")


async def test_leaving_the_list_shows_the_theme_from_before(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+t")
        await settled(pilot, app)
        await pilot.press("down", "down")
        await settled(pilot, app)
        assert app.theme != "manciple-dark"
        await pilot.press("escape")
        await pilot.pause()
        await pilot.pause()
        assert (app.theme, app.themes.chosen) == ("manciple-dark", "")


async def test_nothing_in_the_list_blinks(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert [typed.cursor_blink for typed in app.screen.query(Input)] == [False]


@pytest.mark.parametrize("key", ["T", "ctrl+t"])
async def test_with_no_color_there_is_nothing_to_choose(store: Store, clock: Clock, key: str) -> None:
    app = console(store, clock, environment={"NO_COLOR": "1"})
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(key)
        assert not isinstance(app.screen, ThemePalette)
        assert "NO_COLOR is set" in page(app, "flash")
