"""What open conflicts turn on: by it those are found whom something may free."""

from core.planning.changes import Conflict
from core.store import Store, conflicts, stakes


def of_user(user: str, *turns_on: str, kind: str = "C14") -> Conflict:
    return Conflict(kind, f"user:{user}", "taken", "why", {}, (), user_id=user, stakes=frozenset(turns_on))


def of_group(group: str, *turns_on: str) -> Conflict:
    return Conflict("C22", f"group:{group}", "taken", "why", {}, (), group_id=group, stakes=frozenset(turns_on))


def record(store: Store, *found: Conflict, target: str = "wiki", about: bool = True) -> None:
    store.writer.write_now(lambda tx: conflicts.record(tx, target, 1, found, lambda _: about))


def subjects(store: Store, *turns_on: str, target: str = "wiki") -> tuple[set[str], set[str]]:
    with store.read() as connection:
        return stakes.subjects(connection, target, turns_on)


def test_subjects_are_found_by_what_their_conflicts_turn_on(store: Store) -> None:
    record(store, of_user("u1", "a", "b"), of_user("u2", "b"), of_user("u3"), of_group("g1", "b", "c"))
    assert subjects(store, "b") == ({"u1", "u2"}, {"g1"})
    assert subjects(store, "a", "c") == ({"u1"}, {"g1"})
    assert subjects(store, "d") == (set(), set())
    assert subjects(store) == (set(), set())


def test_each_target_has_its_own(store: Store) -> None:
    record(store, of_user("u1", "a"))
    record(store, of_user("u2", "a"), target="jira")
    assert subjects(store, "a") == ({"u1"}, set())
    assert subjects(store, "a", target="jira") == ({"u2"}, set())


def test_the_stakes_of_some_subjects_are_those_of_all_their_conflicts(store: Store) -> None:
    record(store, of_user("u1", "a"), of_user("u1", "b", kind="C10"), of_user("u2", "c"))
    with store.read() as connection:
        assert stakes.of_subjects(connection, "wiki", ["user:u1", "user:u9"]) == {"a", "b"}
        assert stakes.of_subjects(connection, "jira", ["user:u1"]) == set()


def test_a_conflict_that_is_closed_turns_on_nothing_any_more(store: Store) -> None:
    record(store, of_user("u1", "a"), of_user("u2", "a"))
    record(store, of_user("u2", "a"))
    assert subjects(store, "a") == ({"u2"}, set())


def test_a_conflict_that_is_found_again_turns_on_what_it_does_now(store: Store) -> None:
    record(store, of_user("u1", "a", "b"))
    record(store, of_user("u1", "b", "c"))
    assert [subjects(store, each)[0] for each in "abc"] == [set(), {"u1"}, {"u1"}]


def test_a_plan_that_saw_only_a_part_of_it_leaves_it_as_it_is(store: Store) -> None:
    record(store, of_user("u1", "a"))
    record(store, of_user("u1", "b"), about=False)
    assert [subjects(store, each)[0] for each in "ab"] == [{"u1"}, set()]
