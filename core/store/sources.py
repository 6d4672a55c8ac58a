"""The identity store as planning reads it: users with their groups and flat attributes, and groups.

Tombstones come along: a deleted user is how a leaver is known. Reads of everything stream over two joins; reads of
some ids cost only those.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, and_, func, select

from core.planning.values import SourceGroup, SourceUser
from core.store.attributes import flattened
from core.store.identities import name_key
from core.store.parts import parts
from core.store.tables import GROUPS, LINKS, MEMBERSHIPS, USERS

_WHITESPACE = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""All that Python strips: Unicode has none beyond the ideographic space."""
_USER_COLUMNS = (USERS.c.key, USERS.c.id, USERS.c.user_name, USERS.c.active, USERS.c.document, USERS.c.created_at)
_USERS = select(*_USER_COLUMNS, USERS.c.deleted_at, USERS.c.exchange)
_GROUPS = select(GROUPS.c.id, GROUPS.c.display_name, GROUPS.c.deleted_at, GROUPS.c.exchange, GROUPS.c.created_at)
_GROUPS_OF = (
    select(MEMBERSHIPS.c.member_key, GROUPS.c.id, MEMBERSHIPS.c.exchange)
    .join(GROUPS, GROUPS.c.key == MEMBERSHIPS.c.group_key)
    .where(MEMBERSHIPS.c.nested.is_(False), GROUPS.c.deleted_at.is_(None))
)


def all_users(connection: Connection, provider: str) -> list[SourceUser]:
    """All users of a provider with their tombstones."""
    memberships = _GROUPS_OF.where(GROUPS.c.provider == provider)
    return _users(connection, _USERS.where(USERS.c.provider == provider), memberships)


def users(connection: Connection, provider: str, ids: Collection[str]) -> list[SourceUser]:
    """The users of these ids, tombstones too; an id that is unknown is passed over."""
    found = []
    for part in parts(ids):
        keys = select(USERS.c.key).where(USERS.c.id.in_(part))
        statement = _USERS.where(USERS.c.provider == provider, USERS.c.id.in_(part))
        found += _users(connection, statement, _GROUPS_OF.where(MEMBERSHIPS.c.member_key.in_(keys)))
    return found


def all_groups(connection: Connection, provider: str) -> list[SourceGroup]:
    """All groups of a provider with their tombstones."""
    return _read_groups(connection, _GROUPS.where(GROUPS.c.provider == provider))


def groups(connection: Connection, provider: str, ids: Collection[str]) -> list[SourceGroup]:
    """The groups of these ids, tombstones too, and all that share a name with one of them."""
    of_provider = _GROUPS.where(GROUPS.c.provider == provider)
    named = [
        group for part in parts(ids) for group in _read_groups(connection, of_provider.where(GROUPS.c.id.in_(part)))
    ]
    namesakes = groups_named(connection, provider, {group.display_name for group in named})
    return list({group.id: group for group in (*named, *namesakes)}.values())


def groups_named(connection: Connection, provider: str, names: Collection[str]) -> list[SourceGroup]:
    """The groups with any of these names, compared as targets do: without case and outer whitespace; tombstones too.

    Walks the names of all groups: no index knows a name without its outer whitespace.
    """
    of_provider = _GROUPS.where(GROUPS.c.provider == provider)
    trimmed = func.trim(GROUPS.c.display_name_key, _WHITESPACE)
    return [
        group
        for part in parts({name_key(name).strip() for name in names})
        for group in _read_groups(connection, of_provider.where(trimmed.in_(part)))
    ]


def unlinked(connection: Connection, provider: str, target: str) -> set[str]:
    """Ids of the active users that have no account at a target: newcomers, and those that a conflict holds."""
    links = LINKS.c.user_id
    without = USERS.outerjoin(LINKS, and_(links == USERS.c.id, LINKS.c.target == target))
    active = and_(USERS.c.provider == provider, USERS.c.deleted_at.is_(None), USERS.c.active.is_(True))
    return set(connection.execute(select(USERS.c.id).select_from(without).where(active, links.is_(None))).scalars())


def members_of(connection: Connection, provider: str, group_ids: Collection[str]) -> set[str]:
    """Ids of the users that are direct members of any of these groups."""
    found: set[str] = set()
    for part in parts(group_ids):
        statement = (
            select(USERS.c.id)
            .join(MEMBERSHIPS, MEMBERSHIPS.c.member_key == USERS.c.key)
            .join(GROUPS, GROUPS.c.key == MEMBERSHIPS.c.group_key)
            .where(MEMBERSHIPS.c.nested.is_(False), GROUPS.c.provider == provider, GROUPS.c.id.in_(part))
        )
        found |= set(connection.execute(statement).scalars())
    return found


def user_named(connection: Connection, provider: str, user_name: str) -> str | None:
    """The id of the live user with this userName, compared without case; `None` where there is none."""
    named = select(USERS.c.id).where(USERS.c.provider == provider, USERS.c.user_name_key == name_key(user_name))
    return connection.execute(named.where(USERS.c.deleted_at.is_(None))).scalar()


def _users(connection: Connection, statement: Select[Any], memberships: Select[Any]) -> list[SourceUser]:
    groups_of: defaultdict[int, set[str]] = defaultdict(set)
    latest: dict[int, int] = {}
    for key, group_id, exchange in connection.execute(memberships):
        groups_of[key].add(group_id)
        latest[key] = max(latest.get(key, 0), exchange or 0)
    return [_user(row, groups_of.get(row.key, ()), latest.get(row.key, 0)) for row in connection.execute(statement)]


def _user(row: Row[Any], groups_of: Iterable[str], latest: int) -> SourceUser:
    return SourceUser(
        id=row.id,
        user_name=row.user_name,
        active=row.active,
        attributes=flattened(orjson.loads(row.document)),
        groups=frozenset(groups_of),
        deleted=row.deleted_at is not None,
        exchange=max(row.exchange or 0, latest) or None,
        created_at=row.created_at,
    )


def _read_groups(connection: Connection, statement: Select[Any]) -> list[SourceGroup]:
    return [
        SourceGroup(row.id, row.display_name, row.deleted_at is not None, row.exchange, row.created_at)
        for row in connection.execute(statement)
    ]
