from dataclasses import replace

import pytest

from core.exchange import Exchange
from core.store import Store
from core.store.log_times import first_since

ONE = Exchange("in", "entra", 0, 1, "GET", "/Users", 200)


def first(store: Store, at: int) -> int | None:
    with store.read() as connection:
        return first_since(connection, at)


def log(store: Store, *times: int) -> None:
    store.writer.write_now(lambda tx: [tx.log(replace(ONE, at=at)) for at in times])


def test_an_empty_log_has_no_time(store: Store) -> None:
    assert first(store, 0) is None


@pytest.mark.parametrize(("at", "found"), [(0, 1), (1_000, 1), (1_001, 2), (2_500, 3), (3_000, 3), (3_001, None)])
def test_the_first_at_or_after_a_time_is_found(store: Store, at: int, found: int | None) -> None:
    log(store, 1_000, 2_000, 3_000)
    assert first(store, at) == found


def test_one_that_began_earlier_and_ended_later_hides_no_other(store: Store) -> None:
    log(store, *range(0, 100_000, 100), 40_000, *range(100_000, 200_000, 100))
    assert first(store, 99_900) == 1_000
    assert first(store, 100_000) == 1_002


def test_a_log_that_was_cut_is_searched_from_its_beginning(store: Store) -> None:
    log(store, *range(0, 1_000, 10))
    store.writer.write_now(lambda tx: tx.connection.exec_driver_sql("DELETE FROM exchanges WHERE id <= 60"))
    assert first(store, 0) == 61
    assert first(store, 700) == 71
