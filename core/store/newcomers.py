"""Active users without an account at a target, found by what they may have in common with one that comes.

Two that map to one account decide each other, so a plan for one needs the other. What a mapping makes of a user no
column has; these find those that may be meant, few of a hundred thousand, and the caller maps them.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from core.store.identity_columns import exact_key, name_key
from core.store.parts import rows_of
from core.store.tables import LINKS, USERS

MANY = 20
"""Texts from which on all users are taken: one look at each costs less than so many."""
_COLUMNS: Mapping[str, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "userName": (USERS.c.user_name_key, USERS.c.user_name),
    "displayName": (USERS.c.display_name_key, USERS.c.display_name),
    "emails.work": (USERS.c.email_key, USERS.c.email),
}
"""Attribute path → the column to look in, and the one that has a value wherever there is any."""


def all_ids(connection: Connection, provider: str, target: str) -> set[str]:
    """Ids of all of them."""
    return {ident for (ident,) in connection.execute(_ids(provider, target))}


def containing(connection: Connection, provider: str, target: str, attribute: str, texts: Collection[str]) -> set[str]:
    """Ids of those whose attribute contains any of these texts, without case, and of some more: of all, where the
    attribute has no column, or the texts are many."""
    if not texts:
        return set()
    if attribute not in _COLUMNS or len(texts) > MANY:
        return all_ids(connection, provider, target)
    key, value = _COLUMNS[attribute]
    found = [key.contains(name_key(text), autoescape=True) for text in sorted(texts)]
    unkeyed = and_(key.is_(None), value.is_not(None))  # one with several addresses has them elsewhere
    like = _ids(provider, target).where(or_(*found, unkeyed))
    return {ident for (ident,) in connection.execute(like)}


def with_external_ids(connection: Connection, provider: str, target: str, external_ids: Collection[str]) -> set[str]:
    """Ids of those with any of these ids at the IdP."""
    keys = {exact_key(each) for each in external_ids}
    return {ident for (ident,) in rows_of(connection, _ids(provider, target), USERS.c.external_id, keys)}


def _ids(provider: str, target: str) -> Select[Any]:
    linked = USERS.outerjoin(LINKS, and_(LINKS.c.user_id == USERS.c.id, LINKS.c.target == target))
    active = and_(USERS.c.provider == provider, USERS.c.deleted_at.is_(None), USERS.c.active.is_(True))
    return select(USERS.c.id).select_from(linked).where(active, LINKS.c.user_id.is_(None))
