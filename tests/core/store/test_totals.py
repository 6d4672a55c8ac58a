from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from core.planning.changes import Because, Change, ChangeKind
from core.planning.values import TargetGroup, Waiting
from core.store import Store, Transaction, changes, links, observed, runs, totals

HOUR = totals.RECENT


def removal(group: str) -> Change:
    return Change(ChangeKind.REMOVE_MEMBER, Because("told so", "groups.on_the_fly"), "ada", "a1", "u1", group)


def ran(store: Store, trigger: runs.Trigger, *groups: str, scope: str = "2 keys", ends: runs.State = "done") -> int:
    """A run of removals; they are done where it ends so. Returns the moment."""

    def write(tx: Transaction) -> tuple[int, int]:
        run = runs.start(tx, "wiki", trigger, scope)
        changes.plan(tx, run, "wiki", 0, [removal(group) for group in groups])
        for stored in changes.of_run(tx.connection, run) if ends == "done" else ():
            changes.settle(tx, stored.id, "done")
        if ends == "waiting":
            runs.move(tx, run, "waiting")
        else:
            runs.finish(tx, run, ends)
        return run, tx.now

    return store.writer.write_now(write)[1]


def recent(store: Store, since: int) -> dict[str, int]:
    with store.read() as connection:
        return totals.recent(connection, "wiki", since)


def test_what_pushes_removed_of_late_is_counted_in_all_and_by_group(store: Store) -> None:
    now = ran(store, "push", "Crew", "Deck")
    ran(store, "push", "crew")
    counted = {"remove-member": 3, "remove-member|crew": 2, "remove-member|deck": 1}
    assert recent(store, now) == counted
    with store.read() as connection:
        assert totals.of_target(connection, "wiki", now + HOUR, ()).recent == counted
        assert totals.of_target(connection, "jira", now, ()).recent == {}


def test_what_pushes_removed_before_that_does_not_count(store: Store) -> None:
    now = ran(store, "push", "Crew")
    assert recent(store, now + HOUR) == {}


def test_what_whole_runs_removed_or_pushes_did_not_make_does_not_count(store: Store) -> None:
    now = ran(store, "schedule", "Crew")
    ran(store, "push", "Crew", ends="failed")
    assert recent(store, now) == {}


def waiting(store: Store, users: Collection[str] | None, *administrators: str) -> Counter[Waiting]:
    with store.read() as connection:
        return Counter(totals.of_target(connection, "wiki", 0, users, administrators).waiting)


def test_what_brakes_hold_back_is_counted_by_kind_and_group(store: Store) -> None:
    ran(store, "push", "Crew", "crew", "Deck", scope="held", ends="waiting")
    ran(store, "order", "Deck", scope="all", ends="waiting")
    ran(store, "push", "Deck", scope="held", ends="dropped")
    crew, deck = (Waiting("remove-member", None, group) for group in ("crew", "deck"))
    assert waiting(store, ()) == {crew: 2, deck: 1}


def test_what_brakes_hold_back_of_some_users_or_of_all_is_left_out(store: Store) -> None:
    ran(store, "push", "Crew", "Deck", scope="held", ends="waiting")

    def add(tx: Transaction) -> None:
        by_rule = Change(ChangeKind.DELETE_GROUP, Because("told so", "groups.map"), group="Pool")
        changes.plan(tx, 1, "wiki", 2, [replace(removal("Crew"), user_id="u2"), by_rule])

    store.writer.write_now(add)
    of_nobody = Waiting("delete-group", None, "pool")
    assert waiting(store, {"u1"}) == {of_nobody: 1, Waiting("remove-member", None, "crew"): 1}
    assert waiting(store, None) == {of_nobody: 1}


def test_what_may_take_an_administrators_rights_is_told_by_itself(store: Store) -> None:
    ran(store, "push", "Crew", "Crew", scope="held", ends="waiting")
    store.writer.write_now(lambda tx: changes.plan(tx, 1, "wiki", 2, [replace(removal("Crew"), account_id="a2")]))
    counted, by_itself = Waiting("remove-member", None, "crew", number=2), Waiting("remove-member", "u1", "crew", "a2")
    assert waiting(store, (), "a2") == {counted: 1, by_itself: 1}
    assert waiting(store, {"u1"}, "a2") == {}


def test_there_are_as_many_members_as_were_read_of_the_groups_that_were_read(store: Store) -> None:
    def write(tx: Transaction) -> None:
        observed.see_groups(tx, "wiki", [TargetGroup(name, name) for name in ("crew", "deck", "pool")])
        observed.see_members(tx, "wiki", [("crew", 7), ("deck", 2)])
        links.put(tx, "wiki", "u1", "a1", "ada", "ada", "created", 1)

    store.writer.write_now(write)
    with store.read() as connection:
        found = totals.of_target(connection, "wiki", 0, ())
    assert (found.linked, found.memberships, found.members) == (1, 9, {"crew": 7, "deck": 2})
