from test_plans import plans, statements, walks

from core.planning.changes import Conflict
from core.store import Store, Transaction, conflicts, engines, latest


def found(number: int) -> Conflict:
    return Conflict("C16", f"user:{number}", f"conflict {number}", "", {}, ())


def test_the_latest_engine_is_told_with_when_it_ended(store: Store) -> None:
    with store.read() as connection:
        assert latest.engine(connection) is None
    ended_at = store.writer.write_now(start_two_and_stop_the_last)
    with store.read() as connection:
        newest = latest.engine(connection)
    assert newest is not None
    assert (newest[0].host, newest[1]) == ("new", ended_at)


def start_two_and_stop_the_last(tx: Transaction) -> int:
    engines.start(tx, "old", 1, "0.1", "http://127.0.0.1:1")
    engines.stop(tx, engines.start(tx, "new", 2, "0.1", "http://127.0.0.1:1"))
    return tx.now


def test_open_conflicts_come_newest_first(store: Store) -> None:
    def record(tx: Transaction) -> None:
        conflicts.record(tx, "wiki", 1, [found(number) for number in range(5)], lambda _: True)
        conflicts.record(tx, "wiki", 2, [found(number) for number in range(4)], lambda _: True)

    store.writer.write_now(record)
    with store.read() as connection:
        assert [listed.title for listed in latest.open_conflicts(connection, 3)] == [
            "conflict 3",
            "conflict 2",
            "conflict 1",
        ]


def test_open_conflicts_are_found_by_index_without_sorting(store: Store) -> None:
    with store.read() as connection, statements(connection) as seen:
        latest.open_conflicts(connection, 5)
        assert walks(plans(connection, list(seen))) == []
