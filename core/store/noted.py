"""What manciple itself changed at a target, noted beside what was observed of it, without observing it again.

Each runs in the transaction of the change's outcome (`core.apply.keeping`).
"""

from collections.abc import Iterable, Mapping

import orjson
from sqlalchemy import and_, delete, select, update

from core.planning.names import display_key
from core.planning.values import TargetGroup
from core.store import observed
from core.store.observed import ACCOUNTS, GROUPS, MEMBERSHIPS, attributes_of, email_key, group_row, is_member
from core.store.writer import Transaction

ACCOUNT_VALUES = ("display_name", "email", "active")
"""What changes of an account's own values give, besides further attributes."""


def account(tx: Transaction, target: str, account_id: str, **values: str | bool | None) -> None:
    """Note what manciple itself changed of an account: `name`, `key`, `display_name`, `email`, `active`; `None` is left
    alone."""
    changed: dict[str, str | bool | None] = {name: value for name, value in values.items() if value is not None}
    if "email" in changed:
        changed["email_key"] = email_key(str(changed["email"]))
    if "display_name" in changed:
        changed["display_key"] = display_key(str(changed["display_name"]))
    if changed:
        tx.execute(update(ACCOUNTS).where(ACCOUNTS.c.target == target, ACCOUNTS.c.id == account_id).values(changed))


def attributes(tx: Transaction, target: str, account_id: str, changed: Mapping[str, str]) -> None:
    """Note further attributes that manciple itself changed of an account; an empty one was cleared."""
    if not changed:
        return
    ours = and_(ACCOUNTS.c.target == target, ACCOUNTS.c.id == account_id)
    merged = {**attributes_of(tx.execute(select(ACCOUNTS.c.attributes).where(ours)).scalar()), **changed}
    kept = {name: value for name, value in merged.items() if value}
    tx.execute(update(ACCOUNTS).where(ours).values(attributes=orjson.dumps(kept) if kept else None))


def account_gone(tx: Transaction, target: str, account_id: str) -> None:
    """Note that manciple deleted an account: with its memberships, those that manciple added too."""
    tx.execute(delete(ACCOUNTS).where(ACCOUNTS.c.target == target, ACCOUNTS.c.id == account_id))
    theirs = and_(MEMBERSHIPS.c.target == target, MEMBERSHIPS.c.account_id == account_id)
    tx.execute(delete(MEMBERSHIPS).where(theirs))


def groups(tx: Transaction, target: str, groups: Iterable[TargetGroup]) -> None:
    """Note groups that manciple created."""
    rows = [group_row(tx, target, group) | {"created_by_us": True, "members": 0} for group in groups]
    tx.execute(tx.backend.upsert(GROUPS, ("target", "key")), rows)


def group_renamed(tx: Transaction, target: str, key: str, name: str, new_key: str) -> None:
    """Note that manciple renamed a group: its members, and which of them are managed, stay."""
    tx.execute(delete(GROUPS).where(GROUPS.c.target == target, GROUPS.c.key == new_key, GROUPS.c.key != key))
    renamed = update(GROUPS).where(GROUPS.c.target == target, GROUPS.c.key == key)
    tx.execute(renamed.values(key=new_key, name=name))
    if new_key != key:
        ours = MEMBERSHIPS.c.target == target
        tx.execute(delete(MEMBERSHIPS).where(ours, MEMBERSHIPS.c.group_key == new_key))
        tx.execute(update(MEMBERSHIPS).where(ours, MEMBERSHIPS.c.group_key == key).values(group_key=new_key))


def group_gone(tx: Transaction, target: str, key: str) -> None:
    """Note that manciple deleted a group: with all memberships in it."""
    observed.forget_groups(tx, target, [key])
    tx.execute(delete(MEMBERSHIPS).where(MEMBERSHIPS.c.target == target, MEMBERSHIPS.c.group_key == key))


def member(tx: Transaction, target: str, account_id: str, group_key: str, member: bool, managed: bool = True) -> None:
    """Note a membership that manciple added, which it then manages unless told otherwise, or removed."""
    if member:
        row = {"target": target, "account_id": account_id, "group_key": group_key, "managed": managed}
        tx.execute(tx.backend.upsert(MEMBERSHIPS, ("target", "account_id", "group_key")), [row])
        return
    tx.execute(delete(MEMBERSHIPS).where(is_member(target, account_id, group_key)))
