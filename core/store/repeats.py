"""Changes that manciple made again and again without having taken them back: noted when they are made.

So a plan need not look through all that was ever done: there are few of them. Each is found by its account.
"""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, and_, delete, select

from core.planning.changes import Change, ChangeKind
from core.planning.document import read_change
from core.planning.names import group_key
from core.planning.repeating import INVERSES, TIMES, WITHIN
from core.planning.values import Repeated
from core.store import tables
from core.store.parts import rows_of
from core.store.writer import Transaction

_REPEATS = tables.Repeat.metadata.tables["repeats"]
_CHANGES = tables.Change.metadata.tables["changes"]
_KEYS = ("target", "kind", "account_id", "group_key")
_LISTED = select(_REPEATS.c.kind, _REPEATS.c.account_id, _REPEATS.c.group_key, _REPEATS.c.detail)


def note(tx: Transaction, target: str, change: Change, account_id: str) -> None:
    """Note a change that was just done to an account, where it was done so often; and that it takes back another."""
    if change.kind not in INVERSES or not account_id:
        return
    key = group_key(change.group or "")
    times = _times(tx, target, change, account_id)
    _forget(tx, target, account_id, [change.kind, INVERSES[change.kind] or change.kind], key)
    if len(times) >= TIMES:
        detail = orjson.dumps({"after": dict(change.after), "times": times})
        row = {"target": target, "kind": str(change.kind), "account_id": account_id, "group_key": key}
        tx.execute(tx.backend.upsert(_REPEATS, _KEYS), [row | {"detail": detail, "at": tx.now}])


def forget(tx: Transaction, target: str, account_ids: Collection[str]) -> None:
    """Begin to count anew what is done to these accounts."""
    tx.execute(delete(_REPEATS).where(_REPEATS.c.target == target, _REPEATS.c.account_id.in_(account_ids)))


def all_repeats(connection: Connection, target: str) -> list[Repeated]:
    """All of a target."""
    return [_repeated(row) for row in connection.execute(_LISTED.where(_REPEATS.c.target == target))]


def of_accounts(connection: Connection, target: str, account_ids: Collection[str]) -> list[Repeated]:
    """Those of these accounts."""
    of_target = _LISTED.where(_REPEATS.c.target == target)
    return [_repeated(row) for row in rows_of(connection, of_target, _REPEATS.c.account_id, account_ids)]


def _times(tx: Transaction, target: str, change: Change, account_id: str) -> list[tuple[int, int]]:
    """The runs that made this change within a week, and when, since the last one that took it back."""
    kinds = {change.kind, INVERSES[change.kind] or change.kind}
    done = (
        select(_CHANGES.c.kind, _CHANGES.c.run, _CHANGES.c.finished_at, _CHANGES.c.detail)
        .where(_CHANGES.c.target == target, _CHANGES.c.account_id == account_id, _CHANGES.c.kind.in_(map(str, kinds)))
        .where(_CHANGES.c.state == "done", _CHANGES.c.finished_at > tx.now - WITHIN)
        .order_by(_CHANGES.c.id)
    )
    times: list[tuple[int, int]] = []
    for row in tx.execute(done):
        made = read_change(orjson.loads(row.detail))
        if group_key(made.group or "") != group_key(change.group or ""):
            continue
        is_same = row.kind == change.kind and (INVERSES[change.kind] is not None or _leaves_the_same(made, change))
        times = [*times, (row.run, row.finished_at)] if is_same else []
    return times


def _leaves_the_same(made: Change, change: Change) -> bool:
    return dict(made.after) == dict(change.after)


def _forget(tx: Transaction, target: str, account_id: str, kinds: Collection[ChangeKind], key: str) -> None:
    ours = and_(_REPEATS.c.target == target, _REPEATS.c.account_id == account_id, _REPEATS.c.group_key == key)
    tx.execute(delete(_REPEATS).where(ours, _REPEATS.c.kind.in_(map(str, kinds))))


def _repeated(row: Any) -> Repeated:
    kept: Mapping[str, Any] = orjson.loads(row.detail)
    return Repeated(row.kind, row.account_id, row.group_key, kept["after"], tuple(map(tuple, kept["times"])))
