from test_plans import plans, statements

from core.exchange import Exchange
from core.store import Store, Transaction
from core.store.traffic import AT_MOST, Flow, Traffic

NOW = 1_787_567_267_500
SECOND = NOW // 1000


def log(store: Store, *exchanges: Exchange) -> None:
    def write(tx: Transaction) -> None:
        for exchange in exchanges:
            tx.log(exchange)

    store.writer.write_now(write)


def sent(seconds_ago: int, status: int | None = 200, party: str = "entra", outcome: str = "") -> Exchange:
    direction = "in" if party == "entra" else "out"
    return Exchange(direction, party, NOW - seconds_ago * 1000, 1000, "GET", "/", status, outcome=outcome)


def read(store: Store, traffic: Traffic, now: int = NOW) -> None:
    with store.read() as connection:
        traffic.read(connection, now)


def test_exchanges_are_counted_by_second_and_party(store: Store) -> None:
    log(store, sent(1), sent(1), sent(60), sent(61), sent(2, party="wiki"))
    traffic = Traffic()
    read(store, traffic)
    flow = traffic.of("in", "entra", NOW)
    assert (flow.counts[-1], flow.counts[0], sum(flow.counts)) == (2, 1, 3)
    assert sum(traffic.of("out", "wiki", NOW).counts) == 1
    assert traffic.of("out", "entra", NOW) == Flow(end=SECOND)


def test_the_second_that_is_not_over_is_not_told_yet(store: Store) -> None:
    log(store, sent(0))
    traffic = Traffic()
    read(store, traffic)
    assert sum(traffic.of("in", "entra", NOW).counts) == 0
    assert traffic.of("in", "entra", NOW + 1000).counts[-1] == 1
    assert traffic.of("in", "entra", NOW).last_at == NOW


def test_what_was_refused_or_not_answered_has_failed(store: Store) -> None:
    log(store, sent(1, 399), sent(1, 400), sent(1, 404), sent(1, 503), sent(1, None))
    traffic = Traffic()
    read(store, traffic)
    assert traffic.of("in", "entra", NOW).failed == 4


def test_that_something_is_not_there_is_an_answer_and_no_failure(store: Store) -> None:
    log(store, sent(1, 404, outcome="not there"), sent(1, 400, outcome="probed"))
    traffic = Traffic()
    read(store, traffic)
    assert traffic.of("in", "entra", NOW).failed == 0


def test_a_second_reading_adds_only_what_is_new(store: Store) -> None:
    traffic = Traffic()
    log(store, sent(5))
    read(store, traffic)
    log(store, sent(3), sent(5))
    read(store, traffic)
    read(store, traffic)
    counts = traffic.of("in", "entra", NOW).counts
    assert (counts[-5], counts[-3]) == (2, 1)


def test_what_is_older_than_a_minute_is_forgotten_and_only_its_time_is_kept(store: Store) -> None:
    traffic = Traffic()
    log(store, sent(1, 500))
    read(store, traffic)
    later = NOW + 61_000
    read(store, traffic, later)
    assert traffic.of("in", "entra", later) == Flow(last_at=NOW - 1000, end=later // 1000)


def test_a_reading_never_adds_up_more_than_so_many(store: Store) -> None:
    log(store, *[sent(2)] * 5, *[sent(1)] * AT_MOST)
    traffic = Traffic()
    read(store, traffic)
    assert traffic.of("in", "entra", NOW).counts[-2:] == (0, AT_MOST)


def test_a_reading_goes_by_id_and_never_through_the_log(store: Store) -> None:
    log(store, sent(1))
    with store.read() as connection, statements(connection) as seen:
        Traffic().read(connection, NOW)
        steps = plans(connection, list(seen))
    assert steps
    assert [step for step in steps if step.startswith("SCAN")] == []
