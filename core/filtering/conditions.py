"""Conditions on exchanges, as SQL.

Every leaf is true or false, never NULL, so that each can be turned round. Letters are compared as SQLite does: without
case in ASCII, and otherwise as they are. Values reach SQL as parameters only.
"""

from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase, ascii_uppercase
from typing import Protocol

import orjson
from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, false, func, not_, or_, true

from core.store import tables

_COLUMNS = tables.Exchange.metadata.tables["exchanges"].c
_MESSAGES = tables.ExchangeBody.metadata.tables["exchange_bodies"].c
_ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


class Condition(Protocol):
    """What an exchange must be to be shown."""

    def sql(self) -> ColumnElement[bool]:
        """The condition on the table of exchanges."""


@dataclass(frozen=True)
class Contains:
    """One of the columns holds the text, in any case.

    Letters outside ASCII are looked for as typed, all small, all capital, and with capitals at the words' beginnings.
    """

    columns: tuple[str, ...]
    text: str

    @cached_property
    def _forms(self) -> tuple[str, ...]:
        return forms(self.text)

    def sql(self) -> ColumnElement[bool]:
        """LIKE with its wildcards escaped."""
        pairs = [(_COLUMNS[column], form) for column in self.columns for form in self._forms]
        return or_(*(column.icontains(form, autoescape=True) for column, form in pairs))


@dataclass(frozen=True, slots=True)
class Said:
    """Headers or body of the request or the response hold the text, as it is or as JSON writes it.

    No index helps: what is looked at is read whole.
    """

    text: str

    def sql(self) -> ColumnElement[bool]:
        """EXISTS over the messages, which lie apart from what a list reads."""
        wanted = dict.fromkeys((*forms(self.text), *forms(orjson.dumps(self.text).decode()[1:-1])))
        parts = ("request_headers", "request_body", "response_headers", "response_body")
        texts = [cast(_MESSAGES[part], Text) for part in parts]
        held = or_(*(text.icontains(form, autoescape=True) for text in texts for form in wanted))
        return exists().where(_MESSAGES.exchange == _COLUMNS.id, held)


@dataclass(frozen=True, slots=True)
class Is:
    """A column is exactly this text, in any case."""

    column: str
    text: str

    def sql(self) -> ColumnElement[bool]:
        """Equality of the small letters."""
        return func.lower(_COLUMNS[self.column]) == _folded(self.text)


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


@dataclass(frozen=True, slots=True)
class Missing:
    """A column holds nothing."""

    column: str

    def sql(self) -> ColumnElement[bool]:
        """NULL."""
        return _COLUMNS[self.column].is_(None)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the conditions holds; true where there is none."""

    conditions: tuple[Condition, ...]

    def sql(self) -> ColumnElement[bool]:
        """AND."""
        return and_(true(), *(condition.sql() for condition in self.conditions))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def sql(self) -> ColumnElement[bool]:
        """OR, kept from the query planner: it would walk an index for each side, whatever range of ids is asked for."""
        return case((or_(*(condition.sql() for condition in self.conditions)), true()), else_=false()).is_(true())


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition

    def sql(self) -> ColumnElement[bool]:
        """NOT."""
        return not_(self.condition.sql())


ALL = AllOf(())
"""The condition that every exchange fulfils."""


def forms(text: str) -> tuple[str, ...]:
    """How a text may be written where SQLite does not know its capital letters."""
    return tuple(dict.fromkeys(map(_folded, (text, text.lower(), text.upper(), text.title()))))


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)
