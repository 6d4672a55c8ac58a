"""The identity store: users, groups and memberships as the IdP gave them, as plain JSON documents.

Ids are ours, random, never changed and never used again; a deleted resource leaves a tombstone that blocks nothing.
Memberships are rows of their own: a group's document never holds its members, and changing them touches only
those rows.
"""

import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.store.tables import GROUPS, MEMBERSHIPS, USERS
from core.store.writer import Transaction

Kind = Literal["User", "Group"]
Indexed = Literal["id", "userName", "externalId", "displayName", "email"]
"""What a resource can be found by without reading others."""

_TABLES: dict[Kind, Table] = {"User": USERS, "Group": GROUPS}


class NameTaken(Exception):
    """Another live resource of this provider has the userName (RFC 7643 §4.1.1) or the group's displayName."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One live resource. `document` is the resource without `id`, `meta`, `groups` and `members`."""

    key: int
    id: str
    document: dict[str, Any]
    version: int
    created_at: int
    modified_at: int


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a group, or one group of a user: its id, what it is called, and what it is."""

    key: int
    id: str
    display: str
    nested: bool


def name_key(name: str) -> str:
    """The form in which userName and displayName are compared: caseExact is false (RFC 7643 §4.1.1), so folded NFC."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())


def storable(text: str) -> bool:
    """Whether a text can be in the store: PostgreSQL has no NUL in text, and UTF-8 no half of a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def find(connection: Connection, provider: str, kind: Kind, id: str) -> Stored | None:
    """A live resource by its id."""
    if not storable(id):
        return None
    table = _TABLES[kind]
    row = connection.execute(_live(provider, kind).where(table.c.id == id)).first()
    return _stored(row) if row else None


def find_equal(connection: Connection, provider: str, kind: Kind, attribute: Indexed, value: str) -> list[Stored]:
    """Live resources whose indexed attribute equals `value`, in the order of creation.

    By `email`, users with several addresses are among them whether or not one is equal, since the index knows but
    one: compare the addresses themselves.

    :raises KeyError: when that attribute of that kind is not indexed: groups have neither userName nor email.
    """
    if not storable(value):
        return []
    equal = _equal(kind, attribute, value)
    rows = connection.execute(_live(provider, kind).where(equal).order_by(_TABLES[kind].c.key))
    return [_stored(row) for row in rows]


def page(connection: Connection, provider: str, kind: Kind, offset: int, limit: int | None) -> tuple[int, list[Stored]]:
    """How many live resources there are, and those from `offset` (0-based) on, in an order that stays."""
    table = _TABLES[kind]
    total = connection.execute(
        select(func.count()).select_from(table).where(table.c.provider == provider, table.c.deleted_at.is_(None))
    ).scalar_one()
    statement = _live(provider, kind).order_by(table.c.key).offset(offset)
    rows = connection.execute(statement if limit is None else statement.limit(limit))
    return total, [_stored(row) for row in rows]


def create(tx: Transaction, provider: str, kind: Kind, document: dict[str, Any], exchange: int | None = None) -> Stored:
    """Store a new resource under a new id.

    :raises NameTaken: when the name belongs to another live resource of this provider.
    """
    row = {
        "id": str(uuid.uuid4()),
        "provider": provider,
        "version": 1,
        "created_at": tx.now,
        "modified_at": tx.now,
        "exchange": exchange,
        **_columns(kind, document),
    }
    with _unique(tx):
        inserted = tx.execute(insert(_TABLES[kind]).values(row)).inserted_primary_key
    assert inserted is not None
    return Stored(inserted[0], str(row["id"]), document, 1, tx.now, tx.now)


def replace(
    tx: Transaction, kind: Kind, stored: Stored, document: dict[str, Any], exchange: int | None = None
) -> Stored:
    """Give a resource a new document, under the same id; its version counts up.

    :raises NameTaken: when the new name belongs to another live resource of this provider.
    """
    table = _TABLES[kind]
    version = stored.version + 1
    columns = _columns(kind, document)
    if "active" not in document:  # not told is no news: a leaver is not enabled by what leaves it out
        columns.pop("active", None)
    values = {**columns, "version": version, "modified_at": tx.now, "exchange": exchange}
    with _unique(tx):
        tx.execute(update(table).where(table.c.key == stored.key).values(values))
    return Stored(stored.key, stored.id, document, version, stored.created_at, tx.now)


def count_version_up(tx: Transaction, kind: Kind, stored: Stored) -> Stored:
    """Note that what is kept beside the document changed: a group's members. The document is not written again."""
    table = _TABLES[kind]
    version = stored.version + 1
    tx.execute(update(table).where(table.c.key == stored.key).values(version=version, modified_at=tx.now))
    return Stored(stored.key, stored.id, stored.document, version, stored.created_at, tx.now)


def remove(tx: Transaction, kind: Kind, stored: Stored, exchange: int | None = None) -> None:
    """Leave a tombstone, and end the resource's memberships: those of others in it, and its own in others."""
    table = _TABLES[kind]
    tx.execute(
        update(table).where(table.c.key == stored.key).values(deleted_at=tx.now, modified_at=tx.now, exchange=exchange)
    )
    nested = kind == "Group"
    tx.execute(delete(MEMBERSHIPS).where(MEMBERSHIPS.c.nested == nested, MEMBERSHIPS.c.member_key == stored.key))
    if nested:
        tx.execute(delete(MEMBERSHIPS).where(MEMBERSHIPS.c.group_key == stored.key))


def members(connection: Connection, group: int) -> list[Member]:
    """The members of a group: users first, each kind in the order of creation."""
    users = _member_of(connection, USERS, USERS.c.user_name, nested=False, group=group)
    return users + _member_of(connection, GROUPS, GROUPS.c.display_name, nested=True, group=group)


def groups_of(connection: Connection, user: int) -> list[Member]:
    """The groups that a user is a direct member of."""
    rows = connection.execute(
        select(GROUPS.c.key, GROUPS.c.id, GROUPS.c.display_name)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.group_key == GROUPS.c.key)
        .where(MEMBERSHIPS.c.nested.is_(False), MEMBERSHIPS.c.member_key == user)
        .order_by(GROUPS.c.key)
    )
    return [Member(key, id, display, nested=True) for key, id, display in rows]


def resolve_members(connection: Connection, provider: str, ids: Sequence[str]) -> dict[str, tuple[bool, int]]:
    """For each id of a live user or group of this provider: whether it is a group, and its row number."""
    found: dict[str, tuple[bool, int]] = {}
    ids = [id for id in ids if storable(id)]
    for nested, table in ((False, USERS), (True, GROUPS)):
        for start in range(0, len(ids), 500):  # databases limit the parameters of one statement
            part = ids[start : start + 500]
            rows = connection.execute(
                select(table.c.id, table.c.key).where(
                    table.c.id.in_(part),
                    table.c.provider == provider,
                    table.c.deleted_at.is_(None),
                )
            )
            found |= {id: (nested, key) for id, key in rows}
    return found


def add_members(
    tx: Transaction, group: int, added: Iterable[tuple[bool, int, str | None]], exchange: int | None = None
) -> None:
    """Add members: (is a group, row number, what the IdP calls it). Of those already there only that name changes."""
    rows = [
        {"group_key": group, "nested": nested, "member_key": key, "display": display, "exchange": exchange}
        for nested, key, display in added
    ]
    if rows:
        tx.execute(tx.backend.upsert(MEMBERSHIPS, ("group_key", "nested", "member_key"), ("display",)), rows)


def remove_members(tx: Transaction, group: int, removed: Iterable[tuple[bool, int]]) -> None:
    """Remove members; those that are not members change nothing."""
    for nested, key in removed:
        tx.execute(
            delete(MEMBERSHIPS).where(
                MEMBERSHIPS.c.group_key == group,
                MEMBERSHIPS.c.nested == nested,
                MEMBERSHIPS.c.member_key == key,
            )
        )


def _equal(kind: Kind, attribute: Indexed, value: str) -> ColumnElement[bool]:
    columns = _TABLES[kind].c
    if kind == "User" and attribute == "email":
        several = and_(columns.email_key.is_(None), columns.email.is_not(None))
        return or_(columns.email_key == name_key(value), several)
    if kind == "User" and attribute == "userName":
        return columns.user_name_key == name_key(value)
    exact = unicodedata.normalize("NFC", value)
    compared = {
        "id": (columns.id, exact),
        "externalId": (columns.external_id, exact),
        "displayName": (columns.display_name_key, name_key(value)),
    }
    column, key = compared[attribute]
    return column == key


def _live(provider: str, kind: Kind) -> Select[Any]:
    table = _TABLES[kind]
    return select(
        table.c.key, table.c.id, table.c.document, table.c.version, table.c.created_at, table.c.modified_at
    ).where(table.c.provider == provider, table.c.deleted_at.is_(None))


def _stored(row: Row[Any]) -> Stored:
    key, id, document, version, created_at, modified_at = tuple(row)
    return Stored(key, id, orjson.loads(document), version, created_at, modified_at)


def _columns(kind: Kind, document: dict[str, Any]) -> dict[str, Any]:
    display, external = document.get("displayName"), document.get("externalId")
    columns = {
        "external_id": None if external is None else unicodedata.normalize("NFC", external),
        "display_name": display,
        "display_name_key": None if display is None else name_key(display),
        "document": orjson.dumps(document),
    }
    if kind == "Group":
        return columns
    emails = [email for email in document.get("emails") or [] if email.get("value") is not None]
    keys = {name_key(email["value"]) for email in emails}
    return columns | {
        "user_name": document["userName"],
        "user_name_key": name_key(document["userName"]),
        "email": _email(emails),
        # Empty beside an address: the user has several, and the index cannot speak for all of them.
        "email_key": keys.pop() if len(keys) == 1 else None,
        "active": document.get("active", True),
    }


def _email(emails: list[dict[str, Any]]) -> str | None:
    """The work address, else the primary, else the first."""
    ranked = sorted(emails, key=lambda email: (email.get("type") != "work", not email.get("primary")))
    return ranked[0]["value"] if ranked else None


def _member_of(connection: Connection, table: Table, name: Any, *, nested: bool, group: int) -> list[Member]:
    rows = connection.execute(
        select(table.c.key, table.c.id, func.coalesce(MEMBERSHIPS.c.display, table.c.display_name, name))
        .join(MEMBERSHIPS, MEMBERSHIPS.c.member_key == table.c.key)
        .where(MEMBERSHIPS.c.group_key == group, MEMBERSHIPS.c.nested == nested)
        .order_by(table.c.key)
    )
    return [Member(key, id, shown, nested) for key, id, shown in rows]


@contextmanager
def _unique(tx: Transaction) -> Iterator[None]:
    """Turn a breach of a unique name into `NameTaken`; the write around it may go on."""
    try:
        with tx.savepoint():
            yield
    except IntegrityError as breach:
        raise NameTaken from breach
