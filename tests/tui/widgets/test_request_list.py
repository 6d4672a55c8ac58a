from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from core.exchange import Exchange
from core.filtering import parse
from core.filtering.search import Search
from core.store import Store
from tui.request_source import Matches, RequestLog
from tui.widgets.request_list import RequestList

SIZE = (80, 10)
PLAIN = Exchange("in", "entra", 1_000, 12_000, "PATCH", "/Users/42", 200, "ada", "ok")


class ListApp(App[None]):
    def __init__(self, store: Store) -> None:
        super().__init__()
        self.log_of_store = RequestLog(store)
        self.view = RequestList(self.log_of_store)

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()

    @property
    def ids(self) -> list[int]:
        return [row.id for row in self.view.rows]

    def matches(self, text: str, start: int) -> Matches:
        search = Search(parse(text, 0), start)
        found = Matches(self.log_of_store, search)
        while step := search.back(1):
            search.take(step, self.log_of_store.read(lambda connection, step=step: search.look(connection, step), []))
        return found


def log(store: Store, *exchanges: Exchange) -> None:
    store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in exchanges])


def errors(number: int, every: int) -> list[Exchange]:
    return [replace(PLAIN, status=404 if index % every == 0 else 200) for index in range(1, number + 1)]


async def test_it_goes_to_a_row_out_of_sight_and_puts_it_in_the_middle(store: Store) -> None:
    log(store, *errors(100, 5))
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.view.go_to(40)
        assert (app.ids, app.view.cursor, app.view.following) == (list(range(35, 45)), 40, False)


@pytest.mark.parametrize(("number", "rows"), [(2, range(1, 11)), (99, range(91, 101)), (500, range(91, 101))])
async def test_near_an_end_the_view_stays_full(store: Store, number: int, rows: range) -> None:
    log(store, *errors(100, 5))
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("home")
        app.view.go_to(50)
        app.view.go_to(number)
        assert (app.ids, app.view.cursor) == (list(rows), min(number, 100))


async def test_a_row_in_sight_is_gone_to_without_moving_the_others(store: Store) -> None:
    log(store, *errors(100, 5))
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.view.go_to(95)
        assert (app.ids, app.view.cursor) == (list(range(91, 101)), 95)


async def test_matches_take_the_place_of_the_log_around_the_same_row_on_the_same_line(store: Store) -> None:
    log(store, *errors(500, 5))
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.view.go_to(250)
        await pilot.press("up", "up", "down", "down")
        line = app.ids.index(250)
        app.view.show_source(app.matches("status:404", 500))
        assert app.ids[line] == app.view.cursor == 250
        assert app.ids == [250 + 5 * step for step in range(-line, 10 - line)]
        app.view.show_source(app.log_of_store)
        assert app.ids[line] == app.view.cursor == 250
        assert app.ids == list(range(250 - line, 260 - line))


async def test_a_row_that_does_not_match_gives_way_to_its_nearest_neighbour(store: Store) -> None:
    log(store, *errors(500, 5))
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.view.go_to(251)
        app.view.show_source(app.matches("status:404", 500))
        assert app.view.cursor == 250


async def test_following_it_shows_the_newest_matches_and_new_ones_as_they_come(store: Store) -> None:
    log(store, *errors(100, 5))
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.view.show_source(app.matches("status:404", 100))
        assert app.ids == list(range(55, 101, 5))
        log(store, *errors(10, 10))
        app.view.tick()
        assert app.ids == [*range(60, 101, 5), 110]


async def test_it_remembers_where_it_was_held(store: Store) -> None:
    log(store, *errors(100, 5))
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("up")
        log(store, PLAIN, PLAIN)
        app.view.tick()
        assert (app.view.held_at, app.log_of_store.newest) == (100, 102)


async def test_an_empty_list_says_why_until_a_row_comes(store: Store) -> None:
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        app.view.empty_text = "nothing yet \x1b"
        await pilot.pause()
        assert app.view.render_line(0).text.strip() == "nothing yet ␛"
        log(store, PLAIN)
        app.view.tick()
        assert "nothing" not in app.view.render_line(0).text


async def test_a_store_that_cannot_be_read_leaves_the_rows_and_says_why(store: Store, tmp_path: Path) -> None:
    log(store, *errors(20, 5))
    app = ListApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        before = app.ids
        store._reading.dispose()
        (tmp_path / "manciple.db").rename(tmp_path / "gone.db")
        for suffix in ("-wal", "-shm"):
            (tmp_path / f"manciple.db{suffix}").unlink(missing_ok=True)
        (tmp_path / "manciple.db").write_bytes(b"no database, but text" * 100)
        app.view.tick()
        assert app.ids == before
        assert "not a database" in app.log_of_store.problem
