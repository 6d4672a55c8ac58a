"""The store: where the parts meet. Opening it, reading it, writing to it, and watching it for news.

    with Store.open("sqlite:////var/lib/manciple/manciple.db") as store:
        with store.read() as connection: ...           # a snapshot; never waits for the writer
        store.writer.write_now(lambda tx: tx.execute(...))  # returns after the commit

The tables are in `core.store.tables`; the queries are grouped by subject in the modules beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from types import TracebackType

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from core.store.errors import StoreError, StoreUnreadable
from core.store.opening import prepare
from core.store.sqlite import Sqlite
from core.store.watch import Watch
from core.store.writer import Transaction, Write, Writer

__all__ = ["Store", "StoreError", "Transaction", "Watch", "Write", "Writer"]


class Store:
    """One open store. Thread-safe; close it when done."""

    def __init__(self, backend: Sqlite) -> None:
        self.backend = backend
        self._writing = backend.open_writer()
        self.backup: Path | None = None
        """Where the database was copied to before this opening migrated it."""
        try:
            self.backup = prepare(backend, self._writing)
        except BaseException:
            self._writing.dispose()
            raise
        self._reading = backend.open_reader()
        self._kept: dict[int, Connection] = {}
        self.writer = Writer(self._writing, backend)

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open the store at `url`, making or migrating its database where needed.

        :raises StoreError: when it cannot be opened; the message says what to do.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise StoreUnreadable(
                f"store.url {url!r} is not a database URL: use sqlite:////absolute/path.db"
            ) from error
        if parsed.get_backend_name() != "sqlite":
            raise StoreUnreadable(f"store.url: {parsed.get_backend_name()} is not served yet: use sqlite:////path.db")
        return cls(Sqlite(parsed))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose reads all see one moment; keep it short, a long one holds back checkpoints.

        :raises StoreError: when the store cannot be read.
        """
        try:
            with self._reading.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise self.backend.translate(error) from error

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """The same for one `Prepared` statement and nothing else, on a connection that this thread keeps: no wait.

        Each statement sees a moment of its own.

        :raises StoreError: when the store cannot be read.
        """
        try:
            yield self._glancing()
        except DBAPIError as error:
            raise self.backend.translate(error) from error

    def _glancing(self) -> Connection:
        kept = self._kept.get(get_ident())
        if kept is None:
            kept = self._reading.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._kept[get_ident()] = kept
        return kept

    def watch(self) -> Watch:
        """News of commits by any other connection, of this process or another."""
        return Watch(self.backend, self._reading)

    def close(self) -> None:
        """Commit what waits, and close every connection."""
        self.writer.close()
        for kept in self._kept.values():
            kept.close()
        self._reading.dispose()
        self._writing.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
