"""The one writer: a thread that commits the writes that wait together in one transaction.

Durability costs one fsync per commit, not per write (group commit). A write is a function of the transaction; it runs
whole, in its own savepoint, so a write that fails takes nothing with it and nothing of it stays. Its caller is told
after the commit, never before. Rows of the log are collected during a transaction and inserted together at its end.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from core.exchange import Exchange
from core.store import tables
from core.store.errors import StoreError
from core.store.prepared import Prepared
from core.store.sqlite import Sqlite, is_damage
from core.store.transaction import Transaction

__all__ = ["Transaction", "Write", "Writer"]

T = TypeVar("T")

GROUP = 256
"""The most writes that share one commit."""
TOGETHER_SECONDS = 0.0005
"""How long a write waits at most for those whose callers were told together with its own."""
LATER_SECONDS = 0.05
"""How long a write that nobody waits for may wait for others to share its commit."""
LATER_AT_MOST = 20_000
"""Writes that nobody waits for, and that wait; beyond, where the store takes none, they are given up and counted."""

_NEWEST_EXCHANGE = Prepared(select(func.max(tables.Exchange.id)))

_log = logging.getLogger(__name__)


Write = Callable[[Transaction], T]
Logged = Exchange | Callable[[], Exchange]
"""An exchange, or what makes it: the writer has the time, where whoever answers has not."""


@dataclass(slots=True)
class _Job(Generic[T]):
    """One write that waits, and how its caller is told."""

    write: Write[T]
    future: "asyncio.Future[T] | Future[T] | None" = None
    """What its caller waits for; `None` where nobody does."""
    loop: asyncio.AbstractEventLoop | None = None
    """The caller's, where it waits in one."""
    result: T | None = None
    error: BaseException | None = None


class _Signal:
    """What else can come out of the queue."""


_STOP, _LATER = _Signal(), _Signal()


class Writer:
    """Runs writes in a thread of its own, in the order they came. Thread-safe."""

    def __init__(self, engine: Engine, backend: Sqlite) -> None:
        self._engine = engine
        self._backend = backend
        self._jobs: SimpleQueue[_Job[Any] | _Signal] = SimpleQueue()
        self._later: deque[Write[Any]] = deque()
        self._exchanges: deque[Logged] = deque()
        self._one_adds = threading.Lock()
        self._given_up = 0
        self._together = 0
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
        self._queue(_Job(write, future, loop))
        return await future

    def write_now(self, write: Write[T]) -> T:
        """The same for callers without an event loop: blocks until committed."""
        future: Future[T] = Future()
        self._queue(_Job(write, future))
        return future.result()

    def later(self, write: Write[Any]) -> None:
        """Run `write` with one of the next commits, without anybody waiting for it; a crash before loses it."""
        self._put_off(self._later, write)

    def log(self, exchange: Logged) -> None:
        """Keep an exchange that has no effect of its own, with one of the next commits; does not wait."""
        self._put_off(self._exchanges, exchange)

    def _put_off(self, waiting: deque[Any], what: Any) -> None:
        """Have the writer take it along; its thread is woken where it has nothing to do yet."""
        self._refuse_closed()
        with self._one_adds:
            if len(waiting) >= LATER_AT_MOST:
                self._given_up += 1
                return
            waiting.append(what)
            if len(waiting) == 1:
                self._jobs.put(_LATER)

    def _queue(self, job: _Job[Any]) -> None:
        self._refuse_closed()
        self._jobs.put(job)

    def _refuse_closed(self) -> None:
        if self._closed:
            raise StoreError("the store is closed: open it again")

    def next_exchange(self) -> int:
        """The number of the next exchange (inside a transaction)."""
        if self._last_exchange is None:
            assert self._connection is not None
            newest = _NEWEST_EXCHANGE.first(self._connection)
            self._last_exchange = (newest and newest[0]) or 0
        self._last_exchange += 1
        return self._last_exchange

    def close(self) -> None:
        """Commit what waits, then stop; later writes are refused."""
        self._closed = True
        self._jobs.put(_STOP)
        self._thread.join()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping = self._take()
            batch += self._waiting()
            if batch or self._exchanges:
                self._commit(batch)
        if self._connection is not None:
            self._connection.close()

    def _take(self) -> tuple[list[_Job[Any]], bool]:
        """Wait for a write, then take all that wait with it; empty where only such wait that nobody waits for.

        Callers who were told together ask again nearly together: as many as last time are waited for a moment, since
        a commit costs more than that moment.
        """
        batch: list[_Job[Any]] = []
        # What came during the last commit found others waiting, and woke nobody.
        deadline = monotonic() + LATER_SECONDS if self._later or self._exchanges else None
        while len(batch) < GROUP:
            try:
                job = self._next(len(batch), deadline)
            except Empty:
                break
            if job is _STOP:
                return batch, True
            if isinstance(job, _Job):
                batch.append(job)
                if len(batch) == 1:
                    deadline = monotonic() + TOGETHER_SECONDS
            elif deadline is None:
                deadline = monotonic() + LATER_SECONDS
        self._together = len(batch)
        return batch, False

    def _next(self, taken: int, deadline: float | None) -> "_Job[Any] | _Signal":
        """What comes next: at once where there are as many as last time, until `deadline` where there are fewer."""
        if taken and (taken >= self._together or not self._jobs.empty()):
            return self._jobs.get_nowait()
        return self._jobs.get(timeout=None if deadline is None else max(0.0, deadline - monotonic()))

    def _waiting(self) -> list[_Job[Any]]:
        """What nobody waits for."""
        if self._given_up:
            _log.error("%d exchanges are missing in the log: the store took no writes", self._given_up)
            self._given_up = 0
        return [_Job(self._later.popleft()) for _ in range(len(self._later))]

    def _commit(self, batch: list[_Job[Any]]) -> None:
        try:
            self._transact(batch)
        except DBAPIError as error:
            self._abandon(batch, self._backend.translate(error))
        except Exception as error:  # noqa: BLE001 - the thread must outlive any failure, and the callers must hear of it
            self._abandon(batch, StoreError(f"the store failed: {error}"))
        for tell in self.on_commit:
            tell()
        _tell(batch)

    def _transact(self, batch: list[_Job[Any]]) -> None:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            # Another process may have logged meanwhile (a pull); nobody can while this transaction lasts.
            self._last_exchange = None
            transaction = Transaction(self._connection, self._backend, self)
            for job in batch:
                _run_job(job, transaction)
            transaction.log_many(_made(self._exchanges.popleft() for _ in range(len(self._exchanges))))
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


def _made(waiting: Iterable[Logged]) -> Iterator[Exchange]:
    """The exchanges themselves; one that cannot be made takes nobody's write with it."""
    for each in waiting:
        try:
            yield each if isinstance(each, Exchange) else each()
        except Exception:  # noqa: BLE001 - a fault of manciple, for its own log
            _log.exception("an exchange is missing in the log")


def _tell(batch: Sequence[_Job[Any]]) -> None:
    """Tell every caller what came of its write; those of one event loop are woken together."""
    for loop in {job.loop for job in batch if job.future is not None}:
        told = [job for job in batch if job.loop is loop and job.future is not None]
        if loop is None:
            _settle(told)
        else:
            with suppress(RuntimeError):  # that loop is gone, and nobody waits any more
                loop.call_soon_threadsafe(_settle, told)


def _settle(told: Sequence[_Job[Any]]) -> None:
    for job in told:
        if job.future is None or job.future.done():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
