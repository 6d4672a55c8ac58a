"""Account names that manciple took from somebody: who wants such a name next is asked for, since old content may be
tied to it.

Of each name the last time counts. They stay for good: content does too.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, select

from core.planning.names import account_key
from core.planning.values import Released
from core.store import tables
from core.store.parts import rows_of
from core.store.tables import USERS
from core.store.writer import Transaction

_NAMES = tables.ReleasedName.metadata.tables["released_names"]
_KEYS = ("target", "key")
_WHOSE = func.coalesce(USERS.c.display_name, USERS.c.user_name, "another user")
_LISTED = select(
    *(_NAMES.c[name] for name in ("key", "name", "user_id")),
    _WHOSE,
    USERS.c.external_id,
    *(_NAMES.c[name] for name in ("account_id", "how", "at")),
).select_from(_NAMES.outerjoin(USERS, USERS.c.id == _NAMES.c.user_id))


def put(tx: Transaction, target: str, name: str, user_id: str, account_id: str, how: str, run: int) -> None:
    """Remember that a user's account has this name no more: it was `deleted`, or `renamed`."""
    named = {"target": target, "key": account_key(name), "name": name, "user_id": user_id}
    row = named | {"account_id": account_id, "how": how, "run": run, "at": tx.now}
    tx.execute(tx.backend.upsert(_NAMES, _KEYS), [row])


def all_names(connection: Connection, target: str) -> list[Released]:
    """All of a target."""
    return [_released(row) for row in connection.execute(_LISTED.where(_NAMES.c.target == target))]


def of_names(connection: Connection, target: str, keys: Collection[str]) -> list[Released]:
    """Those of these names, as keys."""
    of_target = _LISTED.where(_NAMES.c.target == target)
    return [_released(row) for row in rows_of(connection, of_target, _NAMES.c.key, keys)]


def _released(row: Any) -> Released:
    return Released(*row)
