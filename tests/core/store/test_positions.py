from test_plans import plans, statements, walks

from core.planning.changes import Because, Change, ChangeKind
from core.store import Store, Transaction, changes, positions, runs


def planned(tx: Transaction, number: int, first: int = 0, run: int | None = None) -> int:
    """A run with so many changes; returns its number."""
    run = runs.start(tx, "wiki", "order", "all") if run is None else run
    listed = [Change(ChangeKind.CREATE_GROUP, Because("", ""), group=f"g{first + n}") for n in range(number)]
    changes.plan(tx, run, "wiki", first, listed)
    return run


def two_runs_planned_in_turns(tx: Transaction) -> tuple[int, int]:
    first, second = planned(tx, 3), planned(tx, 2)
    planned(tx, 3, 3, first)
    return first, second


def test_a_run_is_read_by_position_whatever_was_planned_between(store: Store) -> None:
    first, second = store.writer.write_now(two_runs_planned_in_turns)
    with store.read() as connection:
        assert [c.group_name for c in positions.window(connection, first, 2, 3)] == ["g2", "g3", "g4"]
        assert [c.group_name for c in positions.window_ending(connection, first, 3, 2)] == ["g2", "g3"]
        assert [c.position for c in positions.window(connection, second, 0, 99)] == [0, 1]
        assert positions.window(connection, first, 6, 9) == []
        assert positions.window_ending(connection, first, -1, 9) == []


def test_the_last_position_is_known_where_there_is_one(store: Store) -> None:
    first, second = store.writer.write_now(two_runs_planned_in_turns)
    with store.read() as connection:
        assert [positions.last(connection, run) for run in (first, second, 99)] == [5, 1, None]


def test_windows_and_ends_are_found_by_index_without_sorting(store: Store) -> None:
    with store.read() as connection:
        with statements(connection) as seen:
            positions.window(connection, 1, 50, 20)
            positions.window_ending(connection, 1, 50, 20)
            positions.last(connection, 1)
        assert walks(plans(connection, list(seen))) == []
