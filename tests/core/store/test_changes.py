from core.planning.changes import Because, Change, ChangeKind
from core.planning.values import Undone
from core.store import Store, Transaction, changes, runs
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


def made(store: Store, *done: Change, run: int = 1) -> None:
    """Changes of a run that are done."""
    store.writer.write_now(lambda tx: changes.plan(tx, run, "wiki", 0, done))
    with store.read() as connection:
        numbers = [stored.id for stored in changes.of_run(connection, run)]
    for number in numbers:
        settle(store, number, "done")


def member(account: str | None, group: str, *, user: str = "u1", account_id: str | None = "a1") -> Change:
    because = Because("told so", "groups.on_the_fly", group_id="g1")
    return Change(ChangeKind.ADD_MEMBER, because, account, account_id, user, group, after={"member": True})


def test_the_idp_group_behind_a_change_is_listed(store: Store) -> None:
    made(store, member("ada", "crew"))
    with store.read() as connection:
        ((one, _),) = changes.history(connection, "wiki", 9, user_id="u1")
    assert one.group_id == "g1"


def test_the_history_of_an_account_has_what_was_before_it_had_an_id_and_under_other_names(store: Store) -> None:
    created = Change(ChangeKind.CREATE_ACCOUNT, Because("told so", "users.create"), "ada", user_id="u1")
    by_hand = Change(ChangeKind.REMOVE_MEMBER, Because("told so", "undo"), "lovelace", "a1", group="deck")
    made(store, created, member("ada", "crew"), by_hand, member("ben", "crew", user="u2", account_id="a2"))
    with store.read() as connection:
        found = changes.history(connection, "wiki", 9, user_id="u1", account_id="a1")
        assert [each for _, each in found] == [by_hand, member("ada", "crew"), created]
        assert len(changes.history(connection, "wiki", 2, user_id="u1", account_id="a1")) == 2
        assert [each for _, each in changes.history(connection, "wiki", 9, account="lovelace")] == [by_hand]
        assert changes.history(connection, "jira", 9, user_id="u1") == []


def test_the_history_of_a_group_may_be_that_of_one_account_in_it(store: Store) -> None:
    ada, ben = member("ada", "crew"), member("ben", "Crew", user="u2", account_id="a2")
    made(store, ada, ben, member("ada", "deck"))
    with store.read() as connection:
        of_group = changes.history(connection, "wiki", 9, groups=["crew", "Crew"])
        assert [each for _, each in of_group] == [ben, ada]
        in_group = changes.history(connection, "wiki", 9, user_id="u1", account_id="a1", groups=["crew", "Crew"])
        assert [each for _, each in in_group] == [ada]


def undoing(store: Store, *done: Change, seen: int) -> int:
    def start(tx: Transaction) -> int:
        run = runs.start(tx, "wiki", "undo", "undo of run 1")
        runs.note_undoes(tx, run, 1)
        runs.note_seen(tx, run, seen)
        return run

    run = store.writer.write_now(start)
    made(store, *done, run=run)
    return run


def test_what_was_undone_stands_until_it_is_released(store: Store) -> None:
    first = undoing(store, member("ada", "crew"), seen=40)
    undoing(store, member("ada", "deck"), seen=70)
    with store.read() as connection:
        both = [Undone(member("ada", "crew"), 40), Undone(member("ada", "deck"), 70)]
        assert changes.undone(connection, "wiki") == both
        assert changes.undone(connection, "jira") == []
    store.writer.write_now(lambda tx: runs.release(tx, first))
    with store.read() as connection:
        assert changes.undone(connection, "wiki") == both[1:]


def test_what_was_undone_of_some_users_is_found_with_what_was_undone_of_groups(store: Store) -> None:
    group = Change(ChangeKind.UNLINK_GROUP, Because("told so", "undo", group_id="g1"), group="crew")
    ada, ben = member("ada", "crew"), member("ben", "crew", user="u2")
    undoing(store, group, ada, seen=40)
    undoing(store, ben, seen=70)
    with store.read() as connection:
        assert changes.undone(connection, "wiki", {"u1"}) == [Undone(group, 40), Undone(ada, 40)]
        assert changes.undone(connection, "wiki", set()) == [Undone(group, 40)]


def test_what_other_runs_made_or_an_undoing_did_not_make_was_not_undone(store: Store) -> None:
    made(store, member("ada", "crew"), run=9)
    run = undoing(store, seen=40)
    store.writer.write_now(lambda tx: changes.plan(tx, run, "wiki", 0, [member("ada", "deck")]))
    with store.read() as connection:
        assert changes.undone(connection, "wiki") == []
