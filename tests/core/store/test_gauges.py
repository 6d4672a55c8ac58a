from dataclasses import replace

import pytest

from core.exchange import NOT_THERE, Exchange
from core.store import Store
from core.store.gauges import AT_MOST, Gauge, Gauges

NOW = 1_000_000
SECOND = NOW // 1000
PLAIN = Exchange("in", "entra", NOW, 12_345, "GET", "/Users", 200, outcome="ok")


def log(store: Store, *exchanges: Exchange) -> None:
    store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in exchanges])


def read(store: Store, gauges: Gauges | None = None, now: int = NOW) -> Gauges:
    gauges = gauges or Gauges()
    with store.read() as connection:
        gauges.read(connection, now)
    return gauges


def test_nothing_is_none(store: Store) -> None:
    assert read(store).of("in", 0, SECOND) == Gauge(0, 0, None)


def test_each_way_is_counted_by_itself_and_by_the_second(store: Store) -> None:
    log(store, PLAIN, PLAIN, replace(PLAIN, direction="out"), replace(PLAIN, at=NOW - 2_000))
    gauges = read(store)
    assert gauges.of("in", SECOND, SECOND).count == 2
    assert gauges.of("in", SECOND - 2, SECOND).count == 3
    assert gauges.of("out", SECOND - 60, SECOND).count == 1


def test_failed_is_what_has_no_answer_or_a_refusal_that_was_not_asked_for(store: Store) -> None:
    outcomes = [(200, ""), (404, NOT_THERE), (404, "no match"), (500, ""), (None, "timed out")]
    log(store, *[replace(PLAIN, status=status, outcome=outcome) for status, outcome in outcomes])
    assert read(store).of("in", SECOND, SECOND).failed == 3


@pytest.mark.parametrize("duration", [0, 7, 99, 100, 101, 999, 1_000, 12_345, 987_654, 30_000_000, 899_000_000])
def test_a_duration_is_told_to_a_tenth(store: Store, duration: int) -> None:
    log(store, replace(PLAIN, duration=duration))
    told = read(store).of("in", SECOND, SECOND).slowest
    assert told is not None
    assert told <= duration <= told * 1.1


def test_95_of_100_took_at_most_so_long(store: Store) -> None:
    log(store, *[replace(PLAIN, duration=number * 1_000) for number in range(1, 101)])
    assert read(store).of("in", SECOND, SECOND).slowest == 95_000
    log(store, *[replace(PLAIN, duration=5_000_000)] * 10)
    assert read(store).of("in", SECOND, SECOND).slowest == 5_000_000


def test_a_reading_adds_only_what_is_new_and_forgets_what_is_old(store: Store) -> None:
    log(store, PLAIN)
    gauges = read(store)
    log(store, PLAIN)
    assert read(store, gauges).of("in", SECOND, SECOND).count == 2
    assert read(store, gauges, NOW + 61_000).of("in", SECOND, SECOND).count == 0


def test_a_reading_never_adds_up_more_than_its_share(store: Store) -> None:
    log(store, *[PLAIN] * (AT_MOST + 50))
    assert read(store).of("in", SECOND, SECOND).count == AT_MOST
