"""The identity store as planning reads it: users with their groups and flat attributes, and groups.

Tombstones come along: a deleted user is how a leaver is known. Reads of everything stream over two joins; reads of
some ids cost only those.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, func, select

from core.planning.values import SourceGroup, SourceUser
from core.store.attributes import flattened
from core.store.identities import name_key
from core.store.parts import parts, rows_of
from core.store.tables import GROUPS, MEMBERSHIPS, USERS

_WHITESPACE = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""All that Python strips: Unicode has none beyond the ideographic space."""
_USER_COLUMNS = (USERS.c.key, USERS.c.id, USERS.c.user_name, USERS.c.active, USERS.c.document, USERS.c.created_at)
_USERS = select(*_USER_COLUMNS, USERS.c.deleted_at, USERS.c.exchange, USERS.c.gone_at, USERS.c.missed_reads)
_GROUP_COLUMNS = (GROUPS.c.key, GROUPS.c.id, GROUPS.c.display_name, GROUPS.c.deleted_at, GROUPS.c.exchange)
_GROUPS = select(*_GROUP_COLUMNS, GROUPS.c.created_at)
_GROUPS_OF = (
    select(MEMBERSHIPS.c.member_key, GROUPS.c.id, MEMBERSHIPS.c.exchange)
    .join(GROUPS, GROUPS.c.key == MEMBERSHIPS.c.group_key)
    .where(MEMBERSHIPS.c.nested.is_(False), GROUPS.c.deleted_at.is_(None))
)
_CHILD = GROUPS.alias("child")
_PARENTS_OF = (
    select(MEMBERSHIPS.c.member_key, GROUPS.c.id)
    .join(GROUPS, GROUPS.c.key == MEMBERSHIPS.c.group_key)
    .where(MEMBERSHIPS.c.nested.is_(True), GROUPS.c.deleted_at.is_(None))
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
    parents = _parents(connection, _PARENTS_OF.where(GROUPS.c.provider == provider))
    return [_group(row, parents) for row in connection.execute(_GROUPS.where(GROUPS.c.provider == provider))]


def groups(connection: Connection, provider: str, ids: Collection[str]) -> list[SourceGroup]:
    """The groups of these ids, tombstones too, and all that share a name with one of them."""
    named = of_ids(connection, provider, ids)
    namesakes = groups_named(connection, provider, {group.display_name for group in named})
    return list({group.id: group for group in (*named, *namesakes)}.values())


def of_ids(connection: Connection, provider: str, ids: Collection[str]) -> list[SourceGroup]:
    """The groups of these ids alone, tombstones too."""
    of_provider = _GROUPS.where(GROUPS.c.provider == provider)
    return [
        group for part in parts(ids) for group in _read_groups(connection, of_provider.where(GROUPS.c.id.in_(part)))
    ]


def with_descendants(connection: Connection, provider: str, group_ids: Collection[str]) -> set[str]:
    """Ids of these groups, and of the living ones that are members of them through any number of others."""
    found = below = set(group_ids)
    while below:
        below = _children_of(connection, provider, below) - found
        found = found | below
    return found


def has_live_users(connection: Connection, provider: str) -> bool:
    """Whether a provider has given us any user that it did not take back."""
    live = select(USERS.c.key).where(USERS.c.provider == provider, USERS.c.deleted_at.is_(None))
    return connection.execute(live.limit(1)).first() is not None


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


def group_name(connection: Connection, group_id: str) -> str | None:
    """What the IdP calls a group, a deleted one too; `None` where there is none of this id."""
    return connection.execute(select(GROUPS.c.display_name).where(GROUPS.c.id == group_id)).scalar()


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
        gone_at=row.gone_at,
        missed_reads=row.missed_reads,
    )


def _read_groups(connection: Connection, statement: Select[Any]) -> list[SourceGroup]:
    """A few groups, and what these are members of."""
    rows = list(connection.execute(statement))
    keys = {row.key for row in rows}
    of_these = (_PARENTS_OF.where(MEMBERSHIPS.c.member_key.in_(part)) for part in parts(keys))
    parents = {key: ids for statement in of_these for key, ids in _parents(connection, statement).items()}
    return [_group(row, parents) for row in rows]


def _group(row: Any, parents: Mapping[int, Collection[str]]) -> SourceGroup:
    return SourceGroup(
        id=row.id,
        display_name=row.display_name,
        deleted=row.deleted_at is not None,
        exchange=row.exchange,
        created_at=row.created_at,
        parents=frozenset(parents.get(row.key, ())),
    )


def _parents(connection: Connection, statement: Select[Any]) -> Mapping[int, Collection[str]]:
    """Row number of a group → ids of the groups that it is a direct member of."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for key, parent in connection.execute(statement):
        found[key].add(parent)
    return found


def _children_of(connection: Connection, provider: str, group_ids: Collection[str]) -> set[str]:
    nested = (
        select(_CHILD.c.id)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.member_key == _CHILD.c.key)
        .join(GROUPS, GROUPS.c.key == MEMBERSHIPS.c.group_key)
        .where(MEMBERSHIPS.c.nested.is_(True), GROUPS.c.provider == provider, _CHILD.c.deleted_at.is_(None))
    )
    return {child for (child,) in rows_of(connection, nested, GROUPS.c.id, group_ids)}
