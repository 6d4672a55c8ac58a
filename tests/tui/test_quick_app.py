"""A first visit parses what is new only, and a change of theme still reaches every screen."""

from pathlib import Path

import pytest
from console_stories import SMALL, Clock, console
from textual.css.stylesheet import Stylesheet

from core.store import Store
from tui.modes import get_ready
from tui.quick_app import KeptStylesheet
from tui.widgets.page import Page


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are parsed from here on."""
    import textual.css.stylesheet as module

    seen: list[str] = []
    parse = module.parse

    def noted(scope: str, css: str, *given: object, **named: object) -> object:
        seen.append(f"{named['tie_breaker']} {css}")
        return parse(scope, css, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "parse", noted)
    return seen


def test_a_source_is_parsed_once_as_long_as_the_variables_stay(parsed: list[str]) -> None:
    sheet = KeptStylesheet(variables={"panel": "red"})
    for number in range(200):
        sheet.add_source(f"#n{number} {{ color: $panel; }}")
    sheet.parse()
    sheet.reparse()
    sheet.set_variables({"panel": "red"})
    sheet.reparse()
    assert len(parsed) == 200
    sheet.set_variables({"panel": "blue"})
    assert len(parsed) == 400
    assert "blue" in sheet.rules[0].css or "0000FF" in sheet.rules[0].css.upper()


def test_it_is_what_textual_makes_of_the_same_sources() -> None:
    ours, textuals = KeptStylesheet(variables={"panel": "red"}), Stylesheet(variables={"panel": "red"})
    for sheet in (ours, textuals):
        for number in range(80):
            sheet.add_source(f"#n{number} {{ color: $panel; }}")
        sheet.reparse()
    assert ours.css == textuals.css


async def test_no_source_is_parsed_twice_however_many_screens_are_visited(
    store: Store, clock: Clock, parsed: list[str]
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        parsed.clear()
        for place in ("sync", "conflicts", "targets", "sync", "overview"):
            await app.action_switch_mode(place)
            await pilot.pause()
        assert parsed
        assert len(parsed) == len(set(parsed))


async def test_a_theme_reaches_the_screens_that_are_hidden_while_it_changes(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        for place in ("sync", "overview"):
            await app.action_switch_mode(place)
            await pilot.pause()
        app.themes.choose("manciple-parchment")
        await pilot.pause()
        for place in ("sync", "conflicts", "overview"):
            await app.action_switch_mode(place)
            await pilot.pause()
            title = app.screen.query_one("#title", Page)
            assert title.styles.background.hex == "#EADFC6"
            assert title.get_component_styles("page--title").color.hex == "#1F4E7D"


async def test_what_is_made_ready_is_not_read_again(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await get_ready(app)
        read: list[str] = []
        monkeypatch.setattr(Stylesheet, "read", lambda sheet, path: read.append(path))
        for place in ("requests", "sync", "people", "audit"):
            await app.action_switch_mode(place)
            await pilot.pause()
            assert all(app.stylesheet.has_source(str(path)) for path in app.screen.css_path)
        assert read == []
        folder = Path(__file__).parents[2] / "tui" / "screens"
        assert all(app.stylesheet.has_source(str(path)) for path in folder.glob("*.tcss"))
