from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip

from tui.widgets.window_source import Cell, Row
from tui.widgets.window_view import WindowView

SIZE = (40, 10)
MANY = 100_000


@dataclass
class Numbers:
    """An in-memory source of numbered rows, which counts what it is asked for."""

    newest: int
    oldest: int = 1
    step: int = 1
    names: dict[int, str] = field(default_factory=dict)
    asked: int = 0
    queries: int = 0

    def head(self) -> int:
        return self.newest

    def tail(self) -> int:
        return self.oldest if self.newest else 0

    def window(self, first: int, height: int) -> Sequence[Row]:
        first = max(first, self.oldest)
        first += (self.oldest - first) % self.step
        return self._read(list(range(first, self.newest + 1, self.step)[:height]), height)

    def window_ending(self, last: int, height: int) -> Sequence[Row]:
        ids = range(self.oldest, min(last, self.newest) + 1, self.step)
        return self._read(list(ids[-height:]), height)

    def _read(self, ids: list[int], height: int) -> list[Row]:
        self.asked += height
        self.queries += 1
        return [Row(id, (Cell(f"#{id}", "window-view--dim", 8), Cell(self.names.get(id, f"row {id}")))) for id in ids]


class WatchedView(WindowView):
    """A view that remembers which lines it drew; it ticks only when a test says so."""

    drawn: list[int]

    def __init__(self, source: Numbers) -> None:
        self.drawn = []
        super().__init__(source)

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)

    def text(self) -> list[str]:
        return [super(WatchedView, self).render_line(y).text for y in range(self.size.height)]


class ListApp(App[None]):
    def __init__(self, source: Numbers) -> None:
        super().__init__()
        self.view = WatchedView(source)
        self.heard: list[WindowView.Highlighted | WindowView.Opened] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()

    def on_window_view_highlighted(self, message: WindowView.Highlighted) -> None:
        self.heard.append(message)

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        self.heard.append(message)


def ids(view: WindowView) -> list[int]:
    return [row.id for row in view.rows]


async def test_a_long_list_opens_at_its_end_and_reads_only_a_screenful() -> None:
    source = Numbers(MANY)
    app = ListApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert ids(app.view) == list(range(MANY - 9, MANY + 1))
        assert source.asked <= 2 * SIZE[1]
        assert app.view.text()[-1].startswith("> #100000  row 100000")


async def test_following_shows_new_rows_with_one_query_however_many_came() -> None:
    source = Numbers(MANY)
    app = ListApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        source.queries, source.newest = 0, MANY + 5000
        app.view.tick()
        assert ids(app.view)[-1] == app.view.cursor == MANY + 5000
        assert source.queries == 1


async def test_moving_the_cursor_holds_the_rows_while_the_head_counts_on() -> None:
    source = Numbers(MANY)
    app = ListApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("up")
        held = ids(app.view)
        source.newest += 200
        app.view.tick()
        assert (ids(app.view), app.view.cursor) == (held, MANY - 1)
        assert (app.view.following, app.view.head) == (False, MANY + 200)
        await pilot.press("end")
        assert (app.view.following, app.view.cursor) == (True, MANY + 200)


async def test_an_idle_tick_asks_for_no_rows_and_draws_no_line() -> None:
    source = Numbers(MANY)
    app = ListApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.view.drawn.clear()
        source.queries = 0
        for _ in range(20):
            app.view.tick()
        await pilot.pause()
        assert (app.view.drawn, source.queries) == ([], 0)


async def test_a_cursor_move_draws_only_the_two_lines_concerned() -> None:
    app = ListApp(Numbers(MANY))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.view.drawn.clear()
        await pilot.press("up")
        await pilot.pause()
        assert set(app.view.drawn) == {8, 9}


async def test_every_row_can_be_reached_by_keys() -> None:
    app = ListApp(Numbers(25))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("home")
        assert (ids(app.view)[0], app.view.cursor) == (1, 1)
        for expected in range(2, 26):
            await pilot.press("down")
            assert app.view.cursor == expected
        await pilot.press("down")
        assert app.view.cursor == 25
        for expected in range(24, 0, -1):
            await pilot.press("up")
            assert app.view.cursor == expected
        await pilot.press("up")
        assert (ids(app.view), app.view.cursor) == (list(range(1, 11)), 1)


async def test_pages_keep_one_row_in_sight_and_stop_at_the_ends() -> None:
    app = ListApp(Numbers(25))
    async with app.run_test(size=SIZE) as pilot:
        tops = []
        await pilot.press("home")
        for _ in range(3):
            await pilot.press("pagedown")
            tops.append(app.view.top)
        assert (tops, app.view.cursor) == ([10, 16, 16], 25)
        tops.clear()
        for _ in range(3):
            await pilot.press("pageup")
            tops.append(app.view.top)
        assert (tops, app.view.cursor) == ([7, 1, 1], 1)


async def test_ids_may_have_gaps() -> None:
    app = ListApp(Numbers(10_000, step=7))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("up", "up", "pageup", "pagedown", "home", "down")
        assert ids(app.view) == list(range(1, 71, 7))
        assert app.view.cursor == 8


@pytest.mark.parametrize("height", [4, 30])
async def test_a_held_view_keeps_its_cursor_through_a_resize(height: int) -> None:
    app = ListApp(Numbers(MANY))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("home", "pagedown", "pagedown", *["down"] * 8)
        cursor = app.view.cursor
        await pilot.resize_terminal(60, height)
        await pilot.pause()
        assert app.view.cursor == cursor
        assert cursor in ids(app.view)
        assert len(app.view.rows) == height
        assert all(len(line) == 60 for line in app.view.text())


async def test_a_following_view_stays_at_the_end_through_a_resize() -> None:
    app = ListApp(Numbers(MANY))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        assert ids(app.view) == list(range(MANY - 4, MANY + 1))


async def test_rows_that_expired_under_a_held_cursor_give_way_to_the_oldest_kept() -> None:
    source = Numbers(MANY)
    app = ListApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("home")
        source.oldest = 500
        app.view.reload()
        assert (app.view.top, app.view.cursor) == (500, 500)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", "␛[2J␛]0;owned␇"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
        ("a\nb\u202ec", "a␊b\ufffdc"),
        ("山田太郎" * 20, "…"),
    ],
)
async def test_a_hostile_name_stays_plain_text_on_its_own_line(name: str, shown: str) -> None:
    app = ListApp(Numbers(5, names={3: name}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        line = WindowView.render_line(app.view, 2)
        assert shown in line.text
        assert line.cell_length == SIZE[0]
        assert not any(ord(character) < 0x20 for character in line.text)


async def test_an_empty_list_takes_every_key_and_shows_its_first_row_when_it_comes() -> None:
    source = Numbers(0)
    app = ListApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("up", "down", "pageup", "pagedown", "home", "enter")
        assert (app.view.rows, app.view.cursor, app.heard) == ((), 0, [])
        source.newest = 1
        app.view.tick()
        assert (ids(app.view), app.view.cursor) == ([1], 1)
        assert app.view.following


async def test_the_row_under_the_cursor_is_announced_and_opened() -> None:
    app = ListApp(Numbers(MANY))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("up", "enter")
        await pilot.pause()
        last, opened = app.heard[-2:]
        assert isinstance(last, WindowView.Highlighted)
        assert isinstance(opened, WindowView.Opened)
        assert last.row.id == opened.row.id == MANY - 1
        assert not app.view.following


async def test_the_position_bar_shows_where_the_view_stands() -> None:
    app = ListApp(Numbers(MANY))

    def thumb() -> list[int]:
        colour = app.view.get_component_rich_style("window-view--thumb").color
        last = [list(WindowView.render_line(app.view, y))[-1] for y in range(SIZE[1])]
        return [y for y, segment in enumerate(last) if segment.style and segment.style.color == colour]

    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert thumb() == [9]
        await pilot.press("home")
        assert thumb() == [0]


async def test_a_change_of_theme_draws_the_rows_in_the_new_colours() -> None:
    app = ListApp(Numbers(MANY))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        before = list(WindowView.render_line(app.view, 0))
        app.theme = "textual-light"
        await pilot.pause()
        after = list(WindowView.render_line(app.view, 0))
        assert [s.text for s in after] == [s.text for s in before]
        assert [s.style for s in after] != [s.style for s in before]


async def test_the_ansi_theme_draws_no_colour_of_its_own() -> None:
    app = ListApp(Numbers(MANY))
    async with app.run_test(size=SIZE) as pilot:
        app.theme = "ansi-dark"
        await pilot.pause()
        styles = [segment.style for y in (0, 9) for segment in WindowView.render_line(app.view, y) if segment.style]
        colours = [colour for style in styles for colour in (style.color, style.bgcolor) if colour]
        assert colours
        assert all(colour.is_system_defined or colour.is_default for colour in colours), colours


async def test_reading_again_draws_only_the_rows_that_changed() -> None:
    source = Numbers(MANY)
    app = ListApp(source)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("home")
        await pilot.pause()
        app.view.drawn.clear()
        app.view.reload()
        await pilot.pause()
        assert app.view.drawn == []
        source.names[4] = "changed"
        app.view.reload()
        await pilot.pause()
        assert set(app.view.drawn) == {3}
        assert "changed" in app.view.text()[3]


async def test_another_source_is_shown_from_a_row_on_or_from_its_end() -> None:
    app = ListApp(Numbers(MANY))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.view.switch(Numbers(500), at=40)
        assert (ids(app.view)[0], app.view.cursor, app.view.following) == (40, 40, False)
        app.view.switch(Numbers(500), at=900)
        assert app.view.cursor == 500
        app.view.switch(Numbers(700))
        assert (app.view.cursor, app.view.following) == (700, True)


async def test_a_list_that_is_visible_whole_has_nothing_to_point_at() -> None:
    app = ListApp(Numbers(5))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert {list(WindowView.render_line(app.view, y))[-1].text for y in range(SIZE[1])} == {"│"}
