import pytest

from core.planning.changes import Hold
from core.store import Store, holds, runs
from core.store.runs import Run


def started(store: Store, target: str = "wiki", scope: str = "all") -> int:
    return store.writer.write_now(lambda tx: runs.start(tx, target, "order", scope, "ada@console"))


def found(store: Store, number: int) -> Run:
    with store.read() as connection:
        run = runs.find(connection, number)
    assert run is not None
    return run


def held_whole(store: Store, number: int) -> tuple[Hold, ...]:
    with store.read() as connection:
        return holds.whole(connection, number, found(store, number).holds)


def finished(store: Store, number: int, state: runs.State, error: str | None = None) -> bool:
    return store.writer.write_now(lambda tx: runs.finish(tx, number, state, error))


def test_a_run_begins_with_reading_and_notes_what_it_reads_and_plans(store: Store) -> None:
    number = started(store)
    assert (found(store, number).state, found(store, number).asked_by) == ("reading", "ada@console")
    store.writer.write_now(lambda tx: runs.note_read(tx, number, 120))
    store.writer.write_now(lambda tx: runs.note_plan(tx, number, 5, 2, "abc", ["Left out: nothing."]))
    run = found(store, number)
    assert (run.read, run.planned, run.conflicts, run.plan_hash) == (120, 5, 2, "abc")
    assert run.sentences == ("Left out: nothing.",)


def test_a_run_ends_once_and_stays_as_it_ended(store: Store) -> None:
    number = started(store)
    assert finished(store, number, "failed", "the first reason")
    assert not finished(store, number, "done")
    run = found(store, number)
    assert (run.state, run.error, run.is_over) == ("failed", "the first reason", True)


def test_changes_that_are_over_add_up(store: Store) -> None:
    number = started(store)
    for done, failed in ((1, 0), (1, 0), (0, 1)):
        store.writer.write_now(lambda tx, done=done, failed=failed: runs.count(tx, number, done, failed))
    assert (found(store, number).done, found(store, number).failed) == (2, 1)


def test_a_move_changes_only_what_is_given(store: Store) -> None:
    number = started(store, scope="1 key")
    store.writer.write_now(lambda tx: runs.move(tx, number, "applying", approved_by="bob", scope="3 keys"))
    store.writer.write_now(lambda tx: runs.move(tx, number, "planning"))
    run = found(store, number)
    assert (run.state, run.approved_by, run.scope) == ("planning", "bob", "3 keys")


@pytest.mark.parametrize("state", ["reading", "planning", "applying", "done", "failed", "cancelled", "dropped"])
def test_only_a_plan_that_waits_can_be_approved_or_refused(store: Store, state: runs.State) -> None:
    number = started(store)
    if state in runs.OVER:
        finished(store, number, state)
    else:
        store.writer.write_now(lambda tx: runs.move(tx, number, state))
    assert not store.writer.write_now(lambda tx: runs.approve(tx, number, "bob"))
    assert not store.writer.write_now(lambda tx: runs.refuse(tx, number, "no"))
    assert (found(store, number).state, found(store, number).approved_by) == (state, None)


def test_a_plan_that_waits_is_approved_or_refused_and_then_not_again(store: Store) -> None:
    approved, refused = started(store), started(store)
    for number in (approved, refused):
        store.writer.write_now(lambda tx, number=number: runs.move(tx, number, "waiting"))
    assert store.writer.write_now(lambda tx: runs.approve(tx, approved, "bob"))
    assert store.writer.write_now(lambda tx: runs.refuse(tx, refused, "not today"))
    assert not store.writer.write_now(lambda tx: runs.approve(tx, refused, "bob"))
    assert (found(store, approved).state, found(store, approved).approved_by) == ("applying", "bob")
    assert (found(store, refused).state, found(store, refused).error) == ("dropped", "not today")
    assert found(store, refused).finished_at is not None


def test_runs_are_listed_newest_first_of_all_targets_or_of_one(store: Store) -> None:
    numbers = [started(store, target) for target in ("wiki", "jira", "wiki")]
    with store.read() as connection:
        assert [run.id for run in runs.newest(connection, 2)] == [numbers[2], numbers[1]]
        assert [run.id for run in runs.newest(connection, 9, "wiki")] == [numbers[2], numbers[0]]
        assert [run.id for run in runs.window(connection, numbers[1], 1, 1)] == numbers[:2]
        assert runs.find(connection, 77) is None


def test_the_last_whole_run_is_the_latest_of_everything_that_did_not_fail(store: Store) -> None:
    with store.read() as connection:
        assert runs.last_whole(connection, "wiki") is None
    first = started(store)
    finished(store, started(store), "failed")
    started(store, scope="3 keys")
    started(store, "jira")
    with store.read() as connection:
        last = runs.last_whole(connection, "wiki")
    assert last is not None
    assert last.id == first


def test_runs_of_some_states_are_listed_oldest_first(store: Store) -> None:
    numbers = [started(store) for _ in range(3)]
    finished(store, numbers[1], "done")
    with store.read() as connection:
        assert [run.id for run in runs.in_states(connection, runs.UNDER_WAY, "wiki")] == [numbers[0], numbers[2]]
        assert runs.in_states(connection, runs.UNDER_WAY, "jira") == []


def test_the_brakes_that_hold_a_run_are_kept_whole_and_may_be_lifted(store: Store) -> None:
    number = started(store)
    brakes = [
        Hold("brakes.deactivate", "60 of 100.", ("deactivate-account|ada|",), ("ada",), "Group Crew is gone."),
        Hold("brakes.min_admins", "None would be left.", (), (), "", approvable=False),
    ]
    store.writer.write_now(lambda tx: runs.note_holds(tx, number, brakes))
    assert [(each.brake, each.number) for each in found(store, number).holds] == [
        ("brakes.deactivate", 1),
        ("brakes.min_admins", 0),
    ]
    assert held_whole(store, number) == tuple(brakes)
    store.writer.write_now(lambda tx: runs.note_holds(tx, number, []))
    assert found(store, number).holds == ()
    assert held_whole(store, number) == ()


def test_a_run_says_how_much_it_has_to_read_and_what_stood_at_its_end(store: Store) -> None:
    number = started(store)
    assert (found(store, number).to_read, found(store, number).verified) == (None, 0)
    store.writer.write_now(lambda tx: runs.note_to_read(tx, number, 900))
    store.writer.write_now(lambda tx: runs.note_verified(tx, number, 8, 1))
    run = found(store, number)
    assert (run.to_read, run.verified, run.differing) == (900, 8, 1)


def test_an_undoing_says_what_it_undoes_what_it_had_seen_and_since_when_it_counts_no_more(store: Store) -> None:
    number = started(store)
    store.writer.write_now(lambda tx: runs.note_undoes(tx, number, 7))
    store.writer.write_now(lambda tx: runs.note_seen(tx, number, 4711))
    assert (found(store, number).undoes, found(store, number).seen) == (7, 4711)
    assert found(store, number).released_at is None
    store.writer.write_now(lambda tx: runs.release(tx, number))
    assert found(store, number).released_at is not None
