"""Long lists of parameters in parts, since databases limit how many one statement may have."""

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select

T = TypeVar("T", int, str)
PART = 500


def parts(values: Collection[T]) -> Iterator[list[T]]:
    """The values in ascending order, at most `PART` at a time."""
    listed = sorted(values)
    for start in range(0, len(listed), PART):
        yield listed[start : start + PART]


def rows_of(
    connection: Connection, statement: Select[Any], column: ColumnElement[Any], values: Collection[T]
) -> Iterator[Any]:
    """The rows of `statement` whose `column` is one of `values`."""
    for part in parts(values):
        yield from connection.execute(statement.where(column.in_(part)))
