"""Plans that wait are edited, and known by another hash after each edit."""

from dataclasses import replace

import pytest

from core.planning.changes import Because, Change, ChangeKind, Hold
from core.store import Store, changes, holds, runs, waiting
from core.store.changes import Stored
from core.store.runs import Run


def change(name: str) -> Change:
    return Change(ChangeKind.DEACTIVATE_ACCOUNT, Because("gone", "users.when_inactive"), account=name, account_id=name)


def hold(brake: str, *names: str, text: str = "too many", approvable: bool = True) -> Hold:
    return Hold(brake, text, tuple(change(name).key for name in names), names, "none", approvable)


@pytest.fixture
def run(store: Store) -> int:
    def begin(tx: runs.Transaction) -> int:
        number = runs.start(tx, "wiki", "push", "held")
        changes.plan(tx, number, "wiki", 0, [change("ada"), change("ben")])
        runs.note_plan(tx, number, 2, 0, "first", ())
        runs.note_holds(tx, number, [hold("brakes.deactivate", "ada", "ben")])
        runs.move(tx, number, "waiting")
        return number

    return store.writer.write_now(begin)


def found(store: Store, run: int) -> Run:
    with store.read() as connection:
        it = runs.find(connection, run)
    assert it is not None
    return it


def held(store: Store, run: int) -> tuple[Hold, ...]:
    with store.read() as connection:
        return holds.whole(connection, run, found(store, run).holds)


def stored(store: Store, run: int) -> list[Stored]:
    with store.read() as connection:
        return changes.of_run(connection, run)


def test_what_is_added_comes_last_and_is_held_with_the_rest(store: Store, run: int) -> None:
    more = [hold("brakes.deactivate", "cyd", text="three are too many")]
    assert store.writer.write_now(lambda tx: waiting.add(tx, run, [change("cyd")], more))
    after = found(store, run)
    assert [each.change.account for each in stored(store, run)] == ["ada", "ben", "cyd"]
    assert (after.planned, after.plan_hash == "first") == (3, False)
    assert held(store, run) == (hold("brakes.deactivate", "ada", "ben", "cyd", text="three are too many"),)


def test_what_a_brake_holds_already_is_held_once(store: Store, run: int) -> None:
    again = [hold("brakes.deactivate", "ben", "cyd", "cyd")]
    store.writer.write_now(lambda tx: waiting.add(tx, run, [change("cyd")], again))
    (only,) = held(store, run)
    assert only.keys == hold("brakes.deactivate", "ada", "ben", "cyd").keys
    assert [each.number for each in found(store, run).holds] == [3]


def test_what_is_taken_out_is_held_no_longer(store: Store, run: int) -> None:
    ada = stored(store, run)[:1]
    assert store.writer.write_now(lambda tx: waiting.take_out(tx, run, ada, "excluded", "taken out by bob")) == 1
    after = found(store, run)
    assert [each.state for each in stored(store, run)] == ["excluded", "planned"]
    assert (after.planned, [each.number for each in after.holds]) == (1, [1])
    assert [each.keys for each in held(store, run)] == [(change("ben").key,)]


def test_a_brake_that_holds_nothing_any_more_is_gone_and_others_hold_what_they_held(store: Store, run: int) -> None:
    other = hold("brakes.update", "ada", "ben")
    store.writer.write_now(lambda tx: runs.note_holds(tx, run, [hold("brakes.deactivate", "ada"), other]))
    ada = stored(store, run)[:1]
    store.writer.write_now(lambda tx: waiting.take_out(tx, run, ada, "dropped", "not needed"))
    assert held(store, run) == (replace(other, keys=(change("ben").key,)),)
    store.writer.write_now(lambda tx: waiting.add(tx, run, [change("cyd")], [hold("brakes.delete", "cyd")]))
    assert [(each.brake, each.keys) for each in held(store, run)] == [
        ("brakes.update", (change("ben").key,)),
        ("brakes.delete", (change("cyd").key,)),
    ]


def test_each_edit_gives_another_hash_and_the_same_edits_the_same(store: Store, run: int) -> None:
    hashes = [found(store, run).plan_hash]
    for each in stored(store, run)[:1] * 2:
        store.writer.write_now(lambda tx, each=each: waiting.take_out(tx, run, [each], "dropped", "not needed"))
        hashes.append(found(store, run).plan_hash)
    assert hashes[0] != hashes[1] == hashes[2]  # the second time there was nothing to take out


def test_a_plan_that_loses_its_last_change_is_dropped(store: Store, run: int) -> None:
    both = stored(store, run)
    store.writer.write_now(lambda tx: waiting.take_out(tx, run, both, "dropped", "not needed"))
    assert (found(store, run).state, found(store, run).error) == ("dropped", "not needed")


def test_a_plan_that_does_not_wait_is_not_edited(store: Store, run: int) -> None:
    store.writer.write_now(lambda tx: runs.approve(tx, run, "bob"))
    assert not store.writer.write_now(lambda tx: waiting.add(tx, run, [change("cyd")], ()))
    both = stored(store, run)
    assert store.writer.write_now(lambda tx: waiting.take_out(tx, run, both, "dropped", "")) is None
    assert [each.state for each in stored(store, run)] == ["planned", "planned"]


def test_holds_of_one_brake_are_one_but_for_each_group_by_itself(store: Store, run: int) -> None:
    crew, deck = "'Crew' would lose 2 of 3.", "'Deck' would lose 2 of 3."
    of_group = "brakes.remove_member_of_group"
    both = [hold(of_group, "ada", text=crew), hold(of_group, "ada", text=deck)]
    store.writer.write_now(lambda tx: runs.note_holds(tx, run, both))
    more = hold(of_group, "ben", text="'Crew' would lose 3 of 3.")
    store.writer.write_now(lambda tx: waiting.add(tx, run, [], [more]))
    assert held(store, run) == (
        hold(of_group, "ada", text=deck),
        hold(of_group, "ada", "ben", text="'Crew' would lose 3 of 3."),
    )


def test_what_nobody_may_approve_stays_so_when_more_is_held(store: Store, run: int) -> None:
    never = hold("brakes.min_admins", "ada", approvable=False)
    store.writer.write_now(lambda tx: runs.note_holds(tx, run, [never]))
    store.writer.write_now(lambda tx: waiting.add(tx, run, [], [hold("brakes.min_admins", "ben")]))
    assert [each.approvable for each in found(store, run).holds] == [False]
