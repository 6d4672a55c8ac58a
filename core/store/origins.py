"""How what is remembered came about: of one link, one account, one group and one pending key, since when and by what;
and which names there are like one that there is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, func, select

from core.store import tables
from core.store.identities import name_key

_LINKS = tables.LINKS
_GROUP_LINKS = tables.GroupLink.metadata.tables["group_links"]
_PENDING = tables.Pending.metadata.tables["pending"]
_ACCOUNTS = tables.Account.metadata.tables["accounts"]
_GROUPS = tables.TargetGroup.metadata.tables["target_groups"]
_CONFLICTS = tables.Conflict.metadata.tables["conflicts"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Since when a link is there, how it was made, and by which run. Times are milliseconds since 1970-01-01 UTC."""

    since: int
    how: str
    run: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pending key as it stands."""

    since: int
    due_at: int
    attempts: int
    error: str | None
    exchange: int | None


@dataclass(frozen=True, slots=True)
class Observed:
    """When a group was last seen, and whether manciple created it."""

    at: int
    created_by_us: bool
    members: int | None


def of_link(connection: Connection, target: str, user_id: str) -> Origin | None:
    """How a user came to its account; `None` where it has none."""
    statement = select(_LINKS.c.since, _LINKS.c.how, _LINKS.c.run)
    row = connection.execute(statement.where(_LINKS.c.target == target, _LINKS.c.user_id == user_id)).one_or_none()
    return Origin(*row) if row is not None else None


def of_group_link(connection: Connection, target: str, group_id: str, group_key: str) -> Origin | None:
    """How an IdP group came to feed a target group, by which name; `None` where it does not."""
    statement = select(_GROUP_LINKS.c.since, _GROUP_LINKS.c.source_name, _GROUP_LINKS.c.run)
    ours = statement.where(_GROUP_LINKS.c.target == target, _GROUP_LINKS.c.group_id == group_id)
    row = connection.execute(ours.where(_GROUP_LINKS.c.group_key == group_key)).one_or_none()
    return Origin(*row) if row is not None else None


def of_pending(connection: Connection, target: str, kind: str, ident: str) -> Waiting | None:
    """The pending key of a user or group; `None` where nothing waits."""
    columns = (_PENDING.c.since, _PENDING.c.due_at, _PENDING.c.attempts, _PENDING.c.error, _PENDING.c.exchange)
    ours = select(*columns).where(_PENDING.c.target == target, _PENDING.c.kind == kind, _PENDING.c.id == ident)
    row = connection.execute(ours).one_or_none()
    return Waiting(*row) if row is not None else None


def account_seen_at(connection: Connection, target: str, account_id: str) -> int | None:
    """When an account was last observed, or written."""
    mine = select(_ACCOUNTS.c.observed_at).where(_ACCOUNTS.c.target == target, _ACCOUNTS.c.id == account_id)
    return connection.execute(mine).scalar()


def of_group(connection: Connection, target: str, group_key: str) -> Observed | None:
    """What is remembered of a target group; `None` where it was not there."""
    columns = (_GROUPS.c.observed_at, _GROUPS.c.created_by_us, _GROUPS.c.members)
    row = connection.execute(select(*columns).where(_GROUPS.c.target == target, _GROUPS.c.key == group_key)).first()
    return Observed(*row) if row is not None else None


def conflicts_about(connection: Connection, target: str, subjects: Sequence[str]) -> list[int]:
    """Numbers of the open conflicts about these subjects, oldest first."""
    ours = select(_CONFLICTS.c.id).where(_CONFLICTS.c.target == target, _CONFLICTS.c.subject.in_(subjects))
    return list(connection.execute(ours.where(_CONFLICTS.c.state == "open").order_by(_CONFLICTS.c.id)).scalars())


def users_called(connection: Connection, provider: str, user_name: str) -> list[str]:
    """Ids of all users that have or had this userName when they were deleted: the living one first, then the latest."""
    users = tables.USERS
    named = select(users.c.id).where(users.c.provider == provider, users.c.user_name_key == name_key(user_name))
    rows = connection.execute(named.order_by(users.c.deleted_at.is_not(None), users.c.created_at.desc(), users.c.id))
    return list(rows.scalars())


def names_like(connection: Connection, provider: str, target: str, name: str, limit: int) -> list[str]:
    """Names of users, accounts and groups that begin as this one does, or contain it: at most `limit` of each kind."""
    key = name_key(name)
    found: list[str] = []
    for table, owner, shown, compared in (
        (tables.USERS, tables.USERS.c.provider == provider, "user_name", "user_name_key"),
        (_ACCOUNTS, _ACCOUNTS.c.target == target, "name", "key"),
        (_GROUPS, _GROUPS.c.target == target, "name", "key"),
        (tables.GROUPS, tables.GROUPS.c.provider == provider, "display_name", "display_name_key"),
    ):
        alike = _alike(table, compared, key)
        statement = select(table.c[shown]).where(owner, alike).order_by(func.length(table.c[compared]), table.c[shown])
        found += connection.execute(statement.limit(limit)).scalars()
    return list(dict.fromkeys(found))


def _alike(table: Table, column: str, key: str) -> ColumnElement[bool]:
    compared = table.c[column]
    return compared.startswith(key[:2], autoescape=True) | compared.contains(key, autoescape=True)
