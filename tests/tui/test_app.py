"""The console as a whole: its ticker, its keys and its themes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from console_stories import LARGE, SMALL, Clock, K, change, console, drawn, page, plan_run, start_engine, with_console

from core.store import Store, StoreError, runs
from tui.screens.console_screen import ConsoleScreen
from tui.widgets.page import Page
from tui.widgets.window_view import WindowView

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


@SIZES
async def test_each_screen_is_one_key_away_and_the_title_says_where_you_are(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        for key, shown in (("1", "[1 Overview]"), ("2", "[2 Requests]"), ("3", "[3 Sync]"), ("4", "[4 Conflicts]")):
            await pilot.press(key)
            await pilot.pause()
            assert shown in page(app, "title")
            assert page(app, "title").rstrip().endswith("/manciple.db")
            assert "? Help" in page(app, "footer")
            assert drawn(app.screen.query_one("#footer")).isprintable()


async def test_every_title_says_that_no_engine_is_alive(store: Store, clock: Clock) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        for key in ("1", "2", "3"):
            await pilot.press(key)
            await pilot.pause()
            assert "X no engine" not in page(app, "title")
        clock.now += 11_000
        for key in ("1", "2", "3"):
            await pilot.press(key)
            app.second()
            await pilot.pause()
            assert page(app, "title").rstrip().endswith("X no engine")


async def test_why_a_key_cannot_act_is_told_for_eight_seconds(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("s")
        for seconds, shown in ((7, True), (1, False)):
            clock.now += seconds * 1000
            app.second()
            await pilot.pause()
            assert ("Sync now: no engine is alive" in page(app, "flash")) is shown


async def test_what_needs_an_admin_is_counted_in_the_title_of_every_screen(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        assert " 3  4 " in page(app, "title")
        store.writer.write_now(lambda tx: plan_run(tx, [change(K.CREATE_ACCOUNT)]))
        app.tick()
        await pilot.pause()
        assert " 3(1)  4 " in page(app, "title")


async def test_a_tick_without_news_reads_and_draws_nothing(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        await pilot.pause()
        app.tick()
        await pilot.pause()
        asked: list[str] = []
        monkeypatch.setattr(store, "read", lambda: asked.append("read"))
        monkeypatch.setattr(Page, "render_line", lambda page, y: asked.append("line"))
        monkeypatch.setattr(WindowView, "render_line", lambda view, y: asked.append("row"))
        for _ in range(20):
            app.tick()
            app.second()
        await pilot.pause()
        assert asked == []


async def test_a_hidden_screen_is_not_told_of_news_and_catches_up_when_it_is_shown(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3", "1")
        told: list[str] = []
        take_news = ConsoleScreen.show_news
        monkeypatch.setattr(ConsoleScreen, "show_news", lambda shown: told.append(shown.PLACE) or take_news(shown))
        store.writer.write_now(lambda tx: plan_run(tx, [change(K.CREATE_ACCOUNT)]))
        app.tick()
        assert told == ["overview"]
        await pilot.press("3")
        await pilot.pause()
        assert "Run 1  wiki  ? waiting" in app.screen.query_one("#summary").query_one(Page).text


async def test_news_reaches_the_screen_under_a_dialog(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("question_mark")
        store.writer.write_now(start_engine)
        app.tick()
        app.second()
        assert "v alive" in page(app, "first")


@pytest.mark.parametrize(
    ("environment", "slow", "rate"),
    [({}, False, 10), ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, False, 5), ({}, True, 2)],
)
def test_the_store_is_asked_less_often_over_a_line_that_costs(
    store: Store, clock: Clock, environment: dict[str, str], slow: bool, rate: float
) -> None:
    assert console(store, clock, with_console(slow=slow), environment=environment).rate == rate


async def test_an_error_of_the_store_is_flashed_and_what_was_read_last_stays(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreError("the store is busy: look for a stuck manciple process")

    store.writer.write_now(lambda tx: plan_run(tx, [change(K.CREATE_ACCOUNT)]))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        await pilot.pause()
        store.writer.write_now(lambda tx: runs.move(tx, 1, "applying"))
        with monkeypatch.context() as patch:
            patch.setattr(store, "read", fail)
            app.tick()
            app.second()
        await pilot.pause()
        assert "X 10:27:47 the store is busy: look for a stuck manciple process" in page(app, "flash")
        assert "Run 1" in app.screen.query_one("#summary").query_one(Page).text


async def test_an_order_that_the_store_does_not_take_is_told(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(write: Callable[..., object]) -> None:
        raise StoreError("no room left on the disk")

    store.writer.write_now(start_engine)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        monkeypatch.setattr(store.writer, "write", fail)
        await pilot.press("s")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "X 10:27:47 not asked: no room left on the disk" in page(app, "flash")


async def test_going_back_clears_what_was_flashed(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("s")
        assert page(app, "flash").strip()
        await pilot.press("escape")
        assert not page(app, "flash").strip()


async def test_a_flash_stays_when_another_screen_is_shown(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("s", "3")
        await pilot.pause()
        assert "Sync now: no engine is alive" in page(app, "flash")


async def test_ctrl_c_says_which_key_quits(store: Store, clock: Clock) -> None:
    app = console(store, clock, with_console(keymap={"everywhere.quit": "Q"}))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+c")
        assert "Q closes the console; the engine goes on" in page(app, "flash")


async def test_the_keys_of_the_keymap_act_and_those_they_replace_do_not(store: Store, clock: Clock) -> None:
    app = console(store, clock, with_console(keymap={"everywhere.sync": "f3", "list.cursor_down": "ctrl+n"}))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "[1 Overview]" in page(app, "title")
        await pilot.press("f3")
        await pilot.pause()
        assert "[f3 Sync]" in page(app, "title")


async def test_a_keymap_with_a_problem_is_told_and_not_used_at_all(store: Store, clock: Clock) -> None:
    app = console(store, clock, with_console(keymap={"everywhere.sync": "f3", "everywhere.help": "f3", "x.y": "z"}))
    async with app.run_test(size=SMALL) as pilot:
        flash = " ".join(page(app, "flash").split())
        assert "! 10:27:47 keymap: there is no action 'x.y'; press ? for their names (and 1 more)" in flash
        await pilot.press("3")
        await pilot.pause()
        assert "[3 Sync]" in page(app, "title")


async def test_themes_of_the_user_are_used_and_broken_ones_told(store: Store, clock: Clock, tmp_path: Path) -> None:
    folder = tmp_path / "manciple" / "themes"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('name = "mine"\nprimary = "#ff8800"\n')
    (folder / "odd.toml").write_text('name = "odd"\nprimary = "orangish"\n')
    app = console(store, clock, with_console(theme="mine"), environment={"XDG_CONFIG_HOME": str(tmp_path)})
    async with app.run_test(size=LARGE):
        assert app.theme == "mine"
        assert "odd.toml: primary: must be a colour" in page(app, "flash")


async def test_a_theme_that_is_not_there_is_told_and_the_shipped_one_used(store: Store, clock: Clock) -> None:
    app = console(store, clock, with_console(theme="none-such"))
    async with app.run_test(size=LARGE):
        assert app.theme == "manciple-dark"
        assert "There is no theme 'none-such'; manciple-dark is used" in page(app, "flash")


async def test_one_key_goes_through_the_themes(store: Store, clock: Clock) -> None:
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        seen = []
        for _ in range(7):
            await pilot.press("T")
            seen.append(app.theme.removeprefix("manciple-"))
        assert seen == ["high-contrast", "light", "monochrome", "parchment", "ansi-dark", "cloister", "dark"]


async def test_with_no_color_there_is_no_colour_and_marks_tell_the_same(store: Store, clock: Clock) -> None:
    store.writer.write_now(lambda tx: plan_run(tx, [change(K.CREATE_ACCOUNT)]))
    app = console(store, clock, environment={"NO_COLOR": "1"})
    async with app.run_test(size=SMALL) as pilot:
        assert app.theme == "ansi-dark"
        await pilot.press("T")
        assert app.theme == "ansi-dark"
        await pilot.press("3")
        await pilot.pause()
        pages = [*app.screen.query(Page), *app.screen.query(WindowView)]
        styles = [s.style for shown in pages for y in range(shown.size.height) for s in shown.render_line(y) if s.style]
        colours = [colour for style in styles for colour in (style.color, style.bgcolor) if colour]
        assert all(colour.is_system_defined or colour.is_default for colour in colours)
        assert "? waiting" in app.screen.query_one("#summary").query_one(Page).text
        assert "[3 Sync(1)]" in page(app, "title")


@pytest.mark.parametrize("size", [(59, 24), (80, 15), (20, 5)])
async def test_a_terminal_that_is_too_small_gets_one_line(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        for key in ("1", "2", "3"):
            await pilot.press(key)
            await pilot.pause()
            seen = [widget for widget in app.screen.children if widget.display]
            assert [widget.id for widget in seen] == ["too-small"]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "[3 Sync]" in page(app, "title")
