"""The identity store: users and groups as the IdP gave them, as plain JSON documents.

Ids are ours, random, never changed and never used again; a deleted resource leaves a tombstone that blocks nothing.
Memberships are rows of their own (`core.store.member_rows`): a group's document never holds its members.
"""

from collections.abc import Collection
from typing import Any, Literal, NamedTuple

import orjson
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from core.store.identity_columns import IN_COLUMNS, Kind, columns, email_keys, exact_key, name_key, storable
from core.store.marks import marks_of
from core.store.member_rows import end_memberships
from core.store.new_ids import new_id
from core.store.prepared import Prepared
from core.store.tables import GROUPS, LIVE_COUNTS, USER_EMAILS, USERS
from core.store.writer import Transaction

__all__ = ["Indexed", "Kind", "NameTaken", "Stored", "name_key", "storable"]

Indexed = Literal["id", "userName", "externalId", "displayName", "email"]
"""What a resource can be found by without reading others."""

TABLES: dict[Kind, Table] = {"User": USERS, "Group": GROUPS}
_KINDS: tuple[Kind, ...] = ("User", "Group")
_LATER = ("key", "deleted_at", "gone_at", "missed_reads")
"""Columns that a new resource has not yet."""
_NAME: dict[Kind, str] = {"User": "user_name_key", "Group": "display_name_key"}


class NameTaken(Exception):
    """Another live resource of this provider has the userName (RFC 7643 §4.1.1) or the group's displayName."""


class Stored(NamedTuple):
    """One live resource. `body` is the resource as JSON, without `id`, `meta`, `groups` and `members`."""

    key: int
    id: str
    body: bytes
    version: int
    created_at: int
    modified_at: int

    @property
    def document(self) -> dict[str, Any]:
        """The body as a new object."""
        document: dict[str, Any] = orjson.loads(self.body)
        return document


def live(kind: Kind) -> Select[Any]:
    """The live resources of the provider `:provider`, with the columns of `Stored`."""
    table = TABLES[kind]
    return select(*(table.c[name] for name in ("key", "id", "document", "version", "created_at", "modified_at"))).where(
        table.c.provider == bindparam("provider"), table.c.deleted_at.is_(None)
    )


def find(connection: Connection, provider: str, kind: Kind, id: str) -> Stored | None:
    """A live resource by its id."""
    if not storable(id):
        return None
    row = _BY_ID[kind].first(connection, provider=provider, value=id)
    return Stored(*row) if row else None


def find_equal(connection: Connection, provider: str, kind: Kind, attribute: Indexed, value: str) -> list[Stored]:
    """Live resources whose indexed attribute equals `value`, in the order of creation.

    :raises KeyError: when that attribute of that kind is not indexed: groups have neither userName nor email.
    """
    if not storable(value):
        return []
    key = exact_key(value) if attribute in ("id", "externalId") else name_key(value)
    return [Stored(*row) for row in _EQUAL[kind, attribute].all(connection, provider=provider, value=key)]


def page(connection: Connection, provider: str, kind: Kind, offset: int, limit: int | None) -> tuple[int, list[Stored]]:
    """How many live resources there are, and those from `offset` (0-based) on, in an order that stays."""
    total, removed = _COUNT.first(connection, provider=provider, kind=kind) or (0, 0)
    if offset >= total:
        return total, []
    begin = marks_of(connection.engine).before(
        (provider, kind), removed, offset, lambda at: _at(connection, provider, kind, at)
    )
    rows = _PAGE[kind].all(
        connection,
        provider=provider,
        begin=begin.key,
        offset=offset - begin.offset,
        limit=total if limit is None else limit,
    )
    return total, [Stored(*row) for row in rows]


def _at(connection: Connection, provider: str, kind: Kind, offset: int) -> int:
    """The key of the live resource at an offset; the index is walked to there."""
    row = _KEY_AT[kind].first(connection, provider=provider, offset=offset)
    return row[0] if row else 0


def live_count(connection: Connection, provider: str, kind: Kind) -> int:
    """How many live resources there are; nothing is counted."""
    row = _COUNT.first(connection, provider=provider, kind=kind)
    return row[0] if row else 0


def create(tx: Transaction, provider: str, kind: Kind, document: dict[str, Any], exchange: int | None = None) -> Stored:
    """Store a new resource under a new id.

    :raises NameTaken: when the name belongs to another live resource of this provider.
    """
    tx.has_written = True
    ident, now = new_id(), tx.now
    values = columns(kind, document)
    own = {"id": ident, "provider": provider, "version": 1, "created_at": now, "modified_at": now, "exchange": exchange}
    row = _CREATE[kind].first(tx.connection, **own, **values)
    if row is None:
        raise NameTaken
    _note_emails(tx, kind, row[0], (), email_keys(document))
    _count(tx, provider, kind, 1)
    return Stored(row[0], ident, values["document"], 1, now, now)


def replace(
    tx: Transaction, kind: Kind, stored: Stored, document: dict[str, Any], exchange: int | None = None
) -> Stored:
    """Give a resource a new document, under the same id; its version counts up. Only changed columns are written.

    :raises NameTaken: when the new name belongs to another live resource of this provider.
    """
    tx.has_written = True
    before = stored.document
    values = _changed(kind, before, document)
    values |= {"version": stored.version + 1, "modified_at": tx.now, "exchange": exchange}
    if "active" in values:
        values["gone_at"] = None if values["active"] else tx.now
    if not _update(tx, kind, stored.key, values):
        raise NameTaken
    if before.get("emails") != document.get("emails"):
        _note_emails(tx, kind, stored.key, email_keys(before), email_keys(document))
    return Stored(stored.key, stored.id, values["document"], stored.version + 1, stored.created_at, tx.now)


def _changed(kind: Kind, before: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The columns that another document changes; no index is written for those that stay."""
    moved = {name for name in IN_COLUMNS if before.get(name) != document.get(name)}
    # Not told is no news: a leaver is not enabled by what leaves `active` out.
    active = {"active": document["active"]} if "active" in moved and "active" in document else {}
    if moved <= {"active"}:
        return {"document": orjson.dumps(document), **active}
    old, new = columns(kind, before), columns(kind, document)
    return {name: value for name, value in new.items() if name != "active" and old[name] != value} | {
        "document": new["document"],
        **active,
    }


def count_version_up(tx: Transaction, kind: Kind, stored: Stored) -> Stored:
    """Note that what is kept beside the document changed: a group's members. The document is not written again."""
    tx.has_written = True
    version = stored.version + 1
    _update(tx, kind, stored.key, {"version": version, "modified_at": tx.now})
    return Stored(stored.key, stored.id, stored.body, version, stored.created_at, tx.now)


def remove(tx: Transaction, kind: Kind, stored: Stored, exchange: int | None = None) -> None:
    """Leave a tombstone, and end the resource's memberships: those of others in it, and its own in others."""
    table = TABLES[kind]
    ended = update(table).where(table.c.key == stored.key, table.c.deleted_at.is_(None)).returning(table.c.provider)
    if kind == "User":
        ended = ended.values(gone_at=func.coalesce(table.c.gone_at, tx.now))
    provider = tx.execute(ended.values(deleted_at=tx.now, modified_at=tx.now, exchange=exchange)).scalar()
    if provider is not None:
        _count(tx, provider, kind, -1)
    end_memberships(tx, stored.key, is_group=kind == "Group")
    _note_emails(tx, kind, stored.key, email_keys(stored.document) if kind == "User" else (), ())


def _note_emails(tx: Transaction, kind: Kind, key: int, before: Collection[str], after: Collection[str]) -> None:
    """Keep the addresses of a user who has several; one alone stands in the user's own row."""
    if kind == "Group" or before == after:
        return
    if len(before) > 1:
        tx.execute(delete(USER_EMAILS).where(USER_EMAILS.c.user_key == key))
    if len(after) > 1:
        tx.execute(insert(USER_EMAILS), [{"email_key": email, "user_key": key} for email in after])


def _count(tx: Transaction, provider: str, kind: Kind, by: int) -> None:
    gone = max(0, -by)
    if not _COUNTED.change(tx.connection, by=by, gone=gone, at_provider=provider, at_kind=kind):
        tx.execute(insert(LIVE_COUNTS).values(provider=provider, kind=kind, live=by, removed=gone))


def equality(kind: Kind, attribute: Indexed) -> ColumnElement[bool]:
    """Whether an indexed attribute equals `:value`, in the form in which it is compared."""
    table = TABLES[kind].c
    value: BindParameter[str] = bindparam("value")
    if attribute == "email":
        several = select(USER_EMAILS.c.user_key).where(USER_EMAILS.c.email_key == value)
        return table.key.in_(select(table.key).where(
            table.provider == bindparam("provider"), table.email_key == value, table.deleted_at.is_(None)
        ).union_all(several))  # fmt: skip
    names = {
        "id": "id",
        "externalId": "external_id",
        "userName": "user_name_key",
        "displayName": "display_name_key",
    }
    return table[names[attribute]] == value


def _creating(kind: Kind) -> Prepared:
    """An INSERT that gives the new row's number; none where the name is taken."""
    table = TABLES[kind]
    names = [column.name for column in table.columns if column.name not in _LATER]
    values = select(*(bindparam(name, type_=table.c[name].type) for name in names))
    taken = _taken(kind, bindparam("provider"), bindparam(_NAME[kind]))
    return Prepared(insert(table).from_select(names, values.where(~taken)).returning(table.c.key))


def _taken(kind: Kind, provider: Any, name: Any, but: Any = None) -> ColumnElement[bool]:
    other = TABLES[kind].alias("other")
    found = [other.c.provider == provider, other.c[_NAME[kind]] == name, other.c.deleted_at.is_(None)]
    return exists(select(other.c.key).where(*found, *([] if but is None else [other.c.key != but])))


_UPDATES: dict[tuple[Kind, frozenset[str]], Prepared] = {}


def _update(tx: Transaction, kind: Kind, key: int, values: dict[str, Any]) -> int:
    """Write these columns of one row; returns 0 where the new name is taken."""
    names = frozenset(values)
    if (kind, names) not in _UPDATES:
        _UPDATES[kind, names] = _updating(kind, names)
    return _UPDATES[kind, names].change(tx.connection, at=key, **{f"new_{name}": values[name] for name in values})


def _updating(kind: Kind, names: frozenset[str]) -> Prepared:
    table = TABLES[kind]
    statement = update(table).where(table.c.key == bindparam("at"))
    if _NAME[kind] in names:
        statement = statement.where(~_taken(kind, table.c.provider, bindparam(f"new_{_NAME[kind]}"), table.c.key))
    return Prepared(statement.values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}))


def _paging(kind: Kind) -> Prepared:
    """From the index alone to where the page begins; the rows before it are not read."""
    table, begin = TABLES[kind], _key_at(kind, bindparam("begin")).scalar_subquery()
    return Prepared(live(kind).where(table.c.key >= begin).order_by(table.c.key).limit(bindparam("limit")))


def _key_at(kind: Kind, begin: Any) -> Select[Any]:
    """The key of the live resource that is `:offset` places behind the first with at least the key `begin`."""
    table = TABLES[kind]
    live_keys = select(table.c.key).where(table.c.provider == bindparam("provider"), table.c.deleted_at.is_(None))
    return live_keys.where(table.c.key >= begin).order_by(table.c.key).limit(1).offset(bindparam("offset"))


_INDEXED: dict[Kind, tuple[Indexed, ...]] = {
    "User": ("id", "userName", "externalId", "displayName", "email"),
    "Group": ("id", "externalId", "displayName"),
}
_EQUAL = {
    (kind, attribute): Prepared(live(kind).where(equality(kind, attribute)).order_by(TABLES[kind].c.key))
    for kind in _KINDS
    for attribute in _INDEXED[kind]
}
_BY_ID = {kind: Prepared(live(kind).where(TABLES[kind].c.id == bindparam("value"))) for kind in _KINDS}
_PAGE = {kind: _paging(kind) for kind in _KINDS}
_KEY_AT = {kind: Prepared(_key_at(kind, 0)) for kind in _KINDS}
_CREATE = {kind: _creating(kind) for kind in _KINDS}
_COUNTED = Prepared(
    update(LIVE_COUNTS)
    .where(LIVE_COUNTS.c.provider == bindparam("at_provider"), LIVE_COUNTS.c.kind == bindparam("at_kind"))
    .values(live=LIVE_COUNTS.c.live + bindparam("by"), removed=LIVE_COUNTS.c.removed + bindparam("gone"))
)
_COUNT = Prepared(
    select(LIVE_COUNTS.c.live, LIVE_COUNTS.c.removed).where(
        LIVE_COUNTS.c.provider == bindparam("provider"), LIVE_COUNTS.c.kind == bindparam("kind")
    )
)
