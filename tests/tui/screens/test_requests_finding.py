"""Finding something again in the requests: filters typed before, filters by name, pausing, and going to a place."""

from dataclasses import replace
from pathlib import Path

import pytest
from requests_app import NOW, PLAIN, SETTINGS, RequestsApp, fill, log
from textual.pilot import Pilot

from core.config.settings import ConsoleSettings
from core.store import Store
from tui.dialogs.filters import FiltersDialog
from tui.widgets.page import Page
from tui.widgets.prompt_bar import PromptBar
from tui.widgets.window_view import WindowView

pytestmark = pytest.mark.usefixtures("utc")

SMALL, LARGE = (80, 24), (160, 48)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def type_into(pilot: Pilot[None], key: str, text: str) -> None:
    await pilot.press(key, *["space" if letter == " " else letter for letter in text], "enter")
    await settle(pilot)


def prompt(app: RequestsApp) -> PromptBar:
    return app.shown.query_one(PromptBar)


@SIZES
async def test_up_and_down_bring_back_what_was_typed_in_another_session(store: Store, size: tuple[int, int]) -> None:
    fill(store, 3)
    for text in ("id:1", "id:2"):
        app = RequestsApp(store)
        async with app.run_test(size=size) as pilot:
            await type_into(pilot, "slash", text)
            assert app.ids == [int(text[-1])]
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.press("slash", "up", "up")
        assert app.bar.text == "id:1"
        await pilot.press("down", "enter")
        await settle(pilot)
        assert app.ids == [2]


async def test_tab_completes_names_and_values_that_the_log_has(store: Store) -> None:
    log(store, replace(PLAIN, subject="Ada Lovelace"), replace(PLAIN, subject="grace@example.com"))
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("slash", *"par", "tab", "w", "tab", "space", *"sub", "tab", "a", "tab")
        assert app.bar.text == 'party:wiki subject:"Ada Lovelace"'


@SIZES
async def test_a_filter_gets_a_name_is_chosen_by_it_and_deleted(store: Store, size: tuple[int, int]) -> None:
    fill(store, 9)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await type_into(pilot, "slash", "id:3")
        await type_into(pilot, "N", "the third")
        assert app.flashed == '"the third" is id:3 from now on; F has it'.replace(" from now on", "")
        await pilot.press("escape")
        assert len(app.ids) == 9
        await pilot.press("F")
        await pilot.pause()
        assert isinstance(app.screen, FiltersDialog)
        await pilot.press("enter")
        await settle(pilot)
        assert app.ids == [3]
        await pilot.press("F", "d")
        await pilot.pause()
        assert "v the third is deleted; it was: id:3" in app.screen.query_one(Page).text
        await pilot.press("escape", "F")
        assert app.flashed == "no filter has a name yet: set one, and N gives it a name"


async def test_a_name_that_is_none_is_refused_until_it_is_mended(store: Store) -> None:
    fill(store, 3)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_into(pilot, "slash", "id:3")
        await type_into(pilot, "N", " ")
        assert prompt(app).is_open
        assert "! type a name, such as failures" in prompt(app).hints
        await pilot.press(*"slashN", "enter")
        assert '"slashN" is id:3; F has it' in app.flashed


async def test_without_a_filter_there_is_nothing_to_name(store: Store) -> None:
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("N")
        assert "no filter is set" in app.flashed


async def test_filters_of_the_configuration_are_offered_and_not_deleted_here(store: Store) -> None:
    fill(store, 9)
    settings = replace(SETTINGS, console=ConsoleSettings(filters={"second": "id:2"}))
    app = RequestsApp(store, settings)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("F", "d")
        await pilot.pause()
        assert "second is every admin's: take it out of [console.filters]" in app.screen.query_one(Page).text
        assert [row.cells[0].text for row in app.screen.query_one(WindowView).rows] == ["second"]
        await pilot.press("enter")
        await settle(pilot)
        assert app.ids == [2]


def damage(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("a = ")


async def test_a_damaged_file_of_filters_is_told(store: Store) -> None:
    app = RequestsApp(store)
    damage(store.backend.path.parent / "config" / "manciple" / "filters.toml")
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("F")
        assert "filters.toml cannot be read" in app.flashed


@SIZES
async def test_pausing_holds_the_rows_and_counts_what_comes_and_nothing_is_lost(
    store: Store, size: tuple[int, int]
) -> None:
    fill(store, 100)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.press("p")
        held = app.ids
        log(store, *[PLAIN] * 30)
        app.show_news()
        assert (app.ids, app.view.cursor) == (held, 100)
        assert "30 new" in app.head
        await pilot.press("p")
        assert app.view.cursor == 130
        assert app.head.startswith(" FOLLOW")


@SIZES
@pytest.mark.parametrize(
    ("typed", "cursor"),
    [("57", 57), ("10:27:00", 253), ("10s", 290), ("2026-08-24 10:25", 133), ("1", 1)],
)
async def test_going_to_a_number_or_a_time(store: Store, size: tuple[int, int], typed: str, cursor: int) -> None:
    fill(store, 300)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await type_into(pilot, "g", typed)
        assert app.view.cursor == cursor
        assert cursor in app.ids
        assert "HELD" in app.head
        assert not prompt(app).is_open


async def test_going_somewhere_under_a_filter_goes_to_its_nearest_match(store: Store) -> None:
    fill(store, 300)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_into(pilot, "slash", "id:10|200")
        await type_into(pilot, "g", "150")
        assert app.view.cursor == 200
        await type_into(pilot, "g", "11")
        assert app.view.cursor == 10


@pytest.mark.parametrize(
    ("typed", "said"),
    [("4711", "the log has 1 to 300, and not 4,711"), ("0", "the log has 1 to 300"), ("2026-08-25", "nothing began")],
)
async def test_a_place_beyond_the_log_is_told_and_the_view_stays(store: Store, typed: str, said: str) -> None:
    fill(store, 300)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_into(pilot, "g", typed)
        assert said in app.flashed
        assert app.view.cursor == 300


async def test_what_is_no_place_is_refused_and_esc_leaves_the_line(store: Store) -> None:
    fill(store, 3)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_into(pilot, "g", "25:99")
        assert '! "25:99" is no number and no time' in prompt(app).hints
        await pilot.press("escape")
        assert not prompt(app).is_open
        await pilot.press("up")
        assert app.view.cursor == 2


@pytest.mark.parametrize(("size", "has_lines"), [((80, 24), False), ((80, 40), True), ((160, 48), True)])
async def test_rates_latency_and_failures_have_lines_where_there_is_room(
    store: Store, size: tuple[int, int], has_lines: bool
) -> None:
    log(store, *[replace(PLAIN, at=NOW - 3_000, status=503)] * 20)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert ("X 20/min" in app.head) is has_lines
        assert ("in 2.0/s  out quiet" in app.head) is not has_lines
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "X 20/min" not in app.head
