"""Conditions on exchanges: each is SQL for the store and a check of one row, written side by side so that they agree.

They agree because every leaf is true or false, never NULL, and because letters are compared as SQLite does: without
case in ASCII, and otherwise as they are. Values reach SQL as parameters only.
"""

from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase, ascii_uppercase
from typing import Protocol

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, true

from core.store import tables
from core.store.exchanges import Listed

_COLUMNS = tables.Exchange.metadata.tables["exchanges"].c
_ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


class Condition(Protocol):
    """What an exchange must be to be shown."""

    def sql(self) -> ColumnElement[bool]:
        """The condition on the table of exchanges."""

    def matches(self, row: Listed) -> bool:
        """Whether one exchange fulfils it."""


@dataclass(frozen=True)
class Contains:
    """One of the columns holds the text, in any case.

    Letters outside ASCII are looked for as typed, all small, all capital, and with capitals at the words' beginnings.
    """

    columns: tuple[str, ...]
    text: str

    @cached_property
    def _forms(self) -> tuple[str, ...]:
        forms = (self.text, self.text.lower(), self.text.upper(), self.text.title())
        return tuple(dict.fromkeys(map(_folded, forms)))

    def sql(self) -> ColumnElement[bool]:
        """LIKE with its wildcards escaped."""
        pairs = [(_COLUMNS[column], form) for column in self.columns for form in self._forms]
        return or_(*(column.icontains(form, autoescape=True) for column, form in pairs))

    def matches(self, row: Listed) -> bool:
        """LIKE reads a text up to its first NUL, and so does this."""
        texts = [_folded(getattr(row, column)).partition("\0")[0] for column in self.columns]
        return any(form in text for text in texts for form in self._forms)


@dataclass(frozen=True, slots=True)
class Is:
    """A column is exactly this text, in any case."""

    column: str
    text: str

    def sql(self) -> ColumnElement[bool]:
        """Equality of the small letters."""
        return func.lower(_COLUMNS[self.column]) == _folded(self.text)

    def matches(self, row: Listed) -> bool:
        """The same for one row."""
        return _folded(getattr(row, self.column)) == _folded(self.text)


@dataclass(frozen=True, slots=True)
class Within:
    """A column holds a number from `low` to `high`, both included; `None` leaves that end open."""

    column: str
    low: int | None = None
    high: int | None = None

    def sql(self) -> ColumnElement[bool]:
        """False where the column is NULL."""
        column = _COLUMNS[self.column]
        if self.low is not None and self.low == self.high:
            return and_(column.is_not(None), column == self.low)
        ends = [column >= self.low] if self.low is not None else []
        return and_(column.is_not(None), *ends, *([column <= self.high] if self.high is not None else []))

    def matches(self, row: Listed) -> bool:
        """The same for one row."""
        value = getattr(row, self.column)
        return (
            value is not None and (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """A column holds nothing."""

    column: str

    def sql(self) -> ColumnElement[bool]:
        """NULL."""
        return _COLUMNS[self.column].is_(None)

    def matches(self, row: Listed) -> bool:
        """The same for one row."""
        return getattr(row, self.column) is None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the conditions holds; true where there is none."""

    conditions: tuple[Condition, ...]

    def sql(self) -> ColumnElement[bool]:
        """AND."""
        return and_(true(), *(condition.sql() for condition in self.conditions))

    def matches(self, row: Listed) -> bool:
        """The same for one row."""
        return all(condition.matches(row) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def sql(self) -> ColumnElement[bool]:
        """OR, kept from the query planner: it would walk an index for each side, whatever range of ids is asked for."""
        return case((or_(*(condition.sql() for condition in self.conditions)), true()), else_=false()).is_(true())

    def matches(self, row: Listed) -> bool:
        """The same for one row."""
        return any(condition.matches(row) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition

    def sql(self) -> ColumnElement[bool]:
        """NOT."""
        return not_(self.condition.sql())

    def matches(self, row: Listed) -> bool:
        """The same for one row."""
        return not self.condition.matches(row)


ALL = AllOf(())
"""The condition that every exchange fulfils."""


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)
