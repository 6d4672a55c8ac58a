from collections.abc import Callable

from core.planning.changes import Conflict
from core.store import Store, conflicts
from core.store.conflicts import Listed


def conflict(kind: str = "C17", user: str = "u1", title: str = "no e-mail") -> Conflict:
    return Conflict(kind, f"user:{user}", title, "why", {"account": "ada"}, (), user_id=user)


def about_group(group: str) -> Conflict:
    return Conflict("C22", f"group:{group}", "two of one name", "why", {}, (), group_id=group)


def record(
    store: Store, *found: Conflict, target: str = "wiki", run: int = 1, about: Callable[[str], bool] = lambda _: True
) -> int:
    return store.writer.write_now(lambda tx: conflicts.record(tx, target, run, found, about))


def opened(store: Store, target: str | None = "wiki") -> list[Listed]:
    with store.read() as connection:
        return conflicts.open_conflicts(connection, target)


def test_a_conflict_is_opened_once_and_shown_as_it_is_now(store: Store) -> None:
    assert record(store, conflict()) == 1
    (before,) = opened(store)
    assert record(store, conflict(title="still no e-mail"), run=2) == 0
    (after,) = opened(store)
    assert (after.id, after.run, after.opened_at) == (before.id, 1, before.opened_at)
    assert after.title == "still no e-mail"
    with store.read() as connection:
        found = conflicts.opened(connection, after.id)
    assert found is not None
    assert found[1] == conflict(title="still no e-mail")


def test_a_conflict_is_closed_when_the_plan_does_not_find_it_any_more(store: Store) -> None:
    record(store, conflict(), conflict(user="u2"))
    record(store, conflict(user="u2"))
    assert [each.subject for each in opened(store)] == ["user:u2"]


def test_a_plan_closes_only_what_it_was_about(store: Store) -> None:
    record(store, conflict(), conflict(user="u2"))
    record(store, about=lambda finding: finding[1] == "user:u1")
    assert [each.subject for each in opened(store)] == ["user:u2"]


def test_a_plan_closes_nothing_of_another_target(store: Store) -> None:
    record(store, conflict(), target="jira")
    record(store, conflict())
    record(store)
    assert [each.target for each in opened(store, None)] == ["jira"]


def test_a_conflict_that_comes_back_is_a_new_one(store: Store) -> None:
    record(store, conflict())
    record(store)
    assert record(store, conflict()) == 1
    with store.read() as connection:
        states = [listed[0].state for number in (1, 2) if (listed := conflicts.opened(connection, number))]
    assert states == ["closed", "open"]


def test_one_subject_may_have_conflicts_of_several_kinds(store: Store) -> None:
    record(store, conflict(), conflict("C29"))
    with store.read() as connection:
        assert conflicts.open_subjects(connection, "wiki") == {"user:u1": ["C17", "C29"]}
    record(store, conflict("C29"))
    assert [each.kind for each in opened(store)] == ["C29"]


def test_many_conflicts_are_recorded_and_closed(store: Store) -> None:
    many = [conflict(user=f"u{number}") for number in range(1200)]
    assert record(store, *many) == 1200
    assert record(store, *many) == 0
    record(store, many[7])
    assert [each.subject for each in opened(store)] == ["user:u7"]


def test_open_conflicts_are_counted_by_target(store: Store) -> None:
    record(store, conflict("C14"), conflict("C10", "u2"), conflict("C17", "u3"), about_group("g1"))
    with store.read() as connection:
        assert conflicts.number_open(connection) == {"wiki": 4}
        assert conflicts.opened(connection, 77) is None
