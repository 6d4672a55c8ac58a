from dataclasses import replace

from sqlalchemy import func, select

from core.exchange import Exchange
from core.store import Store, retention, tables
from core.store.retention import DAY, Cut

PLAIN = Exchange(direction="in", party="entra", at=100 * DAY, duration=5, method="GET", path="/Users", status=200)
MIB = 1024 * 1024


def log(store: Store, *logged: Exchange) -> None:
    store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in logged])


def cut(store: Store, days: int = 365, mib: int = 1024) -> Cut:
    with store.read() as connection:
        return retention.cut(connection, days, mib, now=100 * DAY)


def kept(store: Store) -> tuple[list[int], int]:
    """The ids of the log, and the number of bodies."""
    with store.read() as connection:
        ids = connection.execute(select(tables.Exchange.metadata.tables["exchanges"].c.id)).scalars().all()
        return sorted(ids), connection.execute(select(func.count()).select_from(tables.ExchangeBody)).scalar_one()


def test_a_log_within_its_limits_is_not_cut(store: Store) -> None:
    assert cut(store) == Cut(0, 0)
    log(store, PLAIN, PLAIN)
    assert cut(store) == Cut(0, 0)


def test_exchanges_older_than_so_many_days_are_to_go(store: Store) -> None:
    log(store, *(replace(PLAIN, at=day * DAY) for day in (60, 69, 70, 99)))
    assert cut(store, days=30) == Cut(by_age=2, by_size=0)


def test_a_log_of_old_exchanges_only_is_to_go_whole(store: Store) -> None:
    log(store, *[replace(PLAIN, at=0)] * 3)
    assert cut(store, days=30).by_age == 3


def test_the_oldest_exchanges_go_where_the_log_outgrows_its_size(store: Store) -> None:
    log(store, *[replace(PLAIN, request_body=b"x" * (MIB // 4), response_body=b"y" * (MIB // 4))] * 5)
    assert cut(store, mib=2) == Cut(by_age=0, by_size=2)


def test_deleting_goes_in_batches_that_are_counted_and_takes_the_bodies_along(store: Store) -> None:
    log(store, *[PLAIN] * 6)
    assert store.writer.write_now(lambda tx: retention.delete_up_to(tx, 5, limit=3)) == 3
    assert kept(store) == ([4, 5, 6], 3)
    assert store.writer.write_now(lambda tx: retention.delete_up_to(tx, 5, limit=3)) == 2
    assert store.writer.write_now(lambda tx: retention.delete_up_to(tx, 5, limit=3)) == 0
    assert kept(store) == ([6], 1)


def test_the_newest_exchange_stays_so_that_no_number_is_used_twice(url: str) -> None:
    with Store.open(url) as store:
        log(store, PLAIN, PLAIN)
        store.writer.write_now(lambda tx: retention.delete_up_to(tx, 2))
        assert kept(store) == ([2], 1)
    with Store.open(url) as store:
        assert store.writer.write_now(lambda tx: tx.log(PLAIN)) == 3
