"""Everything that is true of SQLite only: connecting, upserts, the change counter, the engine lock, backups, errors.

No other file knows which database it talks to. WAL lets readers go on while the one writer commits; synchronous=FULL
makes a commit durable before it is acknowledged (SQLite documentation, "Write-Ahead Logging", "PRAGMA synchronous").
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from core.store.errors import EngineRunning, StoreBusy, StoreError, StoreFull, StoreUnreadable

BUSY_SECONDS = 5.0
"""How long a write waits for another process before it gives up as busy."""


class Sqlite:
    """The SQLite backend of one store file.

    :raises StoreUnreadable: when the file's folder does not exist.
    """

    def __init__(self, url: URL) -> None:
        self.path = Path(url.database or "").resolve()
        if not self.path.parent.is_dir():
            raise StoreUnreadable(f"{self.path.parent} does not exist: create it, or change store.url")
        self._url = url.set(database=str(self.path))
        _private(self.path)

    def exists(self) -> bool:
        """Whether the database file is there."""
        return self.path.exists()

    def open_reader(self) -> Engine:
        """An engine for reading: transactions are snapshots, and writing is refused."""
        return self._engine(begin="BEGIN", read_only=True, pool_size=8)

    def open_writer(self) -> Engine:
        """An engine for writing: one connection, and its transactions take the write lock at once."""
        return self._engine(begin="BEGIN IMMEDIATE", read_only=False, pool_size=1)

    def _engine(self, *, begin: str, read_only: bool, pool_size: int) -> Engine:
        engine = create_engine(
            self._url,
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=0 if not read_only else 8,
            connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS, "cached_statements": 512},
        )

        @event.listens_for(engine, "connect")
        def _prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.execute("PRAGMA journal_size_limit=67108864")
            if read_only:
                connection.execute("PRAGMA query_only=ON")
                connection.execute("PRAGMA cache_size=-1024")  # KiB: many connections, and the kernel caches as well

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
                connection.exec_driver_sql(begin)

        return engine

    def use_memory(self, connection: Connection, mib: int) -> None:
        """Keep so many MiB of pages for a connection that writes much at random places, and move what is committed
        into the file less often: each page goes there once for many changes (SQLite, "PRAGMA wal_autocheckpoint")."""
        connection.exec_driver_sql(f"PRAGMA cache_size=-{mib * 1024}")
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={mib * 1024 * 1024 // size}")

    def insert(self, table: Table) -> Insert:
        """An INSERT that may say what to do on conflict."""
        return insert(table)

    def upsert(self, table: Table, keys: Sequence[str], update: Sequence[str] | None = None) -> Insert:
        """INSERT, or UPDATE the `update` columns (all but `keys`, unless given) of the row with the same `keys`."""
        statement = insert(table)
        names = update if update is not None else [c.name for c in table.columns if c.name not in keys]
        return statement.on_conflict_do_update(
            index_elements=list(keys), set_={name: statement.excluded[name] for name in names}
        )

    def begin_part(self, connection: Connection) -> None:
        """Begin a part of a transaction that can be undone; parts nest. Through the driver: every write has one."""
        _driver(connection).execute("SAVEPOINT part")

    def end_part(self, connection: Connection) -> None:
        """Keep what the innermost part did."""
        _driver(connection).execute("RELEASE part")

    def undo_part(self, connection: Connection) -> None:
        """Undo what the innermost part did, and end it."""
        _driver(connection).execute("ROLLBACK TO part")
        _driver(connection).execute("RELEASE part")

    def in_transaction(self, connection: Connection) -> bool:
        """Whether the transaction still stands: on a full disk SQLite itself rolls it back whole."""
        return _driver(connection).in_transaction

    def change_counter(self, connection: Connection) -> int:
        """A number that changes with every commit made through any other connection."""
        return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    @contextmanager
    def engine_lock(self) -> Iterator[None]:
        """Hold the right to be the one engine of this store; the kernel releases it if the process dies.

        :raises EngineRunning: when another process holds it.
        """
        path = self.path.with_name(self.path.name + ".engine")
        with path.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                file.seek(0)
                raise EngineRunning(
                    f"an engine already runs on {self.path} (pid {file.read().strip() or 'unknown'}): stop it first, "
                    "or use PostgreSQL to run several"
                ) from error
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    @contextmanager
    def pull_lock(self, provider: str) -> Iterator[bool]:
        """Hold the right to pull a provider, if nobody else holds it; whether it is held."""
        path = self.path.with_name(f"{self.path.name}.pull-{provider}")
        with path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True

    def backup(self, suffix: str) -> Path:
        """Copy the database, consistent while others write, to `<file>.<suffix>`; returns the copy's path."""
        copy = self.path.with_name(f"{self.path.name}.{suffix}")
        _private(copy)
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(copy)) as destination:
            source.backup(destination)
        return copy

    def translate(self, error: DBAPIError) -> StoreError:
        """The store error that a driver error amounts to, with what to do next."""
        text = str(error.orig)
        if "locked" in text or "busy" in text:
            return StoreBusy(
                f"the store is busy: another process has held {self.path.name} for more than {BUSY_SECONDS:.0f} s; "
                "look for a stuck manciple process or a backup tool"
            )
        if "full" in text:
            return StoreFull(f"no room left on the disk of {self.path}: free space; nothing acknowledged was lost")
        return StoreUnreadable(f"{self.path}: {text}; check the file, its owner and its folder's permissions")


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _private(path: Path) -> None:
    """Make a new file that only its owner can read: it will hold people's names. SQLite's side files take its mode."""
    with suppress(OSError):  # what is there already, or cannot be made, is for SQLite to judge
        path.touch(mode=0o600, exist_ok=False)


def is_damage(error: Any) -> bool:
    """Whether a driver error concerns the store itself (locked, full, unreadable) rather than one statement."""
    return isinstance(error, sqlite3.OperationalError | sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError
    )
