from sqlalchemy import select, update

from core.store import Store, Transaction, pending, tables
from core.store.pending import Backlog, Key

PENDING = tables.Pending.metadata.tables["pending"]
FAR = 10**14
"""A time by which every key is due."""


def touch(store: Store, *ids: str, targets: tuple[str, ...] = ("wiki",), exchange: int | None = None) -> int:
    def write(tx: Transaction) -> int:
        pending.touch(tx, targets, "user", ids, exchange)
        return tx.now

    return store.writer.write_now(write)


def claim(store: Store, target: str = "wiki", now: int = FAR, limit: int = 100) -> list[Key]:
    with store.read() as connection:
        return pending.claim(connection, target, now, limit)


def clear(store: Store, keys: list[Key]) -> int:
    return store.writer.write_now(lambda tx: pending.clear(tx, keys))


def fail(store: Store, key: Key) -> int:
    """Fail `key`; returns the milliseconds until its retry."""

    def write(tx: Transaction) -> int:
        assert pending.fail(tx, key, "503 from wiki")
        return tx.now

    failed_at = store.writer.write_now(write)
    low, high = 0, 10_000_000
    while low < high:  # the first moment at which it can be claimed again
        middle = (low + high) // 2
        low, high = (low, middle) if claim(store, now=failed_at + middle) else (middle + 1, high)
    return low


def test_a_touch_makes_every_key_pending_for_every_target(store: Store) -> None:
    touch(store, "a", "b", targets=("wiki", "jira"), exchange=7)
    for target in ("wiki", "jira"):
        keys = {(key.target, key.kind, key.id, key.exchange) for key in claim(store, target)}
        assert keys == {(target, "user", "a", 7), (target, "user", "b", 7)}


def test_touching_nothing_writes_nothing(store: Store) -> None:
    touch(store)
    touch(store, "a", targets=())
    assert claim(store) == []


def test_a_second_touch_gives_a_new_mark_and_keeps_since_when_the_key_waits(store: Store) -> None:
    touch(store, "a", exchange=1)
    store.writer.write_now(lambda tx: tx.execute(update(PENDING).values(since=1)))
    [first] = claim(store)
    touch(store, "a", exchange=2)
    [second] = claim(store)
    assert second.mark != first.mark
    assert (second.since, second.exchange) == (1, 2)


def test_a_key_touched_while_it_was_worked_on_is_not_cleared(store: Store) -> None:
    touch(store, "a", "b")
    claimed = claim(store)
    touch(store, "a")
    assert clear(store, claimed) == 1
    assert [key.id for key in claim(store)] == ["a"]


def test_an_old_claim_does_not_clear_a_key_that_was_cleared_and_touched_again(store: Store) -> None:
    touch(store, "a")
    claimed = claim(store)

    def again(tx: Transaction) -> int:
        pending.clear(tx, claimed)
        pending.touch(tx, ["wiki"], "user", ["a"], None)
        return pending.clear(tx, claimed)

    assert store.writer.write_now(again) == 0
    assert len(claim(store)) == 1


def test_clearing_nothing_is_allowed(store: Store) -> None:
    assert clear(store, []) == 0


def test_keys_are_claimed_longest_due_first_up_to_the_limit(store: Store) -> None:
    touch(store, *"abc")
    [first, *_] = claim(store)
    fail(store, first)
    assert [key.id for key in claim(store)][2:] == [first.id]
    assert first.id not in {key.id for key in claim(store, limit=2)}
    assert len(claim(store, limit=2)) == 2


def test_a_key_is_not_claimed_before_it_is_due(store: Store) -> None:
    touched_at = touch(store, "a")
    assert claim(store, now=touched_at - 1) == []
    assert len(claim(store, now=touched_at)) == 1


def test_a_failing_key_waits_twice_as_long_each_time_up_to_a_limit(store: Store) -> None:
    touch(store, "a")
    waits = [fail(store, claim(store)[0]) for _ in range(10)]
    assert waits == [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 900_000, 900_000]


def test_a_touch_makes_a_failing_key_due_at_once_with_its_failures_forgotten(store: Store) -> None:
    touch(store, "a")
    fail(store, claim(store)[0])
    touched_at = touch(store, "a")
    assert [key.attempts for key in claim(store, now=touched_at)] == [0]


def test_the_failure_of_an_old_claim_does_not_delay_a_key_touched_since(store: Store) -> None:
    touch(store, "a")
    [claimed] = claim(store)
    touched_at = touch(store, "a")
    assert not store.writer.write_now(lambda tx: pending.fail(tx, claimed, "503"))
    assert len(claim(store, now=touched_at)) == 1


def test_the_backlog_counts_keys_per_target_and_knows_the_oldest(store: Store) -> None:
    since = touch(store, "a", "b", targets=("wiki", "jira"))
    touch(store, "c")
    fail(store, claim(store)[0])
    with store.read() as connection:
        assert pending.backlogs(connection) == [Backlog("jira", 2, 0, since), Backlog("wiki", 3, 1, since)]


def put_off(store: Store, ident: str, moment: int, claimed: Key | None = None) -> None:
    store.writer.write_now(lambda tx: pending.put_off(tx, "wiki", "user", ident, moment, claimed))


def due_at(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {row.id: row.due_at for row in connection.execute(select(PENDING.c.id, PENDING.c.due_at))}


def test_what_is_put_off_is_due_at_its_moment_whether_it_had_a_key_or_not(store: Store) -> None:
    touch(store, "a")
    [key] = claim(store)
    put_off(store, "a", FAR, key)
    put_off(store, "b", FAR + 1)
    assert due_at(store) == {"a": FAR, "b": FAR + 1}


def test_what_was_touched_since_it_was_claimed_is_not_put_off(store: Store) -> None:
    touch(store, "a")
    [key] = claim(store)
    touch(store, "a")
    put_off(store, "a", FAR + 1, key)
    assert [each.id for each in claim(store)] == ["a"]


def test_a_key_that_is_due_before_stays_and_one_that_is_due_after_comes_forward(store: Store) -> None:
    put_off(store, "a", 100)
    put_off(store, "a", 200)
    put_off(store, "a", 50)
    assert due_at(store) == {"a": 50}
