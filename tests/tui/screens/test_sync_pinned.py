"""Stories of what stays under an admin's eyes while other runs come and go."""

import pytest
from console_stories import SMALL, TWO_TARGETS, Clock, K, answer, change, console, page, plan_run, start_engine
from sync_stories import MIXED, detail, opened, refresh, summary, waiting

from core.store import Store, Transaction, runs

pytestmark = pytest.mark.usefixtures("utc")


def push(tx: Transaction) -> None:
    """A push under way, with a change."""
    plan_run(tx, [change(K.CREATE_ACCOUNT, "newcomer")], state="applying")


async def test_an_opened_change_stays_until_esc_whatever_runs_come(store: Store, clock: Clock) -> None:
    store.writer.write_now(lambda tx: plan_run(tx, MIXED, state="done"))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("enter")
        store.writer.write_now(push)
        await refresh(pilot, app)
        assert "Change 1 of run 1" in detail(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Run 1  wiki  v done" in summary(app)
        assert "   run 2 is newer: esc goes back to it" in summary(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Run 2  wiki  > applying" in summary(app)
        assert "goes back to it" not in summary(app)


@pytest.mark.parametrize("keys", [["a", "5", "enter"], ["d"], ["a", "escape"]])
async def test_a_plan_that_was_answered_for_stays_though_another_waits(
    store: Store, clock: Clock, keys: list[str]
) -> None:
    def work(tx: Transaction) -> int:
        plan_run(tx, [change(K.CREATE_ACCOUNT)], target="docs")
        return waiting(tx)

    run = store.writer.write_now(work)
    app = console(store, clock, TWO_TARGETS)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press(*keys)
        store.writer.write_now(lambda tx: runs.finish(tx, run, "done"))
        await refresh(pilot, app)
        assert f"Run {run}  wiki  v done" in summary(app)
        assert "   run 1 is waiting: esc goes back to it" in summary(app)
        assert "(a Approve)" in page(app, "footer") or "a Approve" not in page(app, "footer")
        await pilot.press("escape")
        await pilot.pause()
        assert "Run 1  docs  ? waiting" in summary(app)


async def test_the_run_of_an_order_stays_once_it_is_answered(store: Store, clock: Clock) -> None:
    store.writer.write_now(lambda tx: (start_engine(tx), plan_run(tx, [], state="done")))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("s")
        await refresh(pilot, app)
        run = store.writer.write_now(lambda tx: plan_run(tx, [], state="done"))
        answer(store, "done", "Nothing to change.", run)
        await refresh(pilot, app)
        store.writer.write_now(push)
        await refresh(pilot, app)
        assert f"Run {run}  wiki  v done" in summary(app)


async def test_an_order_does_not_take_from_the_admin_what_is_opened_after_it(store: Store, clock: Clock) -> None:
    store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("s", "enter")
        await refresh(pilot, app)
        run = store.writer.write_now(lambda tx: plan_run(tx, [], state="done"))
        answer(store, "done", "Nothing to change.", run)
        await refresh(pilot, app)
        assert "Change 1 of run 1" in detail(app)
