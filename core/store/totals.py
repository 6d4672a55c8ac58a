"""How much there is at a target, and how much pushes changed there of late: what brakes are measured by.

The cost is that of the target's groups and of the last hour's pushes, not that of its accounts' memberships.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, and_, func, literal_column, select

from core.planning.changes import ChangeKind
from core.planning.names import group_key
from core.planning.values import Totals, Waiting
from core.store import links, tables
from core.store.parts import rows_of

RECENT = 3_600_000
"""Milliseconds for which what a push changed counts."""

_CHANGES = tables.Change.metadata.tables["changes"]
_RUNS = tables.Run.metadata.tables["runs"]
_GROUPS = tables.TargetGroup.metadata.tables["target_groups"]
_COUNTED = select(_CHANGES.c.kind, _CHANGES.c.group_name, func.count().label("number")).group_by(
    _CHANGES.c.kind, _CHANGES.c.group_name
)
_IS_PLANNED = _CHANGES.c.state == literal_column("'planned'")
"""As the index of what is planned has it: written out."""
_TAKING = (ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT, ChangeKind.REMOVE_MEMBER)


def of_target(
    connection: Connection,
    target: str,
    now: int,
    users: Collection[str] | None,
    administrators: Collection[str] = (),
) -> Totals:
    """The totals of a target at the moment `now`, in milliseconds since 1970-01-01 UTC.

    What waits for any of `users` (`None`: for any user) is left out; what may take one of the accounts
    `administrators` its rights is told by itself.
    """
    members = dict(_members(connection, target))
    return Totals(
        linked=links.count(connection, target),
        memberships=sum(members.values()),
        members=members,
        recent=recent(connection, target, now - RECENT),
        waiting=tuple(_waiting(connection, target, users, administrators)),
    )


def recent(connection: Connection, target: str, since: int) -> dict[str, int]:
    """By kind of change, and by `remove-member|<group key>`: how many pushes made from `since` on."""
    done = _COUNTED.where(_CHANGES.c.state == "done", _CHANGES.c.finished_at >= since)
    return _by_kind(rows_of(connection, done, _CHANGES.c.run, set(_pushes(connection, target, since))))


def _members(connection: Connection, target: str) -> Iterator[tuple[str, int]]:
    known = select(_GROUPS.c.key, _GROUPS.c.members).where(_GROUPS.c.target == target, _GROUPS.c.members.is_not(None))
    for row in connection.execute(known):
        yield row.key, row.members


def _pushes(connection: Connection, target: str, since: int) -> Iterator[int]:
    """Runs of pushes that ended at `since` or later, or have not ended. They follow each other, so the first from the
    end that had ended before is the last to look at."""
    unasked = and_(_RUNS.c.target == target, _RUNS.c.trigger == "push", _RUNS.c.approved_by.is_(None))
    pushes = select(_RUNS.c.id, _RUNS.c.finished_at).where(unasked).order_by(_RUNS.c.id.desc())
    with connection.execute(pushes.execution_options(yield_per=100)) as rows:
        for row in rows:
            if row.finished_at is not None and row.finished_at < since:
                return
            yield row.id


def _waiting(
    connection: Connection, target: str, users: Collection[str] | None, administrators: Collection[str]
) -> Iterator[Waiting]:
    """What waits with what brakes held back of other runs: counted, but for what is told by itself."""
    held = select(_RUNS.c.id).where(_RUNS.c.state == "waiting", _RUNS.c.target == target, _RUNS.c.scope == "held")
    runs = connection.execute(held).scalars().all()
    if not runs:
        return
    waits = and_(_CHANGES.c.run.in_(runs), _IS_PLANNED)
    if users is None:
        waits = and_(waits, _CHANGES.c.user_id.is_(None))
    alike = Counter({(kind, group): number for kind, group, number in connection.execute(_COUNTED.where(waits))})
    own = _COUNTED.where(waits, _CHANGES.c.target == target)
    for kind, group, number in rows_of(connection, own, _CHANGES.c.user_id, users or ()):
        alike[kind, group] -= number
    columns = select(_CHANGES.c.kind, _CHANGES.c.user_id, _CHANGES.c.group_name, _CHANGES.c.account_id)
    taking = columns.where(waits, _CHANGES.c.target == target, _CHANGES.c.kind.in_(_TAKING))
    for kind, user, group, account in rows_of(connection, taking, _CHANGES.c.account_id, administrators):
        if user not in (users or ()):
            alike[kind, group] -= 1
            yield Waiting(kind, user, _key(group), account)
    for (kind, group), number in alike.items():
        if number:
            yield Waiting(kind, None, _key(group), number=number)


def _key(group: str | None) -> str | None:
    return None if group is None else group_key(group)


def _by_kind(rows: Iterable[Any]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for kind, group, number in rows:
        counted[kind] += number
        if kind == ChangeKind.REMOVE_MEMBER:
            counted[f"{kind}|{group_key(group or '')}"] += number
    return dict(counted)
