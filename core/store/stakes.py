"""What open conflicts turn on (`core.planning.stakes`), so that those which something may free are found by it."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, insert, select

from core.store import tables
from core.store.parts import parts, rows_of
from core.store.writer import Transaction

_STAKES = tables.Stake.metadata.tables["stakes"]
_CONFLICTS = tables.Conflict.metadata.tables["conflicts"]
_OF_CONFLICTS = select(_STAKES.c.stake).join(_CONFLICTS, _CONFLICTS.c.id == _STAKES.c.conflict)
_SUBJECTS = (
    select(_CONFLICTS.c.user_id, _CONFLICTS.c.group_id)
    .select_from(_STAKES)
    .join(_CONFLICTS, _CONFLICTS.c.id == _STAKES.c.conflict)
)


def put(tx: Transaction, target: str, stakes: Mapping[int, Collection[str]]) -> None:
    """Keep what these conflicts turn on, in the place of what they did: id → stakes."""
    drop(tx, stakes)
    rows = [
        {"conflict": number, "stake": stake, "target": target} for number, all_of in stakes.items() for stake in all_of
    ]
    if rows:
        tx.execute(insert(_STAKES), rows)


def drop(tx: Transaction, conflicts: Collection[int]) -> None:
    """Forget what these conflicts turn on: they are closed."""
    for part in parts(conflicts):
        tx.execute(delete(_STAKES).where(_STAKES.c.conflict.in_(part)))


def of_subjects(connection: Connection, target: str, subjects: Collection[str]) -> set[str]:
    """What the open conflicts about these subjects (`user:<id>`, …) turn on."""
    ours = _OF_CONFLICTS.where(_CONFLICTS.c.target == target)
    return {row.stake for row in rows_of(connection, ours, _CONFLICTS.c.subject, subjects)}


def subjects(connection: Connection, target: str, stakes: Collection[str]) -> tuple[set[str], set[str]]:
    """Ids of the users and of the IdP groups with an open conflict that turns on any of these."""
    rows = list(rows_of(connection, _SUBJECTS.where(_STAKES.c.target == target), _STAKES.c.stake, stakes))
    users, groups = ({row[at] for row in rows if row[at] is not None} for at in (0, 1))
    return users, groups
