"""Links: which account at a target belongs to which user, by immutable ids on both sides."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from core.planning.values import Account, Link
from core.store import tables
from core.store.parts import parts, rows_of
from core.store.writer import Transaction

_LINKS = tables.LINKS
_LISTED = select(_LINKS.c.user_id, _LINKS.c.account_id, _LINKS.c.account_name, _LINKS.c.is_new)


def all_links(connection: Connection, target: str) -> list[Link]:
    """Every link of a target."""
    return [Link(*row) for row in connection.execute(_LISTED.where(_LINKS.c.target == target))]


def of_users(connection: Connection, target: str, user_ids: Collection[str]) -> list[Link]:
    """The links of these users."""
    return _read(connection, target, _LINKS.c.user_id, user_ids)


def of_accounts(connection: Connection, target: str, account_ids: Collection[str]) -> list[Link]:
    """The links of these accounts."""
    return _read(connection, target, _LINKS.c.account_id, account_ids)


def of_names(connection: Connection, target: str, account_keys: Collection[str]) -> list[Link]:
    """The links whose account had one of these names (as keys) when last seen."""
    return _read(connection, target, _LINKS.c.account_key, account_keys)


def count(connection: Connection, target: str) -> int:
    """How many accounts of a target are linked."""
    return connection.execute(select(func.count()).where(_LINKS.c.target == target)).scalar_one()


def put(
    tx: Transaction,
    target: str,
    user_id: str,
    account_id: str,
    account_name: str,
    account_key: str,
    how: str,
    run: int,
    is_new: bool = False,
) -> None:
    """Remember that the account belongs to the user, in the place of any earlier link of either."""
    of_either = (_LINKS.c.user_id == user_id) | (_LINKS.c.account_id == account_id)
    tx.execute(delete(_LINKS).where(_LINKS.c.target == target, of_either))
    named = {"target": target, "user_id": user_id, "account_id": account_id, "account_name": account_name}
    made = {"account_key": account_key, "since": tx.now, "how": how, "run": run, "is_new": is_new}
    tx.execute(tx.backend.insert(_LINKS).values(**named, **made))


def remove(tx: Transaction, target: str, user_id: str) -> None:
    """Forget which account belongs to a user."""
    tx.execute(delete(_LINKS).where(_LINKS.c.target == target, _LINKS.c.user_id == user_id))


def new_users(connection: Connection, target: str) -> set[str]:
    """Ids of the users whose accounts were created and have not been given all yet that new ones get."""
    new = select(_LINKS.c.user_id).where(_LINKS.c.target == target, _LINKS.c.is_new.is_(True))
    return set(connection.execute(new).scalars())


def note_served(tx: Transaction, target: str, user_ids: Collection[str]) -> None:
    """Note that the accounts of these users have been given all that new ones get."""
    ours = update(_LINKS).where(_LINKS.c.target == target, _LINKS.c.is_new.is_(True))
    for part in parts(user_ids):
        tx.execute(ours.where(_LINKS.c.user_id.in_(part)).values(is_new=False))


def rename(tx: Transaction, target: str, account_id: str, name: str, key: str) -> None:
    """Remember another name of a linked account."""
    renamed = update(_LINKS).where(_LINKS.c.target == target, _LINKS.c.account_id == account_id)
    tx.execute(renamed.values(account_name=name, account_key=key))


def follow_names(tx: Transaction, target: str, accounts: Collection[Account]) -> None:
    """Remember the present names of linked accounts: one that was renamed at the target stays linked by its id."""
    names = {account.id: account for account in accounts}
    for link in of_accounts(tx.connection, target, names):
        account = names[link.account_id]
        if link.account_name != account.name:
            rename(tx, target, account.id, account.name, account.key)


def _read(connection: Connection, target: str, column: ColumnElement[str], values: Collection[str]) -> list[Link]:
    of_target = _LISTED.where(_LINKS.c.target == target)
    return [Link(*row) for row in rows_of(connection, of_target, column, values)]
