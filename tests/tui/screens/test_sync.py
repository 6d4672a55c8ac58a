"""Stories of what the sync screen shows, at the size of a plain terminal and of a wide one."""

from dataclasses import replace

import pytest
from console_stories import (
    HOSTILE,
    LARGE,
    SMALL,
    Clock,
    K,
    change,
    conflict,
    console,
    drawn,
    page,
    plan_run,
    start_engine,
)
from sync_stories import MIXED, detail, opened, progress, refresh, summary, view, waiting

from core.exchange import Exchange
from core.store import Store, StoreError, Transaction, changes, conflicts, runs
from tui.widgets.scroll import Scroll

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


@SIZES
async def test_where_there_is_no_run_it_says_how_to_get_one(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert summary(app).startswith(" No run yet. s compares a target with the rules")
        assert view(app, "changes").rows == ()


@SIZES
async def test_a_waiting_plan_says_what_it_would_do_and_how_to_approve(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        text = " ".join(summary(app).split())
        assert f"Run {run} wiki ? waiting all, ordered by ada@adm-01" in text
        assert "? 45 changes wait. a applies exactly this plan, d drops it." in text
        assert "planned: 40 create-account, 2 deactivate-account, 3 remove-member" in text
        assert "- Left out, because users.username does not match: 3 users: x, y and z" in text
        assert "3 Sync(1)" in page(app, "title")
        assert drawn(view(app, "changes")).splitlines()[0].startswith(">      1   planned  deactivate-account leaver-0")


@SIZES
async def test_a_run_under_way_shows_its_progress_pace_and_time_left(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    def work(tx: Transaction) -> int:
        start_engine(tx)
        return plan_run(tx, MIXED, state="applying")

    run = store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert "0 of 45  0 %" in summary(app)
        clock.now += 5000
        store.writer.write_now(lambda tx: progress(tx, run, 20, 1))
        await refresh(pilot, app)
        text = " ".join(summary(app).split())
        assert "21 of 45 46 % 4.2/s ~5 s left X 1 failed" in text
        assert "planned done failed" in text
        assert "create-account 21 18 1" in text
        assert "deactivate-account . 2 ." in text
        assert "remove-member 3 . ." in text


@SIZES
async def test_a_change_is_opened_with_its_reason_its_states_and_its_exchanges(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    def work(tx: Transaction) -> None:
        cause = tx.log(Exchange("in", "entra", tx.now - 5000, 1000, "PATCH", "/Users/1", 204, outcome="updated"))
        first = change(K.DEACTIVATE_ACCOUNT, "grace")
        renamed: tuple[dict[str, str | bool | None], ...] = ({"display_name": "Grace"}, {"display_name": "Ada"})
        first = replace(first, before={**first.before, **renamed[0]}, after={**first.after, **renamed[1]})
        run = plan_run(tx, [replace(first, because=replace(first.because, exchange=cause))], state="applying")
        (stored,) = changes.of_run(tx.connection, run)
        tx.log(Exchange("out", "wiki", tx.now, 12_000, "PUT", "/rest/user", 409, outcome="conflict", change=stored.id))
        progress(tx, run, 0, 1)

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        await pilot.pause()
        text = " ".join(detail(app).split())
        assert "Change 1 of run 1: deactivate-account grace" in text
        assert "state X failed, 10:27:47" in text
        assert "why grace is planned so" in text
        assert "rule users.create" in text
        assert "error 409: it exists already" in text
        assert "~ active yes no" in text
        assert "~ display_name Grace Ada" in text
        assert "caused by 10:27:42 v 204 PATCH /Users/1 1 ms updated" in text
        assert "exchanges 10:27:47 X 409 PUT /rest/user 12 ms conflict" in text
        await pilot.press("escape")
        assert app.focused is view(app, "changes")


async def test_on_a_wide_screen_the_opened_change_follows_the_cursor(store: Store, clock: Clock) -> None:
    store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press("enter", "tab", "down", "down")
        await pilot.pause()
        assert "Change 3 of run 1: create-account joiner-0" in detail(app)


@SIZES
async def test_cursor_and_place_survive_what_is_committed(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("pagedown", "down", "down")
        before = (view(app, "changes").cursor, view(app, "changes").top)
        assert before[0] > 3
        store.writer.write_now(lambda tx: runs.move(tx, run, "applying"))
        store.writer.write_now(lambda tx: progress(tx, run, 8))
        await refresh(pilot, app)
        await pilot.press("1", "3")
        await pilot.pause()
        assert (view(app, "changes").cursor, view(app, "changes").top) == before
        assert "v done" in drawn(view(app, "changes")) or before[1] > 8


@SIZES
async def test_tab_goes_through_the_panes_and_an_older_run_is_opened(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    def work(tx: Transaction) -> None:
        plan_run(tx, [change(K.CREATE_GROUP, "", "Staff")], state="done")
        plan_run(tx, MIXED)

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("tab")
        await pilot.pause()
        assert app.focused is view(app, "runs")
        listed = drawn(view(app, "runs"))
        assert "*2 ? waiting   wiki         10:27:47    45 changes, ordered by ada@adm-01"[:60] in listed
        await pilot.press("up", "enter")
        await pilot.pause()
        assert "Run 1  wiki  v done" in summary(app)
        assert app.focused is view(app, "changes")
        assert [row.id for row in view(app, "changes").rows] == [1]
        await pilot.press("escape")
        await pilot.pause()
        assert "Run 2  wiki  ? waiting" in summary(app)


async def test_pushes_do_not_take_a_waiting_plan_from_under_ones_eyes(store: Store, clock: Clock) -> None:
    def push(tx: Transaction) -> None:
        run = runs.start(tx, "wiki", "push", "1 key")
        runs.finish(tx, run, "done")
        runs.start(tx, "wiki", "push", "2 keys")

    store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        store.writer.write_now(push)
        await refresh(pilot, app)
        assert "Run 1  wiki  ? waiting" in summary(app)
        store.writer.write_now(lambda tx: plan_run(tx, [], state="reading"))
        await refresh(pilot, app)
        assert "Run 4  wiki  > reading" in summary(app)


async def test_a_plan_that_comes_while_the_run_is_shown_is_shown_from_its_beginning(store: Store, clock: Clock) -> None:
    run = store.writer.write_now(lambda tx: plan_run(tx, [], state="reading"))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert "1,292 objects read" in summary(app)

        def planned(tx: Transaction) -> None:
            changes.plan(tx, run, "wiki", 0, MIXED)
            runs.note_plan(tx, run, len(MIXED), 0, "abc", [])
            runs.move(tx, run, "waiting")

        store.writer.write_now(planned)
        await refresh(pilot, app)
        assert view(app, "changes").cursor == 1
        assert "45 changes wait" in summary(app)


async def test_all_open_conflicts_are_listed_also_where_the_run_is_over(store: Store, clock: Clock) -> None:
    def work(tx: Transaction) -> None:
        run = plan_run(tx, MIXED, conflicts=4)
        found = [replace(conflict(f"conflict {n}"), subject=f"user:{n}") for n in range(4)]
        conflicts.record(tx, "wiki", run, found, lambda _: True)

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        text = " ".join(summary(app).split())
        assert "! 4 conflicts open at wiki; answer them in Conflicts" in text
        for n in range(4):
            assert f"C16 conflict {n} Both would take it." in text
        store.writer.write_now(lambda tx: runs.finish(tx, 1, "dropped"))
        await refresh(pilot, app)
        text = " ".join(summary(app).split())
        assert "! 4 conflicts found ! 4 conflicts open at wiki" in text
        store.writer.write_now(lambda tx: conflicts.close(tx, [1, 2]))
        await refresh(pilot, app)
        assert "! 2 conflicts open at wiki" in summary(app)
        assert "conflict 1" not in summary(app)
        assert "conflict 3" in summary(app)


async def test_many_open_conflicts_are_reached_by_scrolling(store: Store, clock: Clock) -> None:
    def work(tx: Transaction) -> None:
        run = plan_run(tx, MIXED)
        found = [replace(conflict(f"conflict {n}"), subject=f"user:{n}") for n in range(1002)]
        conflicts.record(tx, "wiki", run, found, lambda _: True)

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("tab", "tab", "end")
        await pilot.pause()
        assert summary(app).endswith("C16  conflict 999\n       Both would take it.\n     and 2 more")
        scroll = app.screen.query_one("#summary", Scroll)
        assert scroll.scroll_offset.y == scroll.max_scroll_y > 1900


@SIZES
async def test_hostile_names_stay_plain_text(store: Store, clock: Clock, size: tuple[int, int]) -> None:
    store.writer.write_now(lambda tx: plan_run(tx, [change(K.ADD_MEMBER, name, name) for name in HOSTILE]))
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        listed = drawn(view(app, "changes"))
        for shown in ("␛]0;owned␇evil to ␛", "[red]bob[/red]", "\ufffdecila", "山田太郎 to 山田太郎", "حداد"):
            assert shown in listed
        await pilot.press("enter")
        await pilot.pause()
        assert "add-member ␛]0;owned␇evil" in detail(app)
        assert (listed + detail(app)).replace("\n", "").isprintable()


async def test_where_the_store_cannot_be_read_it_says_so_and_goes_on(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreError("no permission to read the store")

    store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        with monkeypatch.context() as patch:
            patch.setattr(store, "read", fail)
            await pilot.press("pagedown", "down", "enter", "tab", "home", "a")
            assert "no permission to read the store" in page(app, "flash")
        await pilot.press("escape")
        await refresh(pilot, app)
        assert view(app, "changes").rows
