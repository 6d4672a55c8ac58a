"""Users and groups of all providers as one long list, with what each has at the targets.

They stand in the order in which they came, the deleted ones too: of one who left, one wants to know why. A window costs
the rows it returns, by their keys; a search walks a range of keys, so whoever searches does it in steps.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from core.store import conflicts, group_links, links, observed, tables
from core.store.identities import TABLES, Kind, name_key, storable
from core.store.parts import rows_of

State = Literal["conflict", "deleted", "inactive", "linked", "unlinked"]
"""How a user or a group stands; what comes first here is what is said of it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A user or a group of a provider."""

    key: int
    """Its place in the list; there are gaps."""
    id: str
    provider: str
    name: str
    """The userName of a user, the displayName of a group."""
    display_name: str | None
    """Of a user; a group has none beside its name."""
    is_active: bool
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What a user or a group has at one target."""

    names: tuple[str, ...] = ()
    """The account that a user is linked to; the target groups that a group feeds."""
    is_inactive: bool = False
    """Whether the account was inactive when last seen."""
    has_conflict: bool = False
    """Whether a conflict about it waits for a decision."""


_CONFLICTS = tables.Conflict.metadata.tables["conflicts"]
_COUNTS = tables.LIVE_COUNTS.c


def count(connection: Connection, kind: Kind) -> int:
    """How many there are that are not deleted; nothing is counted."""
    return int(connection.execute(select(func.sum(_COUNTS.live)).where(_COUNTS.kind == kind)).scalar() or 0)


def first(connection: Connection, kind: Kind) -> int:
    """The lowest key; 0 where there is none."""
    return connection.execute(select(func.min(TABLES[kind].c.key))).scalar() or 0


def last(connection: Connection, kind: Kind) -> int:
    """The highest key; 0 where there is none."""
    return connection.execute(select(func.max(TABLES[kind].c.key))).scalar() or 0


def window(connection: Connection, kind: Kind, first: int, limit: int) -> list[Listed]:
    """At most `limit` of them from a key on, ascending."""
    key = TABLES[kind].c.key
    wanted = _listing(kind).where(key >= first).order_by(key).limit(limit)
    return [_listed(row) for row in connection.execute(wanted)]


def window_ending(connection: Connection, kind: Kind, last: int, limit: int) -> list[Listed]:
    """The last `limit` of them, or fewer, up to a key, ascending."""
    key = TABLES[kind].c.key
    wanted = _listing(kind).where(key <= last).order_by(key.desc()).limit(limit)
    return [_listed(row) for row in reversed(connection.execute(wanted).all())]


def at(connection: Connection, kind: Kind, keys: Collection[int]) -> list[Listed]:
    """Those with these keys, ascending."""
    rows = rows_of(connection, _listing(kind), TABLES[kind].c.key, keys)
    return sorted((_listed(row) for row in rows), key=lambda found: found.key)


def matching(connection: Connection, kind: Kind, words: str, first: int, last: int) -> list[int]:
    """The keys from `first` to `last` of those that have all these words, ascending.

    A word is a part of a name or of the e-mail address, without regard to case; or the whole id or externalId.
    """
    if not storable(words):
        return []
    key = TABLES[kind].c.key
    has_all = and_(*(_has(kind, word) for word in words.split()))
    return list(connection.execute(select(key).where(key >= first, key <= last, has_all).order_by(key)).scalars())


def places(connection: Connection, kind: Kind, target: str, ids: Collection[str]) -> dict[str, Place]:
    """What these users or groups have at a target, by their ids; an id that has nothing there is left out."""
    return _of_users(connection, target, ids) if kind == "User" else _of_groups(connection, target, ids)


def state_of(listed: Listed, found: Collection[Place]) -> State:
    """How one stands that has this at the targets."""
    if any(place.has_conflict for place in found):
        return "conflict"
    if listed.is_deleted:
        return "deleted"
    if not listed.is_active:
        return "inactive"
    return "linked" if any(place.names for place in found) else "unlinked"


def _of_users(connection: Connection, target: str, ids: Collection[str]) -> dict[str, Place]:
    linked = {link.user_id: link for link in links.of_users(connection, target, ids)}
    accounts = observed.accounts(connection, target, {link.account_id for link in linked.values()})
    inactive = {account.id for account in accounts if not account.active}
    disputed = _disputed(connection, target, [f"user:{ident}" for ident in ids])
    found = {}
    for ident in ids:
        link, has_conflict = linked.get(ident), f"user:{ident}" in disputed
        if link is not None:
            found[ident] = Place((link.account_name,), link.account_id in inactive, has_conflict)
        elif has_conflict:
            found[ident] = Place(has_conflict=True)
    return found


def _of_groups(connection: Connection, target: str, ids: Collection[str]) -> dict[str, Place]:
    fed: dict[str, list[str]] = {ident: [] for ident in ids}
    for link in group_links.of_groups(connection, target, ids):
        fed[link.group_id].append(link.group_key)
    keys = {key for each in fed.values() for key in each}
    names = observed.group_names(connection, target, keys)
    disputed = _disputed(connection, target, [*(f"group:{i}" for i in ids), *(f"target-group:{key}" for key in keys)])
    found = {}
    for ident, of_group in fed.items():
        subjects = {f"group:{ident}", *(f"target-group:{key}" for key in of_group)}
        if of_group or subjects & disputed:
            own = tuple(sorted(names[key] for key in of_group))
            found[ident] = Place(own, has_conflict=bool(subjects & disputed))
    return found


def _disputed(connection: Connection, target: str, subjects: Sequence[str]) -> set[str]:
    """Those of these subjects about which a conflict waits for a decision."""
    wanted = select(_CONFLICTS.c.subject).where(_CONFLICTS.c.target == target, conflicts.OPEN)
    return {row.subject for row in rows_of(connection, wanted, _CONFLICTS.c.subject, subjects)}


def _listing(kind: Kind) -> Select[Any]:
    """All of a kind, with the columns of `Listed` in its order."""
    table = TABLES[kind].c
    common = (table.key, table.id, table.provider)
    if kind == "User":
        return select(*common, table.user_name, table.display_name, table.active, table.deleted_at)
    return select(*common, table.display_name, literal(None), literal(True), table.deleted_at)


def _listed(row: Any) -> Listed:
    key, ident, provider, name, display_name, is_active, deleted_at = row
    return Listed(key, ident, provider, name, display_name, bool(is_active), deleted_at is not None)


def _has(kind: Kind, word: str) -> ColumnElement[bool]:
    table, key = TABLES[kind].c, name_key(word)
    named = [table.display_name_key.contains(key, autoescape=True)]
    if kind == "User":
        named += [table.user_name_key.contains(key, autoescape=True)]
        named += [func.lower(table.email).contains(key, autoescape=True)]
    return or_(*named, table.id == word, table.external_id == word)
