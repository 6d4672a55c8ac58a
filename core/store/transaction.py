"""What a write sees of the transaction that it runs in."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import CursorResult

from core.exchange import Exchange
from core.store import tolerance_uses
from core.store.clock import now_ms
from core.store.log_rows import TOGETHER, insert_exchanges
from core.store.sqlite import Sqlite

if TYPE_CHECKING:
    from core.store.writer import Writer


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

    def log_many(self, exchanges: Iterable[Exchange]) -> None:
        """Keep exchanges that have no effect of their own, outside any savepoint.

        They are inserted as they come, so that whoever makes them gives way to other threads in between.
        """
        for exchange in exchanges:
            self.log(exchange)
            if len(self._logged) >= TOGETHER[0]:
                self.flush_log()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the write that may fail by itself: on an exception its effects and log rows are undone."""
        kept = len(self._logged)
        self.backend.begin_part(self.connection)
        try:
            yield
        except BaseException:
            if self.backend.in_transaction(self.connection):
                self.backend.undo_part(self.connection)
            del self._logged[kept:]
            raise
        self.backend.end_part(self.connection)

    def flush_log(self) -> None:
        """Insert the collected log rows, and count the tolerances that they needed."""
        insert_exchanges(self.connection, self._logged)
        tolerance_uses.note(self, tolerance_uses.counted(self._logged))
        self._logged.clear()
