from dataclasses import replace

from core.exchange import Exchange
from core.filtering.conditions import Within
from core.store import Store, Transaction, exchanges, retention

PLAIN = Exchange(direction="in", party="entra", at=1, duration=5, method="GET", path="/Users", status=200)


def log(store: Store, *logged: Exchange) -> list[int]:
    return store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in logged])


def window(store: Store, around: int, before: int, after: int) -> list[int]:
    with store.read() as connection:
        return [row.id for row in exchanges.window(connection, around, before, after)]


def test_the_newest_id_is_0_in_an_empty_log(store: Store) -> None:
    with store.read() as connection:
        assert exchanges.newest(connection) == 0
    ids = log(store, PLAIN, PLAIN)
    with store.read() as connection:
        assert exchanges.newest(connection) == ids[-1]


def test_a_window_holds_its_centre_and_so_many_on_either_side_ascending(store: Store) -> None:
    log(store, *[PLAIN] * 10)
    assert window(store, 5, 2, 3) == [3, 4, 5, 6, 7]


def test_a_window_ends_where_the_log_ends(store: Store) -> None:
    log(store, *[PLAIN] * 5)
    assert window(store, 1, 3, 2) == [1, 2]
    assert window(store, 5, 2, 3) == [3, 4, 5]
    assert window(store, 99, 2, 2) == [4, 5]
    assert window(store, 3, 0, 0) == []


def test_an_opened_exchange_is_what_was_logged(store: Store) -> None:
    whole = replace(
        PLAIN,
        client="192.0.2.1",
        subject="ada@example.com",
        request_headers={"Accept": "application/scim+json"},
        request_body=b'{"a":1}',
        response_headers={"ETag": "1"},
        response_body=b"{}",
    )
    [number] = log(store, whole)
    with store.read() as connection:
        assert exchanges.opened(connection, number) == whole
        assert exchanges.opened(connection, number + 1) is None
        [listed] = exchanges.window(connection, number, 0, 1)
    assert (listed.id, listed.subject, listed.status) == (number, "ada@example.com", 200)


def test_what_an_exchange_caused_and_what_carried_out_a_change_are_found(store: Store) -> None:
    def write(tx: Transaction) -> tuple[int, list[int], int]:
        cause = tx.log(PLAIN)
        out = replace(PLAIN, direction="out", party="wiki", cause=cause, change=3)
        tries = [tx.log(replace(out, status=503)), tx.log(out)]
        return cause, tries, tx.log(replace(out, change=4))

    cause, tries, other = store.writer.write_now(write)
    with store.read() as connection:
        assert [row.id for row in exchanges.of_change(connection, 3, 10)] == tries
        assert [row.id for row in exchanges.caused_by(connection, cause, 10)] == [*tries, other]
        assert [row.id for row in exchanges.caused_by(connection, cause, 1)] == tries[:1]
        assert exchanges.caused_by(connection, other, 10) == []


def test_the_oldest_id_is_the_lowest_that_is_kept(store: Store) -> None:
    with store.read() as connection:
        assert exchanges.oldest(connection) == 0
    log(store, PLAIN, PLAIN)
    store.writer.write_now(lambda tx: retention.delete_up_to(tx, 1))
    with store.read() as connection:
        assert exchanges.oldest(connection) == 2


def test_exchanges_are_listed_by_their_ids_as_far_as_they_are_kept(store: Store) -> None:
    log(store, *[PLAIN] * 5)
    with store.read() as connection:
        assert [row.id for row in exchanges.listed(connection, [4, 2, 99])] == [2, 4]
        assert exchanges.listed(connection, []) == []


def test_what_matches_is_found_within_a_range_from_either_end(store: Store) -> None:
    log(store, *[replace(PLAIN, status=404 if number % 2 else 200) for number in range(1, 11)])
    refused = Within("status", 400, 499).sql()
    with store.read() as connection:
        assert exchanges.matching(connection, refused, 2, 9, 10) == [9, 7, 5, 3]
        assert exchanges.matching(connection, refused, 2, 9, 2) == [9, 7]
        assert exchanges.matching(connection, refused, 2, 9, 2, newest=False) == [3, 5]
        assert exchanges.matching(connection, refused, 11, 20, 2) == []
