"""The target's side as last observed: accounts, groups, memberships, and which memberships manciple added.

A whole observation replaces what it did not see again; an observation of some only adds and renews. Whoever observes
fills in what the target does not tell (`emails`) before it is kept. `managed` is lost only where the account is seen
without the membership.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, func, select, update

from core.planning.names import display_key
from core.planning.values import Account, AdminGroup, ManagedMembership, TargetGroup
from core.store import tables
from core.store.parts import rows_of
from core.store.writer import Transaction

ACCOUNTS = tables.Account.metadata.tables["accounts"]
GROUPS = tables.TargetGroup.metadata.tables["target_groups"]
MEMBERSHIPS = tables.TargetMembership.metadata.tables["target_memberships"]
_READ_GROUPS = select(GROUPS.c.name, GROUPS.c.key, GROUPS.c.id)
_READ_ACCOUNTS = select(
    *(ACCOUNTS.c[name] for name in ("id", "name", "key", "display_name", "email", "active")),
    *(ACCOUNTS.c[name] for name in ("external_id", "attributes", "directory", "read_only", "hides")),
)


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
            "email_key": email_key(account.email),
            "active": account.active,
            "external_id": account.external_id,
            "attributes": orjson.dumps(dict(account.attributes)) if account.attributes else None,
            "observed_at": tx.now,
            "directory": account.directory,
            "read_only": account.read_only,
            "hides": orjson.dumps(account.hides) if account.hides else None,
            "display_key": display_key(account.display_name) if account.display_name else None,
        }
        for account in accounts
    ]
    if rows:
        tx.execute(tx.backend.upsert(ACCOUNTS, ("target", "id")), rows)
        _see_memberships(tx, target, {account.id: account.groups for account in accounts if account.groups is not None})


def see_groups(tx: Transaction, target: str, groups: Iterable[TargetGroup]) -> None:
    """Keep groups as observed now."""
    rows = [group_row(tx, target, group) | {"created_by_us": False} for group in groups]
    if rows:
        tx.execute(tx.backend.upsert(GROUPS, ("target", "key"), ("name", "id", "observed_at")), rows)


def see_members(tx: Transaction, target: str, members: Iterable[tuple[str, int]]) -> None:
    """Keep how many members groups had when these were read whole: (key, number)."""
    rows = [{"counted_group": key, "counted": number} for key, number in members]
    of_each = and_(GROUPS.c.target == target, GROUPS.c.key == bindparam("counted_group"))
    if rows:
        tx.execute(update(GROUPS).where(of_each).values(members=bindparam("counted")), rows)


def unseen(
    connection: Connection, target: str, account_ids: Collection[str], group_keys: Collection[str]
) -> tuple[list[str], list[str]]:
    """Ids of the accounts and keys of the groups that are kept, and are not among these of a whole observation."""
    accounts = connection.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.target == target)).scalars()
    groups = connection.execute(select(GROUPS.c.key).where(GROUPS.c.target == target)).scalars()
    return sorted(set(accounts).difference(account_ids)), sorted(set(groups).difference(group_keys))


def forget_accounts(tx: Transaction, target: str, account_ids: Sequence[str]) -> None:
    """Forget accounts that the target no longer has, and their memberships but for those that manciple added.

    The account may come back with these, as when its directory was switched off for a while.
    """
    tx.execute(delete(ACCOUNTS).where(ACCOUNTS.c.target == target, ACCOUNTS.c.id.in_(account_ids)))
    theirs = and_(MEMBERSHIPS.c.target == target, MEMBERSHIPS.c.account_id.in_(account_ids))
    tx.execute(delete(MEMBERSHIPS).where(theirs, MEMBERSHIPS.c.managed.is_(False)))


def forget_groups(tx: Transaction, target: str, keys: Sequence[str]) -> None:
    """Forget groups that the target no longer has, or that may be gone: they are looked for again."""
    tx.execute(delete(GROUPS).where(GROUPS.c.target == target, GROUPS.c.key.in_(keys)))


def emails(connection: Connection, target: str, account_ids: Collection[str]) -> dict[str, str]:
    """E-mail by account id, as last observed or written, of those that have one."""
    columns = select(ACCOUNTS.c.id, ACCOUNTS.c.email).where(ACCOUNTS.c.target == target)
    known = columns.where(ACCOUNTS.c.email.is_not(None))
    return {row.id: row.email for row in rows_of(connection, known, ACCOUNTS.c.id, account_ids)}


def managed(connection: Connection, target: str, account_ids: Collection[str] | None = None) -> set[ManagedMembership]:
    """The memberships that manciple added: all, or those of these accounts."""
    columns = select(MEMBERSHIPS.c.account_id, MEMBERSHIPS.c.group_key)
    mine = columns.where(MEMBERSHIPS.c.target == target, MEMBERSHIPS.c.managed.is_(True))
    if account_ids is None:
        return {ManagedMembership(account, group) for account, group in connection.execute(mine)}
    rows = rows_of(connection, mine, MEMBERSHIPS.c.account_id, account_ids)
    return {ManagedMembership(row.account_id, row.group_key) for row in rows}


def groups_of(connection: Connection, target: str, account_ids: Collection[str]) -> dict[str, set[str]]:
    """Keys of the groups that these accounts were last observed in, by account id."""
    columns = select(MEMBERSHIPS.c.account_id, MEMBERSHIPS.c.group_key).where(MEMBERSHIPS.c.target == target)
    found: dict[str, set[str]] = {}
    for row in rows_of(connection, columns, MEMBERSHIPS.c.account_id, account_ids):
        found.setdefault(row.account_id, set()).add(row.group_key)
    return found


def group_names(connection: Connection, target: str, keys: Collection[str]) -> dict[str, str]:
    """Names of target groups by key, as the target writes them; a key that was never observed is its own name."""
    columns = select(GROUPS.c.key, GROUPS.c.name).where(GROUPS.c.target == target)
    return {key: key for key in keys} | {row.key: row.name for row in rows_of(connection, columns, GROUPS.c.key, keys)}


def members_of(connection: Connection, target: str, group_keys: Collection[str]) -> set[str]:
    """Ids of the accounts that were last observed in any of these groups."""
    columns = select(MEMBERSHIPS.c.account_id).where(MEMBERSHIPS.c.target == target)
    return {row.account_id for row in rows_of(connection, columns, MEMBERSHIPS.c.group_key, group_keys)}


def fresh_groups(connection: Connection, target: str, keys: Collection[str], since: int) -> list[TargetGroup]:
    """Those of these groups that were observed at `since` or later, or created."""
    fresh = _READ_GROUPS.where(GROUPS.c.target == target, GROUPS.c.observed_at >= since)
    return [TargetGroup(*row) for row in rows_of(connection, fresh, GROUPS.c.key, keys)]


def accounts(connection: Connection, target: str, account_ids: Collection[str]) -> list[Account]:
    """These accounts as last observed, without their groups."""
    of_target = _READ_ACCOUNTS.where(ACCOUNTS.c.target == target)
    return [_account(row) for row in rows_of(connection, of_target, ACCOUNTS.c.id, account_ids)]


def with_external_ids(connection: Connection, target: str, external_ids: Collection[str]) -> set[str]:
    """Ids of the accounts that keep any of these ids of a user."""
    columns = select(ACCOUNTS.c.id).where(ACCOUNTS.c.target == target)
    return {row.id for row in rows_of(connection, columns, ACCOUNTS.c.external_id, external_ids)}


def with_names(connection: Connection, target: str, keys: Collection[str]) -> set[str]:
    """Ids of the accounts that had any of these names, as keys, when last seen."""
    columns = select(ACCOUNTS.c.id).where(ACCOUNTS.c.target == target)
    return {row.id for row in rows_of(connection, columns, ACCOUNTS.c.key, keys)}


def with_display_names(connection: Connection, target: str, keys: Collection[str]) -> set[str]:
    """Ids of the accounts that have any of these display names (`core.planning.names.display_key`)."""
    columns = select(ACCOUNTS.c.id).where(ACCOUNTS.c.target == target)
    return {row.id for row in rows_of(connection, columns, ACCOUNTS.c.display_key, keys)}


def with_addresses(connection: Connection, target: str, emails: Collection[str]) -> set[str]:
    """Ids of the accounts that have any of these e-mail addresses, compared without case."""
    columns = select(ACCOUNTS.c.id).where(ACCOUNTS.c.target == target)
    keys = {email_key(email) or "" for email in emails}
    return {row.id for row in rows_of(connection, columns, ACCOUNTS.c.email_key, keys)}


def admin_groups(connection: Connection, target: str, is_admins: Callable[[str], object]) -> list[AdminGroup]:
    """The groups for whose names `is_admins` holds, each with its active members as last observed."""
    rows = connection.execute(_READ_GROUPS.where(GROUPS.c.target == target).order_by(GROUPS.c.key))
    found = [group for group in (TargetGroup(*row) for row in rows) if is_admins(group.name)]
    return [AdminGroup(group.key, group.name, _active_members(connection, target, group.key)) for group in found]


def known(connection: Connection, target: str) -> int:
    """How many objects a whole reading gave last: accounts, groups, and the members of those groups that matter."""
    accounts, groups = counts(connection, target)
    members = select(func.coalesce(func.sum(GROUPS.c.members), 0)).where(GROUPS.c.target == target)
    return accounts + groups + int(connection.execute(members).scalar_one())


def counts(connection: Connection, target: str) -> tuple[int, int]:
    """How many accounts and groups were last observed."""
    return (
        connection.execute(select(func.count()).where(ACCOUNTS.c.target == target)).scalar_one(),
        connection.execute(select(func.count()).where(GROUPS.c.target == target)).scalar_one(),
    )


def _active_members(connection: Connection, target: str, key: str) -> frozenset[str]:
    of_account = and_(ACCOUNTS.c.target == target, ACCOUNTS.c.id == MEMBERSHIPS.c.account_id)
    inside = and_(MEMBERSHIPS.c.target == target, MEMBERSHIPS.c.group_key == key)
    active = select(MEMBERSHIPS.c.account_id).join(ACCOUNTS, of_account).where(inside, ACCOUNTS.c.active.is_(True))
    return frozenset(connection.execute(active).scalars())


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        key=row.key,
        display_name=row.display_name,
        email=row.email,
        active=row.active,
        external_id=row.external_id,
        attributes=attributes_of(row.attributes),
        directory=row.directory,
        read_only=row.read_only,
        hides=tuple(orjson.loads(row.hides)) if row.hides else (),
    )


def attributes_of(kept: bytes | None) -> dict[str, str]:
    """The further attributes of an account as they are kept."""
    return dict(orjson.loads(kept)) if kept else {}


def email_key(email: str | None) -> str | None:
    """The form in which e-mail addresses of accounts are compared: without case."""
    return None if email is None else email.lower()


def group_row(tx: Transaction, target: str, group: TargetGroup) -> dict[str, object]:
    """A group as a row that was seen just now."""
    return {"target": target, "key": group.key, "name": group.name, "id": group.id, "observed_at": tx.now}


def _see_memberships(tx: Transaction, target: str, groups_of: Mapping[str, frozenset[str]]) -> None:
    """Memberships that are gone are forgotten; new ones are not managed, known ones stay as they are."""
    columns = select(MEMBERSHIPS.c.account_id, MEMBERSHIPS.c.group_key).where(MEMBERSHIPS.c.target == target)
    known = {tuple(row) for row in rows_of(tx.connection, columns, MEMBERSHIPS.c.account_id, groups_of)}
    seen = {(account, key) for account, groups in groups_of.items() for key in groups}
    gone = [{"gone_account": account, "gone_group": key} for account, key in sorted(known - seen)]
    new = [{"target": target, "account_id": a, "group_key": key, "managed": False} for a, key in sorted(seen - known)]
    if gone:
        of_each = is_member(target, bindparam("gone_account"), bindparam("gone_group"))
        tx.execute(delete(MEMBERSHIPS).where(of_each), gone)
    if new:
        tx.execute(tx.backend.insert(MEMBERSHIPS), new)


def is_member(target: str, account_id: Any, group_key: Any) -> ColumnElement[bool]:
    """The condition for one membership."""
    return and_(
        MEMBERSHIPS.c.target == target,
        MEMBERSHIPS.c.account_id == account_id,
        MEMBERSHIPS.c.group_key == group_key,
    )
