"""Drift as it was found: opened once, kept open while things stay as they were found, cleared when they no longer do.

Orphans (an account without a user, a group of ours that no IdP group feeds) are not kept: they are looked up. Kept is
only that an admin said of one that it may stay.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from core.planning.drift import Drifted, Kind
from core.store import tables
from core.store.parts import parts, rows_of
from core.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class Listed:
    """One difference as lists show it. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    target: str
    kind: Kind
    account_id: str | None
    group_key: str | None
    field: str | None
    name: str
    before: str | None
    after: str | None
    seen_at: int
    run: int | None
    kept_by: str | None


@dataclass(frozen=True, slots=True)
class Orphan:
    """What has nobody behind it."""

    kind: Kind
    name: str
    key: str
    """Id of the account, or key of the group."""
    kept_by: str | None


_DRIFT = tables.Drift.metadata.tables["drift"]
_ACCOUNTS = tables.Account.metadata.tables["accounts"]
_GROUPS = tables.TargetGroup.metadata.tables["target_groups"]
_GROUP_LINKS = tables.GroupLink.metadata.tables["group_links"]
_SOURCE_GROUPS = tables.GROUPS
_LINKS = tables.LINKS
_LISTED = select(*(_DRIFT.c[field.name] for field in fields(Listed)))
_OPEN = _DRIFT.c.cleared_at.is_(None)


def found(tx: Transaction, target: str, run: int, drifted: Iterable[Drifted]) -> int:
    """Note differences that were found; one that is open about the same is cleared first. Returns how many."""
    rows = [
        {
            "target": target,
            "kind": each.kind,
            "account_id": each.account_id,
            "group_key": each.group_key,
            "field": each.field,
            "name": each.name,
            "before": each.before,
            "after": each.after,
            "seen_at": tx.now,
            "run": run,
        }
        for each in drifted
    ]
    for row in rows:
        same = [_DRIFT.c[name].is_not_distinct_from(row[name]) for name in ("kind", "account_id", "group_key", "field")]
        tx.execute(update(_DRIFT).where(_DRIFT.c.target == target, _OPEN, *same).values(cleared_at=tx.now))
    if rows:
        tx.execute(insert(_DRIFT), rows)
    return len(rows)


def of_accounts(connection: Connection, target: str, account_ids: Collection[str]) -> list[Listed]:
    """The open differences about these accounts."""
    about = _LISTED.where(_DRIFT.c.target == target, _OPEN)
    return [Listed(*row) for row in rows_of(connection, about, _DRIFT.c.account_id, account_ids)]


def clear(tx: Transaction, numbers: Collection[int]) -> None:
    """These are no longer as they were found."""
    for part in parts(numbers):
        tx.execute(update(_DRIFT).where(_OPEN, _DRIFT.c.id.in_(part)).values(cleared_at=tx.now))


def clear_groups(tx: Transaction, target: str, keys: Collection[str]) -> None:
    """These groups are there again."""
    gone = and_(_DRIFT.c.target == target, _DRIFT.c.kind == "group-gone", _OPEN)
    for part in parts(keys):
        tx.execute(update(_DRIFT).where(gone, _DRIFT.c.group_key.in_(part)).values(cleared_at=tx.now))


def open_ones(connection: Connection, target: str, limit: int, *, kept: bool = False) -> list[Listed]:
    """The differences as they stand, the newest first, at most `limit`; with `kept` also those that may stay."""
    of_target = _LISTED.where(_DRIFT.c.target == target, _OPEN, _DRIFT.c.kind.not_like("orphan-%"))
    statement = of_target if kept else of_target.where(_DRIFT.c.kept_by.is_(None))
    return [Listed(*row) for row in connection.execute(statement.order_by(_DRIFT.c.id.desc()).limit(limit))]


def orphan_accounts(connection: Connection, target: str, limit: int) -> list[Orphan]:
    """Active accounts that belong to no user, by name, at most `limit`."""
    linked = and_(_LINKS.c.target == _ACCOUNTS.c.target, _LINKS.c.account_id == _ACCOUNTS.c.id)
    kept = and_(_kept_in(target), _DRIFT.c.kind == "orphan-account", _DRIFT.c.account_id == _ACCOUNTS.c.id)
    statement = (
        select(_ACCOUNTS.c.name, _ACCOUNTS.c.id, _DRIFT.c.kept_by)
        .select_from(_ACCOUNTS.outerjoin(_LINKS, linked).outerjoin(_DRIFT, kept))
        .where(_ACCOUNTS.c.target == target, _ACCOUNTS.c.active.is_(True), _LINKS.c.user_id.is_(None))
    )
    rows = connection.execute(statement.order_by(_ACCOUNTS.c.key).limit(limit))
    return [Orphan("orphan-account", *row) for row in rows]


def orphan_groups(connection: Connection, target: str, limit: int) -> list[Orphan]:
    """Groups that manciple created and that no living IdP group feeds any more, by name, at most `limit`."""
    fed = (
        select(_GROUP_LINKS.c.group_id)
        .join(_SOURCE_GROUPS, _SOURCE_GROUPS.c.id == _GROUP_LINKS.c.group_id)
        .where(
            _GROUP_LINKS.c.target == _GROUPS.c.target,
            _GROUP_LINKS.c.group_key == _GROUPS.c.key,
            _SOURCE_GROUPS.c.deleted_at.is_(None),
        )
    )
    kept = and_(_kept_in(target), _DRIFT.c.kind == "orphan-group", _DRIFT.c.group_key == _GROUPS.c.key)
    statement = (
        select(_GROUPS.c.name, _GROUPS.c.key, _DRIFT.c.kept_by)
        .select_from(_GROUPS.outerjoin(_DRIFT, kept))
        .where(_GROUPS.c.target == target, _GROUPS.c.created_by_us.is_(True), ~fed.exists())
    )
    rows = connection.execute(statement.order_by(_GROUPS.c.key).limit(limit))
    return [Orphan("orphan-group", *row) for row in rows]


def keep(tx: Transaction, number: int, by: str) -> bool:
    """A difference may stay as it is; False where it is not open."""
    return tx.execute(update(_DRIFT).where(_DRIFT.c.id == number, _OPEN).values(kept_by=by)).rowcount == 1


def keep_orphan(tx: Transaction, target: str, orphan: Orphan, by: str) -> None:
    """An orphan may stay."""
    is_account = orphan.kind == "orphan-account"
    about = {"account_id": orphan.key} if is_account else {"group_key": orphan.key}
    row = {"target": target, "kind": orphan.kind, "name": orphan.name, "seen_at": tx.now, "kept_by": by}
    tx.execute(insert(_DRIFT).values(**row, **about))


def _kept_in(target: str) -> ColumnElement[bool]:
    return and_(_DRIFT.c.target == target, _OPEN)
