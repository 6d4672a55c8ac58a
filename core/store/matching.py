"""Conditions of a query as SQL over the columns of users and groups: what a filter compares, where a column holds it.

Each condition is true or false and never null, so that it can be negated, and says whether it is exact: one that is
not holds for everything that matches, and for more. They stand in statements over `TABLES[kind]` that name the
provider as `:provider`. Texts are ordered by code point, which is how SQLite compares them.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, not_, or_, select, text, true

from core.store.identities import TABLES, Kind
from core.store.identity_columns import exact_key, name_key, storable
from core.store.tables import GROUPS, MEMBERSHIPS, USER_EMAILS, USERS

Operator = Literal["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]
Column = ColumnElement[Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ORDERED: dict[str, Callable[[Any, Any], Any]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Condition:
    """What narrows a query down."""

    sql: ColumnElement[bool]
    is_exact: bool = True
    is_selective: bool = False
    """Whether an index leads to the few that meet it, so that they are better sorted than found in order."""


EVERYTHING = Condition(true())
NOTHING = Condition(false())


@dataclass(frozen=True, slots=True)
class _Text:
    """A column of text, in the form in which it is compared."""

    column: Column
    is_folded: bool
    is_required: bool = False


def _texts(kind: Kind) -> dict[str, _Text]:
    table = TABLES[kind].c
    common = {
        "id": _Text(table.id, is_folded=False, is_required=True),
        "externalId": _Text(table.external_id, is_folded=False),
        "displayName": _Text(table.display_name_key, is_folded=True, is_required=kind == "Group"),
    }
    own = {"userName": _Text(table.user_name_key, is_folded=True, is_required=True)} if kind == "User" else {}
    return common | own


_TEXTS: dict[Kind, dict[str, _Text]] = {"User": _texts("User"), "Group": _texts("Group")}
_TIMES = {"meta.created": "created_at", "meta.lastModified": "modified_at"}
_LINKS: dict[Kind, str] = {"User": "groups", "Group": "members"}
_ALWAYS = frozenset(("schemas", "meta", "meta.resourceType", "meta.version", "meta.location", *_TIMES))
"""What every resource has."""


def compared(kind: Kind, name: str, op: Operator, value: Any) -> Condition | None:
    """The condition that the attribute `name` is in the relation `op` to `value`; `None` where no column tells.

    `value` is of the attribute's type, a time an aware datetime, or `None` for no value.
    """
    if op in ("co", "sw", "ew") and not isinstance(value, str):
        return NOTHING  # no text has such a part
    if name in _TEXTS[kind]:
        return _text(_TEXTS[kind][name], op, value)
    if name in _TIMES:
        return _time(TABLES[kind].c[_TIMES[name]], op, value)
    if kind == "User" and name == "emails.value":
        return _email(op, value)
    if kind == "User" and name == "active":
        return _active(op, value)
    if name == f"{_LINKS[kind]}.value":
        return _linked(kind, op, value)
    if name == "meta.resourceType" and op in ("eq", "ne"):
        return EVERYTHING if (value == kind) is (op == "eq") else NOTHING
    return None


def present(kind: Kind, name: str) -> Condition | None:
    """The condition that an attribute has a value; `None` where no column tells."""
    if name in _TEXTS[kind]:
        own = _TEXTS[kind][name]
        return EVERYTHING if own.is_required else Condition(and_(own.column.is_not(None), own.column != ""))
    if name in _ALWAYS or (kind == "User" and name == "active"):
        return EVERYTHING
    if kind == "User" and name == "emails.value":
        return Condition(_any_email(lambda column: column != ""))
    if name in (_LINKS[kind], f"{_LINKS[kind]}.value"):
        return Condition(_has_links(kind))
    return None


def negated(condition: Condition) -> Condition:
    """The opposite of an exact condition."""
    return Condition(not_(condition.sql))


def joined(parts: Sequence[Condition], *, by_and: bool) -> Condition:
    """All of these conditions, or any of them."""
    join, selects = (and_, any) if by_and else (or_, all)
    is_exact, is_selective = all(part.is_exact for part in parts), selects(part.is_selective for part in parts)
    return Condition(join(*(part.sql for part in parts)), is_exact, is_selective)


def _either(found: ColumnElement[bool], op: Operator) -> Condition:
    return Condition(found, is_selective=True) if op == "eq" else Condition(not_(found))


def _text(own: _Text, op: Operator, value: Any) -> Condition | None:
    column = own.column
    if value is None:
        is_null = false() if own.is_required else column.is_(None)
        return Condition({"eq": is_null, "ne": not_(is_null)}.get(op, false()))
    if not storable(value):
        return None if op in _ORDERED else EVERYTHING if op == "ne" else NOTHING
    if op == "ne":
        return Condition(not_(_holds(own, "eq", value)))
    is_exact = own.is_folded or op not in ("co", "ew")
    return Condition(_holds(own, op, value), is_exact, is_selective=op == "eq")


def _holds(own: _Text, op: Operator, value: str) -> ColumnElement[bool]:
    compare = _comparison(op, name_key(value) if own.is_folded else exact_key(value))
    found = compare(own.column)
    return found if own.is_required else and_(own.column.is_not(None), found)


def _comparison(op: Operator, key: str) -> Callable[[Column], ColumnElement[bool]]:
    """A comparison of a column with a text; co and ew hold for more where case counts, since LIKE has none."""
    if op in _ORDERED:
        return lambda column: _ORDERED[op](column, key)
    if op == "sw":
        end = _after(key)
        return lambda column: column >= key if end is None else and_(column >= key, column < end)
    if op == "co":
        return lambda column: column.contains(key, autoescape=True)
    if op == "ew":
        return lambda column: column.endswith(key, autoescape=True)
    return lambda column: column == key


def _after(prefix: str) -> str | None:
    """The least text that is behind all that begin with `prefix`; `None` where there is none."""
    for at in range(len(prefix) - 1, -1, -1):
        code = ord(prefix[at])
        if code < _LAST:
            following = _SURROGATES.stop if code + 1 in _SURROGATES else code + 1
            return prefix[:at] + chr(following)
    return None


def _email(op: Operator, value: Any) -> Condition | None:
    if value is None:
        return None
    if not storable(value):
        return None if op in _ORDERED else EVERYTHING if op == "ne" else NOTHING
    key = name_key(value)
    if op in ("eq", "ne"):
        found = _has_email(key)
        return _either(found, op)
    return Condition(_any_email(_comparison(op, key)))


def _has_email(key: str) -> ColumnElement[bool]:
    """By index: the users with that address alone, and those who have it among others."""
    other = USERS.alias("addressed")
    alone = select(other.c.key).where(
        other.c.provider == bindparam("provider"), other.c.email_key == key, other.c.deleted_at.is_(None)
    )
    among = select(USER_EMAILS.c.user_key).where(USER_EMAILS.c.email_key == key)
    return USERS.c.key.in_(alone.union_all(among))


def _any_email(holds: Callable[[Column], ColumnElement[bool]]) -> ColumnElement[bool]:
    alone = and_(USERS.c.email_key.is_not(None), holds(USERS.c.email_key))
    among = exists(
        select(USER_EMAILS.c.user_key).where(USER_EMAILS.c.user_key == USERS.c.key, holds(USER_EMAILS.c.email_key))
    )
    return or_(alone, among)


def _active(op: Operator, value: Any) -> Condition | None:
    if value is None:  # a user of whom it was never told is active
        return {"eq": NOTHING, "ne": EVERYTHING}.get(op)
    if op not in ("eq", "ne"):
        return None
    if bool(value) is (op == "eq"):
        return Condition(USERS.c.active.is_(True))
    return Condition(and_(USERS.c.deleted_at.is_(None), text("NOT users.active")))  # as its index has it


def _time(column: Column, op: Operator, value: Any) -> Condition | None:
    """Columns hold milliseconds: a time between two of them equals none, and is after the first."""
    if value is None:
        return {"eq": NOTHING, "ne": EVERYTHING}.get(op, NOTHING)
    if not isinstance(value, datetime):
        return NOTHING  # a part of a text: no time has one
    whole, rest = divmod(value - _EPOCH, _MILLISECOND)
    if op in ("eq", "ne"):
        found = column == whole if not rest else false()
        return Condition(found if op == "eq" else not_(found))
    bound = whole + 1 if rest and op in ("ge", "lt") else whole
    return Condition(_ORDERED[op](column, bound)) if op in _ORDERED else NOTHING


def _linked(kind: Kind, op: Operator, value: Any) -> Condition | None:
    """Memberships by the id at their other end."""
    if value is None:
        return {"eq": Condition(not_(_has_links(kind))), "ne": Condition(_has_links(kind))}.get(op, NOTHING)
    if op not in ("eq", "ne"):
        return None
    if not storable(value):
        return EVERYTHING if op == "ne" else NOTHING
    return _either(_in_group(exact_key(value)) if kind == "User" else _has_member(exact_key(value)), op)


def _in_group(ident: str) -> ColumnElement[bool]:
    group = select(GROUPS.c.key).where(GROUPS.c.id == ident).scalar_subquery()
    found = select(MEMBERSHIPS.c.member_key).where(MEMBERSHIPS.c.group_key == group, MEMBERSHIPS.c.nested.is_(False))
    return USERS.c.key.in_(found)


def _has_member(ident: str) -> ColumnElement[bool]:
    inner = GROUPS.alias("inner_group")
    parts = [
        select(MEMBERSHIPS.c.group_key).where(
            MEMBERSHIPS.c.nested.is_(nested),
            MEMBERSHIPS.c.member_key == select(table.c.key).where(table.c.id == ident).scalar_subquery(),
        )
        for nested, table in ((False, USERS), (True, inner))
    ]
    return GROUPS.c.key.in_(parts[0].union_all(parts[1]))


def _has_links(kind: Kind) -> ColumnElement[bool]:
    if kind == "Group":
        return exists(select(MEMBERSHIPS.c.group_key).where(MEMBERSHIPS.c.group_key == GROUPS.c.key))
    own = (MEMBERSHIPS.c.member_key == USERS.c.key, MEMBERSHIPS.c.nested.is_(False))
    return exists(select(MEMBERSHIPS.c.group_key).where(*own))
