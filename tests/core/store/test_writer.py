import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from core.exchange import Exchange
from core.store import Store, Transaction, sqlite
from core.store.errors import StoreBusy, StoreError, StoreFull
from core.store.log_rows import TOGETHER
from core.store.tables import Audit, ExchangeBody
from core.store.tables import Exchange as ExchangeRow
from core.store.writer import Logged


def note(subject: str, number: int | None = None) -> object:
    row: dict[str, object] = {"at": 1, "who": "ada", "action": "test", "subject": subject, "detail": ""}
    return insert(Audit).values(row | ({"id": number} if number else {}))


def exchange(path: str = "/Users") -> Exchange:
    return Exchange(
        direction="in", party="entra", at=1, duration=5, method="POST", path=path, status=201, request_body=b'{"a":1}'
    )


def subjects(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(select(Audit.subject).order_by(Audit.subject)).scalars())


def paths(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(select(ExchangeRow.path).order_by(ExchangeRow.id)).scalars())


def test_a_write_is_readable_by_another_process_once_it_is_acknowledged(store: Store) -> None:
    store.writer.write_now(lambda tx: tx.execute(note("kept")))  # type: ignore[arg-type]
    with closing(sqlite3.connect(store.backend.path)) as other:
        assert other.execute("SELECT subject FROM audit").fetchall() == [("kept",)]


async def test_writes_that_wait_together_share_one_commit(store: Store) -> None:
    commits: list[int] = []
    store.writer.on_commit.append(lambda: commits.append(1))
    hold = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(tx: Transaction) -> None:
        asyncio.run_coroutine_threadsafe(hold.wait(), loop).result()

    first = asyncio.create_task(store.writer.write(slow))
    rest = [asyncio.create_task(store.writer.write(lambda tx, i=i: tx.execute(note(str(i))))) for i in range(50)]
    await asyncio.sleep(0)
    hold.set()
    await asyncio.gather(first, *rest)
    assert len(subjects(store)) == 50
    assert len(commits) <= 2


async def test_a_write_that_fails_leaves_nothing_and_takes_no_other_with_it(store: Store) -> None:
    def failing(tx: Transaction) -> None:
        tx.execute(note("of the failing write"))  # type: ignore[arg-type]
        tx.log(exchange())
        tx.execute(note("twice", 7))  # type: ignore[arg-type]
        tx.execute(note("twice", 7))  # type: ignore[arg-type]

    results = await asyncio.gather(
        store.writer.write(lambda tx: tx.execute(note("before"))),  # type: ignore[arg-type]
        store.writer.write(failing),
        store.writer.write(lambda tx: tx.execute(note("after"))),  # type: ignore[arg-type]
        return_exceptions=True,
    )
    assert isinstance(results[1], IntegrityError)
    assert subjects(store) == ["after", "before"]
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(ExchangeRow)).scalar_one() == 0


def test_a_part_may_fail_while_the_write_goes_on_and_logs_it(store: Store) -> None:
    def write(tx: Transaction) -> int:
        with suppress(ZeroDivisionError), tx.savepoint():
            tx.execute(note("undone"))  # type: ignore[arg-type]
            tx.log(exchange("/undone"))
            raise ZeroDivisionError
        return tx.log(exchange("/kept"))

    number = store.writer.write_now(write)
    with store.read() as connection:
        rows = connection.execute(select(ExchangeRow.id, ExchangeRow.path)).all()
        bodies = connection.execute(select(ExchangeBody.exchange, ExchangeBody.request_body)).all()
    assert [tuple(row) for row in rows] == [(number, "/kept")]
    assert [tuple(row) for row in bodies] == [(number, b'{"a":1}')]
    assert subjects(store) == []


def test_exchange_numbers_go_on_after_a_restart(url: str) -> None:
    with Store.open(url) as store:
        first = store.writer.write_now(lambda tx: tx.log(exchange()))
    with Store.open(url) as store:
        assert store.writer.write_now(lambda tx: tx.log(exchange())) == first + 1


def test_closing_commits_what_was_logged_without_waiting(url: str) -> None:
    with Store.open(url) as store:
        store.writer.log(exchange())
    with Store.open(url) as store, store.read() as connection:
        assert connection.execute(select(func.count()).select_from(ExchangeRow)).scalar_one() == 1


def test_what_is_logged_during_a_commit_is_kept_without_another_write(store: Store) -> None:
    all_there = threading.Event()

    def look() -> None:
        if paths(store) == ["/1", "/2", "/3", "/4", "/5"]:
            all_there.set()

    def making(path: str, *others: Logged) -> Callable[[], Exchange]:
        def make() -> Exchange:  # one more waits meanwhile, so what is logged here wakes nobody
            for other in others:
                store.writer.log(other)
            return exchange(path)

        return make

    def log_two(_: Transaction) -> None:
        store.writer.log(making("/1", making("/3", exchange("/5")), exchange("/4")))
        store.writer.log(exchange("/2"))

    store.writer.on_commit.append(look)
    store.writer.write_now(log_two)
    assert all_there.wait(10)


def test_an_exchange_that_cannot_be_made_takes_nothing_with_it(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def write(tx: Transaction) -> None:
        tx.execute(note("kept"))  # type: ignore[arg-type]
        store.writer.log(lambda: exchange(str(1 // 0)))
        store.writer.log(exchange("/after"))

    store.writer.write_now(write)
    assert subjects(store) == ["kept"]
    assert paths(store) == ["/after"]
    assert "an exchange is missing in the log" in caplog.text


def test_many_exchanges_that_wait_together_are_kept_in_order(store: Store) -> None:
    wanted = [f"/{number}" for number in range(2 * TOGETHER[0] + 7)]

    def log_all(_: Transaction) -> None:
        for path in wanted:
            store.writer.log(exchange(path))

    store.writer.write_now(log_all)
    assert paths(store) == wanted


def test_a_store_locked_by_another_process_is_busy_and_works_again_afterwards(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    with Store.open(url) as store:
        with closing(sqlite3.connect(store.backend.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="another process"):
                store.writer.write_now(lambda tx: tx.execute(note("lost")))  # type: ignore[arg-type]
            other.execute("ROLLBACK")
        store.writer.write_now(lambda tx: tx.execute(note("kept")))  # type: ignore[arg-type]
        assert subjects(store) == ["kept"]


def test_a_full_disk_is_said_and_nothing_of_the_write_is_kept(store: Store) -> None:
    def fill(tx: Transaction) -> None:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        tx.execute(note("x" * 10_000_000))  # type: ignore[arg-type]

    with pytest.raises(StoreFull, match="free space"):
        store.writer.write_now(fill)
    assert subjects(store) == []


def test_a_read_sees_one_moment_and_never_waits_for_the_writer(store: Store) -> None:
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(Audit)).scalar_one() == 0
        store.writer.write_now(lambda tx: tx.execute(note("later")))  # type: ignore[arg-type]
        assert connection.execute(select(func.count()).select_from(Audit)).scalar_one() == 0
    assert subjects(store) == ["later"]


async def test_a_caller_whose_loop_is_gone_takes_nothing_with_it(store: Store) -> None:
    def ask_and_leave() -> None:
        loop = asyncio.new_event_loop()
        asking = loop.create_task(store.writer.write(lambda tx: tx.now))
        loop.run_until_complete(asyncio.sleep(0))
        asking.cancel()
        loop.close()

    await asyncio.to_thread(ask_and_leave)
    assert await store.writer.write(lambda tx: tx.now) > 0


def test_a_write_after_closing_is_refused(url: str) -> None:
    store = Store.open(url)
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.writer.write_now(lambda tx: None)
