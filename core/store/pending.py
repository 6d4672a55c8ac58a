"""Pending keys: which users and groups a target has yet to be brought in line with.

A key says that something changed, never what: the planner reads the current state. It is touched in the transaction
of the change, and cleared only where nobody touched it again meanwhile, so a change that arrives during the work on
its key is never lost. Claiming writes nothing: after a crash the key is simply still here.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, null, or_, select, update

from core.store import tables
from core.store.prepared import Prepared
from core.store.writer import Transaction

FIRST_RETRY = 5_000
"""Milliseconds until a key's first retry; doubles with each further failure."""
LAST_RETRY = 900_000
"""Milliseconds between retries at most."""


@dataclass(frozen=True, slots=True)
class Key:
    """A pending key as it was claimed."""

    target: str
    kind: Literal["user", "group"]
    id: str
    mark: int
    since: int
    attempts: int
    exchange: int | None
    """The inbound exchange that touched it last."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much one target has before it."""

    target: str
    keys: int
    failing: int
    """Those of them that failed at least once since they were touched."""
    oldest: int
    """Since when the oldest of them waits, in milliseconds since 1970-01-01 UTC."""


_PENDING = tables.Pending.metadata.tables["pending"]
_CLAIMED = select(*(_PENDING.c[field.name] for field in fields(Key)))
_UNTOUCHED: ColumnElement[bool] = and_(
    *(_PENDING.c[name] == bindparam(f"claimed_{name}") for name in ("target", "kind", "id", "mark"))
)

_AT = {name: bindparam(f"at_{name}", type_=_PENDING.c[name].type) for name in ("target", "kind", "id")}
_AFRESH: dict[str, Any] = {"attempts": 0, "error": null()} | {
    name: bindparam(f"new_{name}", type_=_PENDING.c[name].type) for name in ("mark", "due_at", "exchange")
}
_TOUCHED_AGAIN = Prepared(update(_PENDING).where(*(_PENDING.c[name] == at for name, at in _AT.items())).values(_AFRESH))
_TOUCHED = Prepared(insert(_PENDING).values(**_AT, **_AFRESH, since=bindparam("new_since")))


def touch(
    tx: Transaction,
    targets: Sequence[str],
    kind: Literal["user", "group"],
    ids: Iterable[str],
    exchange: int | None,
    due: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Mark each of `ids` as pending for each of `targets`, with all earlier failures forgotten; due now, unless held
    until what `due` says."""
    for ident in ids:
        for target in targets:
            # A random mark cannot come back, even where a key was cleared and touched within one millisecond.
            key = {"at_target": target, "at_kind": kind, "at_id": ident, "new_since": tx.now, "new_exchange": exchange}
            key |= {"new_mark": secrets.randbits(63), "new_due_at": due.get(ident, tx.now)}
            tx.has_written = True
            if not _TOUCHED_AGAIN.change(tx.connection, **key):
                _TOUCHED.change(tx.connection, **key)


def postpone(
    tx: Transaction,
    target: str,
    kind: Literal["user", "group"],
    reasons: Mapping[str, str | None],
    wait: int = FIRST_RETRY,
    exchange: int | None = None,
) -> None:
    """Have these ids worked on in `wait` milliseconds, each for its reason; one that is pending stays as it is."""
    row: dict[str, Any] = {"target": target, "kind": kind, "mark": secrets.randbits(63), "since": tx.now}
    waiting = row | {"due_at": tx.now + wait, "attempts": int(wait > 0), "exchange": exchange}
    rows = [waiting | {"id": ident, "error": reason} for ident, reason in reasons.items()]
    if rows:
        tx.execute(tx.backend.insert(_PENDING).on_conflict_do_nothing(index_elements=["target", "kind", "id"]), rows)


def put_off(
    tx: Transaction, target: str, kind: Literal["user", "group"], ident: str, moment: int, claimed: Key | None = None
) -> None:
    """Have an id worked on at `moment`, with nothing failed; one that was touched since `claimed` stays as it is.

    Another key of it that is due before stays as well: to look too early costs a look.
    """
    if claimed is not None:
        put = update(_PENDING).where(_UNTOUCHED).values(due_at=moment, attempts=0, error=None)
        tx.execute(put, _claimed(claimed))
        return
    new = tx.backend.insert(_PENDING).values(
        target=target, kind=kind, id=ident, mark=secrets.randbits(63), since=tx.now, due_at=moment
    )
    later = _PENDING.c.due_at > moment
    key = ["target", "kind", "id"]
    tx.execute(new.on_conflict_do_update(index_elements=key, set_={"due_at": moment}, where=later))


def claim(connection: Connection, target: str, now: int, limit: int) -> list[Key]:
    """The keys of `target` that are due, the longest due first, at most `limit`."""
    due = _CLAIMED.where(_PENDING.c.target == target, _PENDING.c.due_at <= now)
    return [Key(*row) for row in connection.execute(due.order_by(_PENDING.c.due_at).limit(limit))]


def claim_all(connection: Connection, target: str, now: int) -> list[Key]:
    """All keys of `target`, those that wait for a retry too; not those that are held and never were worked on."""
    is_open = or_(_PENDING.c.due_at <= now, _PENDING.c.attempts > 0)
    open_keys = _CLAIMED.where(_PENDING.c.target == target, is_open)
    return [Key(*row) for row in connection.execute(open_keys.order_by(_PENDING.c.due_at))]


def number_due(connection: Connection, target: str, now: int) -> int:
    """How many keys of `target` are due."""
    due = select(func.count()).where(_PENDING.c.target == target, _PENDING.c.due_at <= now)
    return connection.execute(due).scalar_one()


def clear(tx: Transaction, keys: Iterable[Key]) -> int:
    """Remove keys whose outcome is stored, save those touched since they were claimed; returns how many went."""
    rows = [_claimed(key) for key in keys]
    return tx.execute(delete(_PENDING).where(_UNTOUCHED), rows).rowcount if rows else 0


def fail(tx: Transaction, key: Key, error: str) -> bool:
    """Let a key wait for its retry, longer after each failure; returns False where it was touched since its claim."""
    wait = min(FIRST_RETRY << min(key.attempts, 16), LAST_RETRY)
    failed = update(_PENDING).where(_UNTOUCHED).values(due_at=tx.now + wait, attempts=key.attempts + 1, error=error)
    return tx.execute(failed, _claimed(key)).rowcount == 1


def backlogs(connection: Connection) -> list[Backlog]:
    """What each target that has pending keys has before it, by name. Counts all keys."""
    failing = func.count().filter(_PENDING.c.attempts > 0)
    statement = select(_PENDING.c.target, func.count(), failing, func.min(_PENDING.c.since))
    grouped = statement.group_by(_PENDING.c.target).order_by(_PENDING.c.target)
    return [Backlog(*row) for row in connection.execute(grouped)]


def _claimed(key: Key) -> dict[str, Any]:
    return {"claimed_target": key.target, "claimed_kind": key.kind, "claimed_id": key.id, "claimed_mark": key.mark}
