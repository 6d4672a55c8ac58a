from core.planning.changes import Because, Change, ChangeKind
from core.store import Store, changes
from core.store.changes import Listed


def change(name: str, exchange: int | None = None) -> Change:
    because = Because("told so", "users.create", exchange=exchange)
    return Change(ChangeKind.CREATE_ACCOUNT, because, account=name, user_id=f"u-{name}", after={"name": name})


def planned(store: Store, *names: str, run: int = 1, first: int = 0, exchange: int | None = None) -> list[int]:
    made = [change(name, exchange) for name in names]
    store.writer.write_now(lambda tx: changes.plan(tx, run, "wiki", first, made))
    with store.read() as connection:
        return [stored.id for stored in changes.of_run(connection, run)][-len(names) :]


def intend(store: Store, number: int) -> bool:
    return store.writer.write_now(lambda tx: changes.intend(tx, number))


def settle(store: Store, number: int, state: changes.State, error: str | None = None) -> bool:
    return store.writer.write_now(lambda tx: changes.settle(tx, number, state, error))


def listed(store: Store, number: int) -> Listed:
    with store.read() as connection:
        opened = changes.opened(connection, number)
    assert opened is not None
    return opened[0]


def test_a_plan_is_kept_in_parts_and_read_whole_in_its_order(store: Store) -> None:
    planned(store, "cyd", first=2)
    planned(store, "ada", "ben")
    planned(store, "dot", run=2)
    with store.read() as connection:
        stored = changes.of_run(connection, 1)
    assert [each.change for each in stored] == [change("ada"), change("ben"), change("cyd")]
    assert {each.state for each in stored} == {"planned"}


def test_a_change_is_intended_again_until_it_is_over(store: Store) -> None:
    (number,) = planned(store, "ada")
    assert intend(store, number)
    assert intend(store, number)
    assert (listed(store, number).attempts, listed(store, number).state) == (2, "intent")
    settle(store, number, "done")
    assert not intend(store, number)
    assert listed(store, number).state == "done"


def test_a_change_ends_once(store: Store) -> None:
    (number,) = planned(store, "ada")
    intend(store, number)
    assert settle(store, number, "failed", "no seat")
    assert not settle(store, number, "done")
    assert (listed(store, number).state, listed(store, number).error) == ("failed", "no seat")


def test_only_what_was_not_begun_is_given_up_and_no_more_than_asked_for(store: Store) -> None:
    begun, over, *rest = planned(store, "ada", "ben", "cyd", "dot", "eve")
    (other,) = planned(store, "fay", run=2)
    intend(store, begun)
    settle(store, over, "done")
    assert store.writer.write_now(lambda tx: changes.drop_rest(tx, 1, "stopped", 2)) == 2
    assert store.writer.write_now(lambda tx: changes.drop_rest(tx, 1, "stopped")) == 1
    assert store.writer.write_now(lambda tx: changes.drop_rest(tx, 1, "stopped")) == 0
    assert [listed(store, number).state for number in (begun, over, other)] == ["intent", "done", "planned"]
    assert {(listed(store, number).state, listed(store, number).error) for number in rest} == {("dropped", "stopped")}


def test_open_intents_are_those_of_the_target_that_never_ended(store: Store) -> None:
    first, second, third = planned(store, "ada", "ben", "cyd")
    for number in (second, first, third):
        intend(store, number)
    settle(store, second, "stale")
    with store.read() as connection:
        assert [stored.id for stored in changes.intents(connection, "wiki")] == [first, third]
        assert changes.intents(connection, "jira") == []


def test_changes_of_a_run_are_counted_by_kind_and_state(store: Store) -> None:
    first, *_ = planned(store, "ada", "ben", "cyd")
    settle(store, first, "done")
    with store.read() as connection:
        assert changes.counts(connection, 1) == {("create-account", "done"): 1, ("create-account", "planned"): 2}
        assert changes.counts(connection, 2) == {}


def test_what_an_exchange_led_to_is_found_oldest_first(store: Store) -> None:
    numbers = planned(store, "ada", "ben", "cyd", exchange=42)
    planned(store, "dot", run=2)
    with store.read() as connection:
        assert [each.id for each in changes.caused_by(connection, 42, 2)] == numbers[:2]


def test_a_window_lists_changes_around_one(store: Store) -> None:
    numbers = planned(store, "ada", "ben", "cyd", "dot")
    with store.read() as connection:
        assert [each.id for each in changes.window(connection, 1, numbers[2], 1, 9)] == numbers[1:]
        assert changes.opened(connection, 77) is None
