"""The target's side as last observed: accounts, groups, memberships, and which memberships manciple added.

A whole observation replaces what it did not see again; an observation of some only adds and renews. Whoever observes
fills in what the target does not tell (`emails`) before it is kept. `managed` is lost only where the account is seen
without the membership.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, select, update

from core.planning.values import Account, ManagedMembership, TargetGroup
from core.store import tables
from core.store.parts import rows_of
from core.store.writer import Transaction

_ACCOUNTS = tables.Account.metadata.tables["accounts"]
_GROUPS = tables.TargetGroup.metadata.tables["target_groups"]
_MEMBERSHIPS = tables.TargetMembership.metadata.tables["target_memberships"]


def see_accounts(tx: Transaction, target: str, accounts: Sequence[Account]) -> None:
    """Keep accounts as observed now, with the memberships of those whose groups were read."""
    rows = [
        {
            "target": target,
            "id": account.id,
            "name": account.name,
            "key": account.key,
            "display_name": account.display_name,
            "email": account.email,
            "active": account.active,
            "observed_at": tx.now,
        }
        for account in accounts
    ]
    if rows:
        tx.execute(tx.backend.upsert(_ACCOUNTS, ("target", "id")), rows)
        _see_memberships(tx, target, {account.id: account.groups for account in accounts if account.groups is not None})


def see_groups(tx: Transaction, target: str, groups: Iterable[TargetGroup]) -> None:
    """Keep groups as observed now."""
    rows = [{"target": target, "key": group.key, "name": group.name, "observed_at": tx.now} for group in groups]
    if rows:
        created = [row | {"created_by_us": False} for row in rows]
        tx.execute(tx.backend.upsert(_GROUPS, ("target", "key"), ("name", "observed_at")), created)


def unseen(
    connection: Connection, target: str, account_ids: Collection[str], group_keys: Collection[str]
) -> tuple[list[str], list[str]]:
    """Ids of the accounts and keys of the groups that are kept, and are not among these of a whole observation."""
    accounts = connection.execute(select(_ACCOUNTS.c.id).where(_ACCOUNTS.c.target == target)).scalars()
    groups = connection.execute(select(_GROUPS.c.key).where(_GROUPS.c.target == target)).scalars()
    return sorted(set(accounts).difference(account_ids)), sorted(set(groups).difference(group_keys))


def forget_accounts(tx: Transaction, target: str, account_ids: Sequence[str]) -> None:
    """Forget accounts that the target no longer has, and their memberships but for those that manciple added.

    The account may come back with these, as when its directory was switched off for a while.
    """
    tx.execute(delete(_ACCOUNTS).where(_ACCOUNTS.c.target == target, _ACCOUNTS.c.id.in_(account_ids)))
    theirs = and_(_MEMBERSHIPS.c.target == target, _MEMBERSHIPS.c.account_id.in_(account_ids))
    tx.execute(delete(_MEMBERSHIPS).where(theirs, _MEMBERSHIPS.c.managed.is_(False)))


def forget_groups(tx: Transaction, target: str, keys: Sequence[str]) -> None:
    """Forget groups that the target no longer has, or that may be gone: they are looked for again."""
    tx.execute(delete(_GROUPS).where(_GROUPS.c.target == target, _GROUPS.c.key.in_(keys)))


def note_account(tx: Transaction, target: str, account_id: str, **values: str | bool | None) -> None:
    """Note what manciple itself changed of an account: `display_name`, `email`, `active`; `None` is left alone."""
    changed = {name: value for name, value in values.items() if value is not None}
    if changed:
        tx.execute(update(_ACCOUNTS).where(_ACCOUNTS.c.target == target, _ACCOUNTS.c.id == account_id).values(changed))


def note_groups(tx: Transaction, target: str, groups: Iterable[TargetGroup]) -> None:
    """Note groups that manciple created."""
    rows = [
        {"target": target, "key": group.key, "name": group.name, "created_by_us": True, "observed_at": tx.now}
        for group in groups
    ]
    tx.execute(tx.backend.upsert(_GROUPS, ("target", "key")), rows)


def note_member(tx: Transaction, target: str, account_id: str, group_key: str, member: bool) -> None:
    """Note a membership that manciple added, which it then manages, or removed."""
    if member:
        row = {"target": target, "account_id": account_id, "group_key": group_key, "managed": True}
        tx.execute(tx.backend.upsert(_MEMBERSHIPS, ("target", "account_id", "group_key")), [row])
        return
    tx.execute(delete(_MEMBERSHIPS).where(_is_member(target, account_id, group_key)))


def emails(connection: Connection, target: str, account_ids: Collection[str]) -> dict[str, str]:
    """E-mail by account id, as last observed or written, of those that have one."""
    columns = select(_ACCOUNTS.c.id, _ACCOUNTS.c.email).where(_ACCOUNTS.c.target == target)
    known = columns.where(_ACCOUNTS.c.email.is_not(None))
    return {row.id: row.email for row in rows_of(connection, known, _ACCOUNTS.c.id, account_ids)}


def managed(connection: Connection, target: str, account_ids: Collection[str] | None = None) -> set[ManagedMembership]:
    """The memberships that manciple added: all, or those of these accounts."""
    columns = select(_MEMBERSHIPS.c.account_id, _MEMBERSHIPS.c.group_key)
    mine = columns.where(_MEMBERSHIPS.c.target == target, _MEMBERSHIPS.c.managed.is_(True))
    if account_ids is None:
        return {ManagedMembership(account, group) for account, group in connection.execute(mine)}
    rows = rows_of(connection, mine, _MEMBERSHIPS.c.account_id, account_ids)
    return {ManagedMembership(row.account_id, row.group_key) for row in rows}


def group_names(connection: Connection, target: str, keys: Collection[str]) -> dict[str, str]:
    """Names of target groups by key, as the target writes them; a key that was never observed is its own name."""
    columns = select(_GROUPS.c.key, _GROUPS.c.name).where(_GROUPS.c.target == target)
    return {key: key for key in keys} | {row.key: row.name for row in rows_of(connection, columns, _GROUPS.c.key, keys)}


def members_of(connection: Connection, target: str, group_keys: Collection[str]) -> set[str]:
    """Ids of the accounts that were last observed in any of these groups."""
    columns = select(_MEMBERSHIPS.c.account_id).where(_MEMBERSHIPS.c.target == target)
    return {row.account_id for row in rows_of(connection, columns, _MEMBERSHIPS.c.group_key, group_keys)}


def fresh_groups(connection: Connection, target: str, keys: Collection[str], since: int) -> list[TargetGroup]:
    """Those of these groups that were observed at `since` or later, or created."""
    columns = select(_GROUPS.c.key, _GROUPS.c.name).where(_GROUPS.c.target == target, _GROUPS.c.observed_at >= since)
    return [TargetGroup(row.name, row.key) for row in rows_of(connection, columns, _GROUPS.c.key, keys)]


def counts(connection: Connection, target: str) -> tuple[int, int]:
    """How many accounts and groups were last observed."""
    return (
        connection.execute(select(func.count()).where(_ACCOUNTS.c.target == target)).scalar_one(),
        connection.execute(select(func.count()).where(_GROUPS.c.target == target)).scalar_one(),
    )


def _see_memberships(tx: Transaction, target: str, groups_of: Mapping[str, frozenset[str]]) -> None:
    """Memberships that are gone are forgotten; new ones are not managed, known ones stay as they are."""
    columns = select(_MEMBERSHIPS.c.account_id, _MEMBERSHIPS.c.group_key).where(_MEMBERSHIPS.c.target == target)
    known = {tuple(row) for row in rows_of(tx.connection, columns, _MEMBERSHIPS.c.account_id, groups_of)}
    seen = {(account, key) for account, groups in groups_of.items() for key in groups}
    gone = [{"gone_account": account, "gone_group": key} for account, key in sorted(known - seen)]
    new = [{"target": target, "account_id": a, "group_key": key, "managed": False} for a, key in sorted(seen - known)]
    if gone:
        of_each = _is_member(target, bindparam("gone_account"), bindparam("gone_group"))
        tx.execute(delete(_MEMBERSHIPS).where(of_each), gone)
    if new:
        tx.execute(tx.backend.insert(_MEMBERSHIPS), new)


def _is_member(target: str, account_id: Any, group_key: Any) -> ColumnElement[bool]:
    return and_(
        _MEMBERSHIPS.c.target == target,
        _MEMBERSHIPS.c.account_id == account_id,
        _MEMBERSHIPS.c.group_key == group_key,
    )
