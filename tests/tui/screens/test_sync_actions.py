"""Stories of what an admin does with a run: pausing it, taking a change out of its plan, undoing it, searching it."""

import pytest
from console_stories import (
    LARGE,
    SMALL,
    Clock,
    K,
    answer,
    change,
    console,
    drawn,
    given,
    page,
    plan_run,
    start_engine,
)
from sync_stories import MIXED, opened, progress, refresh, summary, view, waiting

from core.store import Store, StoreError, Transaction, audit, changes, runs
from tui.widgets.words_bar import WordsBar

pytestmark = pytest.mark.usefixtures("utc")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


def under_way(tx: Transaction) -> int:
    """An engine, and a run that it works on."""
    start_engine(tx)
    return plan_run(tx, MIXED, state="applying")


def over(tx: Transaction) -> int:
    """An engine, and a run that is done."""
    start_engine(tx)
    run = plan_run(tx, MIXED, state="applying")
    progress(tx, run, len(MIXED))
    runs.finish(tx, run, "done")
    return run


def states(store: Store, run: int) -> list[changes.State]:
    with store.read() as connection:
        return [stored.state for stored in changes.of_run(connection, run)]


def listed(app: object) -> list[str]:
    return drawn(view(app, "changes")).split("\n")  # type: ignore[arg-type]


def heading(app: object) -> str:
    return view(app, "changes").parent.query(".heading").first().text  # type: ignore[union-attr, attr-defined, arg-type, no-any-return]


@SIZES
async def test_a_run_under_way_pauses_and_goes_on_with_the_same_key(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    run = store.writer.write_now(under_way)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await refresh(pilot, app)
        assert f"pause {run}: asked" in page(app, "flash")
        store.writer.write_now(lambda tx: runs.move(tx, run, "paused"))
        await refresh(pilot, app)
        assert "= paused" in summary(app)
        assert "= Paused before its next change. p lets it go on, X cancels it." in " ".join(summary(app).split())
        await pilot.press("p")
        await refresh(pilot, app)
        assert [(order.kind, order.subject) for order in given(store)] == [("pause", str(run)), ("resume", str(run))]


@pytest.mark.parametrize("state", ["waiting", "verifying", "done"])
async def test_a_run_without_changes_before_it_cannot_pause(store: Store, clock: Clock, state: runs.State) -> None:
    def work(tx: Transaction) -> None:
        start_engine(tx)
        plan_run(tx, MIXED, state=state)

    store.writer.write_now(work)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await refresh(pilot, app)
        assert given(store) == []
        assert "Pause: this run has no changes before it" in page(app, "flash")


async def test_without_an_engine_nothing_is_ordered_about_a_run(store: Store, clock: Clock) -> None:
    run = store.writer.write_now(over)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        clock.now += 60_000
        await pilot.press("u")
        await refresh(pilot, app)
        assert run
        assert given(store) == []
        assert "Undo: no engine is alive" in page(app, "flash")


@SIZES
async def test_the_change_under_the_cursor_is_taken_out_of_the_plan(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("down", "x")
        await refresh(pilot, app)
        assert [place for place, state in enumerate(states(store, run)) if state == "excluded"] == [1]
        assert f"change 2 is out of the plan of run {run}; no later run makes it unasked" in " ".join(
            page(app, "flash").split()
        )
        assert "44 changes wait" in summary(app)
        assert "- excluded" in listed(app)[1]
        assert view(app, "changes").cursor == 2
        with store.read() as connection:
            (entry,) = audit.newest(connection, 5)
        assert (entry.action, entry.subject) == ("exclude", str(run))


async def test_what_needs_a_change_goes_with_it_and_needs_no_engine(store: Store, clock: Clock) -> None:
    plan = [change(K.CREATE_GROUP, "", "Staff"), *(change(K.ADD_MEMBER, name, "Staff") for name in ("ada", "ben"))]
    run = store.writer.write_now(lambda tx: plan_run(tx, [*plan, change(K.UPDATE_ACCOUNT, "cyd")]))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("x")
        await refresh(pilot, app)
        assert states(store, run) == ["excluded", "excluded", "excluded", "planned"]
        assert "with what needs it (2 changes)" in " ".join(page(app, "flash").split())
        await pilot.press("x")
        await refresh(pilot, app)
        assert "not taken out: this change is not planned any more" in page(app, "flash")


async def test_nothing_is_taken_out_of_a_run_that_does_not_wait(store: Store, clock: Clock) -> None:
    run = store.writer.write_now(under_way)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("x")
        await refresh(pilot, app)
        assert set(states(store, run)) == {"planned"}
        assert "Exclude: no plan waits" in page(app, "flash")


@SIZES
async def test_a_run_that_is_over_is_undone_and_the_plan_of_that_is_shown(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    run = store.writer.write_now(over)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("u")
        await refresh(pilot, app)
        assert [(order.kind, order.subject) for order in given(store)] == [("undo", str(run))]
        back = store.writer.write_now(lambda tx: plan_run(tx, [change(K.CREATE_ACCOUNT, "leaver-0")]))
        store.writer.write_now(lambda tx: plan_run(tx, MIXED))
        answer(store, "done", f"Run {back} waits.", back)
        await refresh(pilot, app)
        assert f"Run {back}  wiki  ? waiting" in summary(app), "and not the later one that waits too"


@pytest.mark.parametrize(("done", "reason"), [(False, "this run is not over"), (True, "this run changed nothing")])
async def test_a_run_that_changed_nothing_or_is_not_over_is_not_undone(
    store: Store, clock: Clock, done: bool, reason: str
) -> None:
    run = store.writer.write_now(under_way)
    if done:
        store.writer.write_now(lambda tx: runs.finish(tx, run, "failed"))
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("u")
        await refresh(pilot, app)
        assert given(store) == []
        assert f"Undo: {reason}" in page(app, "flash")


@SIZES
async def test_the_changes_that_have_the_words_are_shown_alone(
    store: Store, clock: Clock, size: tuple[int, int]
) -> None:
    store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"Mover", "space", *"remove", "enter")
        await refresh(pilot, app)
        assert [row.id for row in view(app, "changes").rows] == [43, 44, 45]
        assert 'Run 1, changes with "Mover remove": 3' in heading(app)
        assert app.focused is view(app, "changes")
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "Change 44 of run 1: remove-member mover-1 from Staff" in page_of_change(app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert "Changes of run 1: 45" in heading(app)
        assert view(app, "changes").cursor == 44


def page_of_change(app: object) -> str:
    from sync_stories import detail

    return detail(app)  # type: ignore[arg-type]


async def test_while_words_are_typed_no_key_acts_and_escape_leaves(store: Store, clock: Clock) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"dxu/", "tab")
        await refresh(pilot, app)
        assert given(store) == []
        assert set(states(store, run)) == {"planned"}
        assert app.screen.query_one(WordsBar).is_open
        await pilot.press("escape")
        await refresh(pilot, app)
        assert not app.screen.query_one(WordsBar).is_open
        assert app.focused is view(app, "changes")
        assert len(view(app, "changes").rows) > 3


async def test_a_search_goes_on_in_what_is_planned_meanwhile_and_stays_with_its_run(store: Store, clock: Clock) -> None:
    run = store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"newcomer", "enter")
        await refresh(pilot, app)
        assert view(app, "changes").rows == ()
        assert 'changes with "newcomer": 0' in heading(app)
        added = change(K.CREATE_ACCOUNT, "newcomer")
        store.writer.write_now(lambda tx: changes.plan(tx, run, "wiki", len(MIXED), [added]))
        await refresh(pilot, app)
        await refresh(pilot, app)
        assert [row.id for row in view(app, "changes").rows] == [46]
        store.writer.write_now(lambda tx: (runs.finish(tx, run, "dropped"), plan_run(tx, MIXED)))
        await refresh(pilot, app)
        assert [row.id for row in view(app, "changes").rows] == [46], "another run does not end it"
        await pilot.press("escape", "escape")
        await refresh(pilot, app)
        assert "Changes of run 2: 45" in heading(app)


async def test_what_is_typed_is_never_taken_for_keys_where_there_is_nothing_to_search(
    store: Store, clock: Clock
) -> None:
    store.writer.write_now(start_engine)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"sadu", "enter")
        await refresh(pilot, app)
        assert given(store) == []
        assert view(app, "changes").rows == ()


async def test_a_search_that_cannot_read_the_store_says_so(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreError("no permission to read the store")

    store.writer.write_now(waiting)
    app = console(store, clock)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.press("slash", *"mover")
        with monkeypatch.context() as patch:
            patch.setattr(store, "read", fail)
            await pilot.press("enter")
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert "no permission to read the store" in page(app, "flash")
