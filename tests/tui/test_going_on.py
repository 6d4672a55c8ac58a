"""A console goes on where the one before was left, however that ended."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from console_stories import (
    LARGE,
    NOW,
    SMALL,
    TWO_TARGETS,
    Clock,
    K,
    change,
    conflict,
    console,
    page,
    plan_run,
    start_engine,
)
from textual.pilot import Pilot

from core.config import load_settings
from core.exchange import Exchange
from core.store import Store, Transaction, audit, conflicts, identities
from tui.app import Console
from tui.session import Kept, Session, read_session, write_session
from tui.session_keeping import SessionKeeping
from tui.widgets.page import Page
from tui.widgets.text_pane import TextPane
from tui.widgets.window_view import WindowView

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])
Going = Callable[..., AbstractAsyncContextManager[tuple[Console, Pilot[None]]]]


TWO = """
[[provider]]
name = "entra"
kind = "entra"
[[target]]
name = "wiki"
kind = "confluence"
url = "https://wiki.example.com"
credential = "env:T"
provider = "entra"
[[target]]
name = "docs"
kind = "confluence"
url = "https://docs.example.com"
credential = "env:T"
provider = "entra"
"""


def a_day(tx: Transaction) -> None:
    """Exchanges, people, two runs of which one waits, open conflicts, and a trail."""
    start_engine(tx)
    for number in range(60):
        status = 409 if number % 10 == 3 else 200
        tx.log(Exchange("in", "entra", NOW - 60_000 + number * 1000, 9000, "GET", "/Users", status, f"user-{number}"))
    for name in ("ada", "ben", "cyd"):
        identities.create(tx, "entra", "User", {"userName": name, "displayName": name.title(), "active": True}, None)
    plan_run(tx, [change(K.CREATE_ACCOUNT, f"joiner-{n}") for n in range(50)], state="done")
    plan_run(tx, [change(K.CREATE_ACCOUNT, f"waiter-{n}") for n in range(50)])
    for number in range(3):
        question = replace(conflict(f"Question {number}"), subject=f"user:u{number}")
        conflicts.record(tx, "wiki", 2, [question], lambda _: False)
        audit.note(tx, "ada@adm", "sync", "wiki", f"entry {number}")


@pytest.fixture
def going(store: Store, clock: Clock, tmp_path: Path) -> Going:
    """Opens a console that keeps its session in one file; it is closed by `q`."""
    store.writer.write_now(a_day)
    file = tmp_path / "console"

    @asynccontextmanager
    async def go(size: tuple[int, int]) -> AsyncIterator[tuple[Console, Pilot[None]]]:
        keeping = SessionKeeping(file, read_session(file, "here"))
        app = console(store, clock, TWO_TARGETS, keeping=keeping)
        async with app.run_test(size=size) as pilot:
            await settled(app, pilot)
            yield app, pilot
            await pilot.press("escape") if len(app.screen_stack) > 1 else None
            await pilot.press("q")
        assert read_session(file, "here") == app.keeping.session

    return go


async def settled(app: Console, pilot: Pilot[None]) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()


def view(app: Console, name: str) -> WindowView:
    return app.screen.query_one(f"#{name}", WindowView)


def said(app: Console, name: str) -> str:
    return app.screen.query_one(f"#{name}").query_one(Page).text


@SIZES
async def test_the_requests_with_filter_place_and_opened_exchange(going: Going, size: tuple[int, int]) -> None:
    async with going(size) as (app, pilot):
        await pilot.press("2", "slash", *"status:409", "enter")
        await settled(app, pilot)
        await pilot.press("up", "up", "enter", "tab")
        await settled(app, pilot)
        held, lines = view(app, "list").cursor, app.screen.query_one(TextPane).lines
        assert held == 34
    async with going(size) as (app, pilot):
        assert app.current_mode == "requests"
        assert "filter status:409" in page(app, "head")
        assert [row.id for row in view(app, "list").rows] == [4, 14, 24, 34, 44, 54]
        assert (view(app, "list").cursor, view(app, "list").following) == (34, False)
        assert app.screen.query_one(TextPane).lines == lines


async def test_a_filter_that_is_off_stays_off_and_the_log_is_followed(going: Going) -> None:
    async with going(SMALL) as (app, pilot):
        await pilot.press("2", "slash", *"status:409", "enter")
        await settled(app, pilot)
        await pilot.press("t", "f")
    async with going(SMALL) as (app, pilot):
        assert "[off]" in page(app, "head")
        assert (view(app, "list").cursor, view(app, "list").following) == (60, True)


@SIZES
async def test_the_run_that_was_opened_its_words_and_its_change(going: Going, size: tuple[int, int]) -> None:
    async with going(size) as (app, pilot):
        await pilot.press("3")
        app.screen.open_run(1)  # type: ignore[attr-defined]
        await pilot.press("slash", *"joiner-4", "enter")
        await settled(app, pilot)
        await pilot.press("down", "down", "enter")
        await settled(app, pilot)
        assert "joiner-41" in said(app, "detail")
    async with going(size) as (app, pilot):
        assert "Run 1 " in said(app, "summary")
        assert "joiner-41" in said(app, "detail")
        assert view(app, "changes").cursor == 42
        assert view(app, "changes").found_text == "11"  # type: ignore[attr-defined]


async def test_without_an_opened_run_the_one_that_matters_is_shown(going: Going) -> None:
    async with going(SMALL) as (_, pilot):
        await pilot.press("3")
    async with going(SMALL) as (app, _):
        assert "Run 2 " in said(app, "summary")


@SIZES
async def test_the_conflict_under_the_cursor(going: Going, size: tuple[int, int]) -> None:
    async with going(size) as (app, pilot):
        await pilot.press("4", "down")
        await settled(app, pilot)
        cursor = view(app, "queue").cursor
        assert cursor == view(app, "queue").rows[1].id
        await pilot.press("enter")
    async with going(size) as (app, pilot):
        assert view(app, "queue").cursor == cursor
        assert app.screen.query_one("#conflict").has_focus


@SIZES
async def test_who_was_searched_for_and_whose_story_was_open(going: Going, size: tuple[int, int]) -> None:
    async with going(size) as (app, pilot):
        await pilot.press("5", "slash", *"ben", "enter")
        await settled(app, pilot)
        await pilot.press("enter")
        await settled(app, pilot)
        lines = app.screen.query_one(TextPane).lines
        assert lines
    async with going(size) as (app, pilot):
        await settled(app, pilot)
        assert '"ben"' in page(app, "heading")
        assert len(view(app, "list").rows) == 1
        assert app.screen.query_one(TextPane).lines == lines


async def test_the_part_of_the_provider_that_was_read(going: Going) -> None:
    async with going(LARGE) as (app, pilot):
        await pilot.press("6", "s")
        await settled(app, pilot)
        steps = said(app, "detail")
    async with going(LARGE) as (app, _):
        assert said(app, "detail") == steps
        assert app.screen.query_one("#detail").has_focus


async def test_the_target_that_was_chosen(going: Going) -> None:
    async with going(LARGE) as (app, pilot):
        await pilot.press("7", "down")
        await settled(app, pilot)
        assert app.screen.kept().text("target") == "docs"  # type: ignore[attr-defined]
    async with going(LARGE) as (app, _):
        assert app.current_mode == "targets"
        assert app.screen.kept().text("target") == "docs"  # type: ignore[attr-defined]


async def test_the_target_whose_form_was_shown(store: Store, clock: Clock, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(TWO)
    file = tmp_path / "console"
    for keys, begins_with in ((("8", "n"), "wiki"), ((), "docs")):
        app = console(store, clock, load_settings(config), keeping=SessionKeeping(file, read_session(file, "here")))
        async with app.run_test(size=LARGE) as pilot:
            await pilot.press(*keys[:1])
            await settled(app, pilot)
            assert f"User sync of {begins_with}" in app.screen.query(".heading").first(Page).text
            await pilot.press(*keys[1:], "q")


@SIZES
async def test_the_entry_of_the_trail_and_what_was_searched_for(going: Going, size: tuple[int, int]) -> None:
    async with going(size) as (app, pilot):
        await pilot.press("0", "slash", *"entry", "enter")
        await settled(app, pilot)
        await pilot.press("up")
        await settled(app, pilot)
        cursor = view(app, "trail").cursor
        assert "entry 1" in said(app, "entry")
    async with going(size) as (app, _):
        assert view(app, "trail").cursor == cursor
        assert "entry 1" in said(app, "entry")


async def test_a_screen_that_was_not_visited_keeps_what_was_kept_of_it(going: Going) -> None:
    async with going(SMALL) as (app, pilot):
        await pilot.press("4", "down")
        await settled(app, pilot)
        cursor = view(app, "queue").cursor
        await pilot.press("1")
    async with going(SMALL) as (app, _):
        assert app.current_mode == "overview"
    async with going(SMALL) as (app, pilot):
        await pilot.press("4")
        await settled(app, pilot)
        assert view(app, "queue").cursor == cursor


async def test_the_theme_that_was_chosen_whatever_is_configured(going: Going) -> None:
    async with going(SMALL) as (_, pilot):
        await pilot.press("T")
    async with going(SMALL) as (app, _):
        assert app.theme == "manciple-high-contrast"


async def test_what_is_kept_but_no_longer_there_is_let_be(store: Store, clock: Clock, tmp_path: Path) -> None:
    gone = {
        "requests": Kept({"filter": "no:such", "held": 10**9, "opened": 10**9, "part": "None"}),
        "sync": Kept({"run": 10**9, "change": 7, "at": 7, "pane": "detail", "words": "x"}),
        "conflicts": Kept({"at": 10**9, "pane": "none"}),
        "people": Kept({"kind": "Robot", "words": "nobody", "at": 10**9, "story": 10**9, "place": 9}),
        "providers": Kept({"provider": "none", "part": "none", "pane": "detail"}),
        "targets": Kept({"target": "none", "pane": "detail"}),
        "user_sync": Kept({"target": "none"}),
        "audit": Kept({"at": 10**9, "pane": "entry"}),
    }
    store.writer.write_now(a_day)
    file = tmp_path / "console"
    write_session(file, Session("here", "no-such-screen", "no-such-theme", gone))
    app = console(store, clock, keeping=SessionKeeping(file, read_session(file, "here")))
    async with app.run_test(size=LARGE) as pilot:
        assert app.current_mode == "overview"
        assert "There is no theme 'no-such-theme'" in page(app, "flash")
        for key in "2345678900":
            await pilot.press(key)
            await settled(app, pilot)
        await pilot.press("3")
        await settled(app, pilot)
        assert "Run 2 " in said(app, "summary")


async def test_it_is_written_down_while_the_console_runs_and_only_when_it_changes(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    store.writer.write_now(a_day)
    file = tmp_path / "console"
    app = console(store, clock, keeping=SessionKeeping(file, Session("here")))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        app.second()
        await settled(app, pilot)
        before = file.stat()
        assert read_session(file, "here").screen == "sync"
        for _ in range(3):
            app.second()
            await settled(app, pilot)
        assert file.stat() == before


async def test_new_exchanges_are_no_news_of_a_console_that_follows(store: Store, clock: Clock, tmp_path: Path) -> None:
    store.writer.write_now(a_day)
    app = console(store, clock, keeping=SessionKeeping(tmp_path / "console", Session("here")))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("2")
        app.second()
        await settled(app, pilot)
        store.writer.write_now(lambda tx: tx.log(Exchange("in", "entra", NOW, 9000, "GET", "/Users", 200, "new")))
        app.tick()
        app.second()
        assert view(app, "list").cursor == 61
        assert not app.keeping.is_news
