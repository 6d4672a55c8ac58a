"""Statements that are made once and run often: those of the requests that make up nearly all traffic.

SQLAlchemy compiles them, and they run on the driver's own connection, which costs a few microseconds where building
and executing the same statement through SQLAlchemy costs a hundred. Rows come back as the driver gives them: booleans
are 0 and 1. Everything that is not on the path of a request goes through SQLAlchemy as usual.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
Parameters = dict[str, Any]


class Prepared:
    """One statement; its parameters are `bindparam`s, given by name."""

    __slots__ = ("_fixed", "_names", "_pick", "_sql", "_statement")

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._sql: str | None = None
        self._names: tuple[str, ...] = ()
        self._fixed: dict[str, Any] = {}
        self._pick: Callable[[Sequence[Any]], Any] | None = None

    def first(self, connection: Connection, **parameters: Any) -> Row | None:
        """Run it, and return its first row."""
        row: Row | None = self._run(connection, parameters).fetchone()
        return row

    def all(self, connection: Connection, **parameters: Any) -> list[Row]:
        """Run it, and return all its rows."""
        rows: list[Row] = self._run(connection, parameters).fetchall()
        return rows

    def change(self, connection: Connection, **parameters: Any) -> int:
        """Run it, and return how many rows it changed."""
        changed: int = self._run(connection, parameters).rowcount
        return changed

    def change_in_order(self, connection: Connection, names: Sequence[str], values: Sequence[Any]) -> None:
        """Run it with many parameters, given in an order that is always the same."""
        driver, sql = self._driver(connection)
        if self._pick is None:
            places = {name: at for at, name in enumerate(names)}
            self._pick = itemgetter(*(places[name] for name in self._names))
        row = self._pick(values)
        try:
            driver.execute(sql, row)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _wrapped(sql, row, error, connection.dialect) from error

    def _run(self, connection: Connection, parameters: Parameters) -> Any:
        driver, sql = self._driver(connection)
        row = self._ordered(parameters)
        try:
            return driver.execute(sql, row)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _wrapped(sql, row, error, connection.dialect) from error

    def _driver(self, connection: Connection) -> tuple[Any, str]:
        if self._sql is None:
            self._compile(connection.dialect)
        assert self._sql is not None
        return connection.connection.dbapi_connection, self._sql

    def _ordered(self, parameters: Parameters) -> Sequence[Any]:
        given = self._fixed | parameters if self._fixed else parameters
        return [given[name] for name in self._names]

    def _compile(self, dialect: Dialect) -> None:
        compiled: Any = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._names, self._sql = tuple(compiled.positiontup), str(compiled)


def _wrapped(sql: str, parameters: Any, error: Any, dialect: Dialect) -> DBAPIError:
    """The error as SQLAlchemy raises it, for the store to translate."""
    wrapped = DBAPIError.instance(sql, parameters, error, dialect.loaded_dbapi.Error, dialect=dialect)
    assert isinstance(wrapped, DBAPIError)
    return wrapped
