"""What the requests screen makes the store do: bounded work, whatever the length of the log. Nothing here is timed."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from requests_app import NOW, PLAIN, RequestsApp, log
from sqlalchemy import event, insert
from textual.pilot import Pilot

from core.filtering.search import STRIDE
from core.store import Store, tables

SIZE = (80, 24)
EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
COLUMNS = list(EXCHANGES.c.keys())
FEW, MANY = 25_000, 100_000
"""Both are more than what the rates of the head line are counted over."""


@dataclass
class Work:
    """What was read: the statements with their parameters, and how many instructions SQLite's machine executed."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    instructions: int = 0

    @property
    def windows(self) -> list[int]:
        """How many rows each statement that lists exchanges asked for."""
        return [parameters[-2] for statement, parameters in self.statements if "subject" in statement]

    def clear(self) -> None:
        self.statements.clear()
        self.instructions = 0


@contextmanager
def watched(store: Store) -> Iterator[Work]:
    """Watch every reading connection of the store."""
    work = Work()

    def count() -> int:
        work.instructions += 100
        return 0

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_progress_handler(count, 100)

    def executed(_c: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool) -> None:
        if statement != "BEGIN":
            work.statements.append((statement, parameters))

    event.listen(store._reading, "connect", connected)
    event.listen(store._reading, "before_cursor_execute", executed)
    yield work
    event.remove(store._reading, "connect", connected)
    event.remove(store._reading, "before_cursor_execute", executed)


def insert_rows(store: Store, number: int) -> None:
    """So many exchanges without bodies, one of them slow, and one in ten refused."""
    rows = [
        {
            **{column: getattr(PLAIN, column) for column in COLUMNS if hasattr(PLAIN, column)},
            "at": NOW - (number - n),
            "status": 404 if n % 10 == 0 else 200,
            "duration": 2_000_000 if n == 10 else 5,
        }
        for n in range(1, number + 1)
    ]
    store.writer.write_now(lambda tx: tx.execute(insert(EXCHANGES), rows))


async def opening(store: Store, number: int) -> Work:
    insert_rows(store, number)
    with watched(store) as work:
        async with RequestsApp(store).run_test(size=SIZE) as pilot:
            await pilot.pause()
    return work


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_opening_a_long_log_costs_what_opening_a_shorter_one_does(store: Store, tmp_path: Any) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        few, many = await opening(other, FEW), await opening(store, MANY)
    assert many.windows
    assert max(many.windows) <= SIZE[1]
    assert len(many.statements) == len(few.statements) <= 20
    assert many.instructions <= few.instructions * 1.1


async def test_a_tick_reads_the_newest_id_and_one_window_and_an_idle_one_only_the_id(store: Store) -> None:
    insert_rows(store, FEW)
    with watched(store) as work:
        app = RequestsApp(store)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            work.clear()
            app.view.tick()
            assert [statement.split()[1] for statement, _ in work.statements] == ["max(exchanges.id)"]
            log(store, *[PLAIN] * 500)
            work.clear()
            app.view.tick()
            assert (len(work.statements), work.windows) == (2, [app.view.size.height])
            assert app.ids[-1] == FEW + 500


async def test_a_held_view_reads_only_the_newest_id(store: Store) -> None:
    insert_rows(store, FEW)
    with watched(store) as work:
        app = RequestsApp(store)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("up")
            log(store, *[PLAIN] * 500)
            work.clear()
            app.view.tick()
            assert len(work.statements) == 1


async def test_going_anywhere_reads_a_screenful(store: Store) -> None:
    insert_rows(store, FEW)
    with watched(store) as work:
        app = RequestsApp(store)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            for key in ("pageup", "home", "down", "pagedown", "e", "end"):
                work.clear()
                await pilot.press(key)
                await settle(pilot)
                assert sum(work.windows) <= 3 * SIZE[1], key
                assert work.instructions < 20_000, key


async def test_a_common_match_is_found_without_looking_at_the_log(store: Store) -> None:
    insert_rows(store, MANY)
    with watched(store) as work:
        app = RequestsApp(store)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("slash")
            app.bar.open("method:patch")
            work.clear()
            await pilot.press("enter")
            await settle(pilot)
            assert app.ids[-1] == MANY
            assert work.instructions < 40_000  # about a thousand rows of the hundred thousand


async def test_a_rare_match_is_looked_for_in_bounded_ranges_from_the_newest_back(store: Store) -> None:
    insert_rows(store, MANY + 20_000)
    with watched(store) as work:
        app = RequestsApp(store)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("slash")
            app.bar.open("is:slow")
            work.clear()
            await pilot.press("enter")
            await settle(pilot)
            assert app.ids == [10]
            ranges = [parameters[:2] for statement, parameters in work.statements if "BETWEEN" in statement]
            assert ranges == [(70_001, 120_000), (20_001, 70_000), (1, 20_000)]
            assert all(last - first < STRIDE for first, last in ranges)


@pytest.mark.parametrize("text", ["", "status:404"])
async def test_idle_ticks_draw_nothing(store: Store, text: str) -> None:
    insert_rows(store, 1_000)
    app = RequestsApp(store)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        app.bar.open(text)
        await pilot.press("enter")
        await settle(pilot)
        app.shown.show_second()
        await settle(pilot)
        drawn: list[object] = []
        app._display = lambda screen, renderable: drawn.append(renderable)  # type: ignore[method-assign]
        for _ in range(10):
            app.show_news()
            app.shown.show_second()
            await pilot.pause()
        assert drawn == []
