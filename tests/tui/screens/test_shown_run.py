"""Which run is shown unasked."""

from console_stories import K, change, plan_run

from core.store import Store, Transaction, runs
from tui.screens.shown_run import important_run, latest_run


def repeats(tx: Transaction, number: int, target: str = "wiki") -> None:
    """Runs that found the plan of run 1 again."""
    for _ in range(number):
        run = runs.start(tx, target, "schedule", "all")
        runs.finish(tx, run, "dropped", "the same plan as run 1, which waits")


def test_a_run_that_found_a_plan_that_waits_already_is_never_the_latest(store: Store) -> None:
    def work(tx: Transaction) -> int:
        run = plan_run(tx, [change(K.CREATE_ACCOUNT)], state="done")
        repeats(tx, 45)
        return run

    run = store.writer.write_now(work)
    with store.read() as connection:
        found = (latest_run(connection), latest_run(connection, "wiki"), important_run(connection))
        assert [each.id if each else None for each in found] == [run] * 3
        assert latest_run(connection, "docs") is None


def test_a_plan_that_was_dropped_for_another_reason_can_be_the_latest(store: Store) -> None:
    def work(tx: Transaction) -> int:
        plan_run(tx, [], state="done")
        run = runs.start(tx, "wiki", "order", "all")
        runs.finish(tx, run, "dropped", "replaced by the plan of run 9")
        return run

    run = store.writer.write_now(work)
    with store.read() as connection:
        latest = latest_run(connection)
    assert latest is not None
    assert latest.id == run


def test_where_there_are_only_repeats_there_is_no_latest_run(store: Store) -> None:
    store.writer.write_now(lambda tx: repeats(tx, 20))
    with store.read() as connection:
        assert latest_run(connection) is None
