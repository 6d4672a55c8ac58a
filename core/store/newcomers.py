"""Active users without an account at a target, found by what they may have in common with one that comes.

Two that map to one account decide each other, so a plan for one needs the other. What a mapping makes of a user no
column has; these give the one value that is mapped, of those that may be meant: few of a hundred thousand, where there
are clues (`core.planning.unmapping`).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, or_, select

from core.planning.unmapping import Clues
from core.store.attributes import flattened
from core.store.identity_columns import exact_key, name_key
from core.store.parts import rows_of
from core.store.tables import LINKS, USERS

MANY = 20
"""Clues from which on it costs less to look at the values of all."""
_COLUMNS: Mapping[str, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "userName": (USERS.c.user_name_key, USERS.c.user_name),
    "displayName": (USERS.c.display_name_key, USERS.c.display_name),
    "emails.work": (USERS.c.email_key, USERS.c.email),
}
"""Attribute path → the column to look in, and the one that has a value wherever there is any."""


def values(
    connection: Connection, provider: str, target: str, attribute: str, clues: Sequence[Clues] | None
) -> Iterator[tuple[str, str]]:
    """Ids of those whose attribute contains all texts of any of these clues, with the attribute's value, and some more:
    all, where there are no clues (`None`) or the attribute has no column."""
    if attribute not in _COLUMNS:
        yield from _of_documents(connection, _narrow(provider, target, USERS.c.document), attribute)
        return
    key, value = _COLUMNS[attribute]
    some = _narrow(provider, target, value).where(key.is_not(None))
    if clues is not None:
        is_normal = func.lower(value) == key  # what is not may be anything
        some = some.where(or_(not_(is_normal), *(_contains(key, texts) for texts in clues)))
    yield from map(tuple, connection.execute(some))
    unkeyed = _narrow(provider, target, USERS.c.document).where(key.is_(None), value.is_not(None))
    yield from _of_documents(connection, unkeyed, attribute)  # one with several addresses has them elsewhere


def with_external_ids(connection: Connection, provider: str, target: str, external_ids: Collection[str]) -> set[str]:
    """Ids of those with any of these ids at the IdP."""
    keys = {exact_key(each) for each in external_ids}
    return {ident for (ident,) in rows_of(connection, _narrow(provider, target), USERS.c.external_id, keys)}


def _of_documents(connection: Connection, statement: Select[Any], attribute: str) -> Iterator[tuple[str, str]]:
    for ident, document in connection.execute(statement):
        value = flattened(orjson.loads(document)).get(attribute)
        if value is not None:
            yield ident, value


def _contains(key: ColumnElement[Any], texts: Clues) -> ColumnElement[bool]:
    return and_(*(key.contains(name_key(text), autoescape=True) for text in sorted(texts)))


def _narrow(provider: str, target: str, *columns: ColumnElement[Any]) -> Select[Any]:
    linked = USERS.outerjoin(LINKS, and_(LINKS.c.user_id == USERS.c.id, LINKS.c.target == target))
    active = and_(USERS.c.provider == provider, USERS.c.deleted_at.is_(None), USERS.c.active.is_(True))
    return select(USERS.c.id, *columns).select_from(linked).where(active, LINKS.c.user_id.is_(None))
