"""The one writer: a thread that commits the writes that wait together in one transaction.

Durability costs one fsync per commit, not per write (group commit). A write is a function of the transaction; it runs
whole, in its own savepoint, so a write that fails takes nothing with it and nothing of it stays. Its caller is told
after the commit, never before. Rows of the log are collected during a transaction and inserted together at its end.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar, cast

import orjson
from sqlalchemy import Connection, Executable, func, insert, select
from sqlalchemy.engine import CursorResult, Engine
from sqlalchemy.exc import DBAPIError

from core.exchange import Exchange
from core.store import tables
from core.store.clock import now_ms
from core.store.errors import StoreError
from core.store.sqlite import Sqlite, is_damage

T = TypeVar("T")

GROUP = 256
"""The most writes that share one commit."""


class Transaction:
    """What a write may do: execute statements, log exchanges, and know what time the transaction has."""

    def __init__(self, connection: Connection, backend: Sqlite, writer: "Writer") -> None:
        self.connection = connection
        self.backend = backend
        self.now = now_ms()
        """Milliseconds since 1970; the same for all writes of one commit."""
        self.has_written = False
        """Whether anything was asked of the database at all."""
        self._writer = writer
        self._logged: list[tuple[int, Exchange]] = []

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Execute one statement; a list of parameters executes it for each."""
        self.has_written = True
        return cast("CursorResult[Any]", self.connection.execute(statement, parameters))

    def number_exchange(self) -> int:
        """The number that the exchange of this write will have, for its effects to refer to; give it to `log`."""
        return self._writer.next_exchange()

    def log(self, exchange: Exchange, number: int | None = None) -> int:
        """Keep an exchange together with this transaction's effects; returns its number."""
        number = self._writer.next_exchange() if number is None else number
        self._logged.append((number, exchange))
        return number

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the write that may fail by itself: on an exception its effects and log rows are undone."""
        kept = len(self._logged)
        self.connection.exec_driver_sql("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self.backend.in_transaction(self.connection):
                self.connection.exec_driver_sql("ROLLBACK TO part")
                self.connection.exec_driver_sql("RELEASE part")
            del self._logged[kept:]
            raise
        self.connection.exec_driver_sql("RELEASE part")

    def flush_log(self) -> None:
        """Insert the collected log rows."""
        if not self._logged:
            return
        rows, bodies = _log_rows(self._logged)
        self.connection.execute(_INSERT_EXCHANGE, rows)
        if bodies:
            self.connection.execute(_INSERT_BODY, bodies)
        self._logged.clear()


_INSERT_EXCHANGE = insert(tables.Exchange)
_INSERT_BODY = insert(tables.ExchangeBody)
_LISTED = ("direction", "party", "at", "duration", "method", "path", "status", "subject", "outcome", "client",
           "run", "change", "cause")  # fmt: skip


def _log_rows(logged: list[tuple[int, Exchange]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows = [{"id": number, **{name: getattr(exchange, name) for name in _LISTED}} for number, exchange in logged]
    bodies = [
        {
            "exchange": number,
            "request_headers": orjson.dumps(dict(exchange.request_headers)),
            "request_body": exchange.request_body,
            "response_headers": orjson.dumps(dict(exchange.response_headers)),
            "response_body": exchange.response_body,
        }
        for number, exchange in logged
    ]
    return rows, bodies


Write = Callable[[Transaction], T]


@dataclass(slots=True)
class _Job(Generic[T]):
    """One write that waits, and how its caller is told."""

    write: Write[T]
    settle: Callable[[T | None, BaseException | None], None]
    result: T | None = None
    error: BaseException | None = None


class Writer:
    """Runs writes in a thread of its own, in the order they came. Thread-safe."""

    def __init__(self, engine: Engine, backend: Sqlite) -> None:
        self._engine = engine
        self._backend = backend
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._last_exchange: int | None = None
        self._connection: Connection | None = None
        self.trouble: StoreError | None = None
        """Why the last transaction that changed something was not kept; `None` where it was."""
        self._closed = False
        self.on_commit: list[Callable[[], None]] = []
        """Called in the writer's thread after each commit, before its callers are told."""
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def write(self, write: Write[T]) -> T:
        """Run `write`, and return its result once it is committed.

        :raises StoreError: when the store is busy, full or unreadable; nothing was kept.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            with suppress(RuntimeError):  # the caller's loop is gone, and nobody waits any more
                loop.call_soon_threadsafe(_settle, future, result, error)

        self._queue(_Job(write, settle))
        return await future

    def write_now(self, write: Write[T]) -> T:
        """The same for callers without an event loop: blocks until committed."""
        future: Future[T] = Future()
        self._queue(_Job(write, lambda result, error: _settle(future, result, error)))
        return future.result()

    def log(self, exchange: Exchange) -> None:
        """Keep an exchange that has no effect of its own, with the next commit; does not wait."""
        self._queue(_Job(lambda tx: tx.log(exchange), lambda _result, _error: None))

    def _queue(self, job: _Job[Any]) -> None:
        if self._closed:
            raise StoreError("the store is closed: open it again")
        self._jobs.put(job)

    def next_exchange(self) -> int:
        """The number of the next exchange (inside a transaction)."""
        if self._last_exchange is None:
            assert self._connection is not None
            newest = self._connection.execute(select(func.max(tables.Exchange.id))).scalar()
            self._last_exchange = newest or 0
        self._last_exchange += 1
        return self._last_exchange

    def close(self) -> None:
        """Commit what waits, then stop; later writes are refused."""
        self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping = self._take()
            if batch:
                self._commit(batch)
        if self._connection is not None:
            self._connection.close()

    def _take(self) -> tuple[list[_Job[Any]], bool]:
        """Wait for a write, then take all that wait with it."""
        job = self._jobs.get()
        batch: list[_Job[Any]] = []
        while job is not None:
            batch.append(job)
            if len(batch) == GROUP:
                return batch, False
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: list[_Job[Any]]) -> None:
        try:
            self._transact(batch)
        except DBAPIError as error:
            self._abandon(batch, self._backend.translate(error))
        except Exception as error:  # noqa: BLE001 - the thread must outlive any failure, and the callers must hear of it
            self._abandon(batch, StoreError(f"the store failed: {error}"))
        for tell in self.on_commit:
            tell()
        for job in batch:
            job.settle(job.result, job.error)

    def _transact(self, batch: list[_Job[Any]]) -> None:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            transaction = Transaction(self._connection, self._backend, self)
            for job in batch:
                _run_job(job, transaction)
            transaction.flush_log()
        if transaction.has_written:
            self.trouble = None

    def _abandon(self, batch: list[_Job[Any]], error: StoreError) -> None:
        """Nothing of this batch was kept: tell every caller, and start afresh with a new connection."""
        self.trouble = error
        self._last_exchange = None
        with suppress(DBAPIError):
            if self._connection is not None:
                self._connection.close()
        self._connection = None
        for job in batch:
            job.result, job.error = None, error


def _run_job(job: _Job[Any], transaction: Transaction) -> None:
    try:
        with transaction.savepoint():
            job.result = job.write(transaction)
    except DBAPIError as error:
        if (
            error.connection_invalidated
            or not transaction.backend.in_transaction(transaction.connection)
            or is_damage(error.orig)
        ):
            raise
        job.error = error
    except Exception as error:  # noqa: BLE001 - handed to the caller, whose write it was
        job.error = error


def _settle(future: Any, result: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
