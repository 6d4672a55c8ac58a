"""Stories of orders from the sync screen: what is asked before, what is given, and what is answered."""

from collections.abc import Callable

import pytest
from console_stories import (
    LARGE,
    SMALL,
    TWO_TARGETS,
    Clock,
    K,
    answer,
    change,
    console,
    given,
    page,
    plan_run,
    said,
    start_engine,
)
from sync_stories import MIXED, opened, progress, refresh, waiting

from core.store import Store, Transaction, audit, runs
from tui.screens.sync import SyncScreen

pytestmark = pytest.mark.usefixtures("utc")


async def test_approving_needs_the_number_of_what_is_taken_away_and_then_gives_the_order(
    store: Store, clock: Clock
) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a")
        asked = " ".join(said(app).split())
        assert f"Apply the plan of run {run} to wiki?" in asked
        assert "Something is taken away by 5 of them: deactivate-account and remove-member." in asked
        assert "Type 5, then enter, to apply: [ ]" in asked
        await pilot.press("5", "enter")
        await refresh(pilot, app)
        (order,) = given(store)
        assert (order.kind, order.subject, order.state) == ("approve", f"{run} abcdef0123456789", "open")
        with store.read() as connection:
            (entry,) = audit.newest(connection, 5)
        assert (entry.action, entry.subject, entry.who) == ("approve", str(run), order.asked_by)
        assert entry.detail == "wiki, plan abcdef012345: 40 create-account, 2 deactivate-account, 3 remove-member"


@pytest.mark.parametrize("keys", [["enter"], ["escape"], ["4", "enter", "escape"], ["y", "enter", "enter"]])
async def test_an_approval_that_was_not_typed_changes_nothing(store: Store, clock: Clock, keys: list[str]) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", *keys)
        await refresh(pilot, app)
        assert given(store) == []
        assert isinstance(app.screen, SyncScreen)
        assert f"run {run} was not approved; nothing is applied" in page(app, "flash")


async def test_a_plan_that_takes_nothing_away_is_approved_with_a_y(store: Store, clock: Clock) -> None:
    def work(tx: Transaction) -> None:
        start_engine(tx)
        plan_run(tx, [change(K.CREATE_ACCOUNT)])

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("a", "y", "enter")
        await refresh(pilot, app)
        assert [order.kind for order in given(store)] == ["approve"]


async def test_a_plan_is_dropped_without_a_question(store: Store, clock: Clock) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("d")
        await refresh(pilot, app)
        assert [(order.kind, order.subject) for order in given(store)] == [("drop", str(run))]
        assert f"drop {run}: asked" in page(app, "flash")


@pytest.mark.parametrize(("state", "mark"), [("done", "v"), ("refused", "!")])
async def test_the_answer_of_the_engine_is_flashed(store: Store, clock: Clock, state: str, mark: str) -> None:
    store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("s")
        await refresh(pilot, app)
        assert "sync wiki: asked; the plan will wait for you under Sync" in page(app, "flash")
        answer(store, state, "run 9 \x1b[31mwaits")
        await refresh(pilot, app)
        assert page(app, "flash") == f" {mark} 10:27:47 sync wiki: run 9 ␛[31mwaits"


@pytest.mark.parametrize(("state", "mark"), [("failed", "X"), ("cancelled", "!"), ("done", "v"), ("waiting", "v")])
async def test_an_answer_is_marked_by_what_came_of_its_run(
    store: Store, clock: Clock, state: runs.State, mark: str
) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("s")
        await refresh(pilot, app)
        if state != "waiting":
            store.writer.write_now(lambda tx: runs.finish(tx, run, state))
        answer(store, "done", "told", run)
        await refresh(pilot, app)
        assert page(app, "flash") == f" {mark} 10:27:47 sync wiki: told"


async def test_an_answer_that_comes_before_the_order_is_noted_is_flashed(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        write = store.writer.write

        async def answered(order: Callable[[Transaction], int]) -> int:
            number = await write(order)
            answer(store, "refused", "Run 1 is not under way: it is done.")
            app.tick()
            return number

        monkeypatch.setattr(store.writer, "write", answered)
        await pilot.press("d")
        await app.workers.wait_for_complete()
        assert "! 10:27:47 drop 1: Run 1 is not under way: it is done." in page(app, "flash")


async def test_of_several_targets_the_one_to_compare_is_chosen(store: Store, clock: Clock) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock, TWO_TARGETS)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("s", "down", "enter")
        await refresh(pilot, app)
        assert [(order.kind, order.subject) for order in given(store)] == [("sync", "docs")]
        await pilot.press("s", "escape")
        await refresh(pilot, app)
        assert len(given(store)) == 1


async def test_cancelling_asks_and_then_gives_the_order(store: Store, clock: Clock) -> None:
    def work(tx: Transaction) -> int:
        start_engine(tx)
        run = plan_run(tx, MIXED, state="applying")
        progress(tx, run, 40)
        return run

    run = store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("X", "enter")
        await refresh(pilot, app)
        assert given(store) == []
        assert f"run {run} goes on" in page(app, "flash")
        await pilot.press("X")
        assert "What is done stays (40 changes)" in said(app)
        assert "create-account" in said(app)
        await pilot.press("y", "enter")
        await refresh(pilot, app)
        assert [(order.kind, order.subject) for order in given(store)] == [("cancel", str(run))]


@pytest.mark.parametrize(
    ("state", "key", "reason"),
    [
        ("done", "a", "Approve: no plan waits"),
        ("applying", "d", "Drop: no plan waits"),
        ("waiting", "X", "Cancel: this run is not under way"),
    ],
)
async def test_a_key_that_cannot_act_now_says_why(
    store: Store, clock: Clock, state: runs.State, key: str, reason: str
) -> None:
    def work(tx: Transaction) -> None:
        start_engine(tx)
        plan_run(tx, MIXED, state=state)

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=LARGE) as pilot:
        await opened(pilot)
        await pilot.press(key)
        assert reason in page(app, "flash")
        assert f" {key} " not in page(app, "footer")
        assert given(store) == []


async def test_without_an_engine_no_order_is_given(store: Store, clock: Clock) -> None:
    store.writer.write_now(lambda tx: plan_run(tx, MIXED))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        for key in ("s", "a", "d"):
            await pilot.press(key)
            assert "no engine is alive; 1, then g starts one" in page(app, "flash")
        assert given(store) == []
