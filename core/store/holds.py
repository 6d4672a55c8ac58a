"""What holds a run, and which of its changes each brake holds.

A brake may hold very many changes, and a plan that waits is edited often: how many each holds stands in the run's row,
and the changes in rows of their own, so that an edit costs what it is about.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

import orjson
from sqlalchemy import Connection, delete, func, insert, select

from core.planning.brakes import SAMPLE
from core.planning.changes import Hold
from core.store import tables
from core.store.parts import parts, rows_of
from core.store.writer import Transaction


@dataclass(frozen=True, slots=True)
class RunHold:
    """A brake that holds a run, without the changes that it holds (`core.planning.changes.Hold`)."""

    brake: str
    text: str
    sample: tuple[str, ...]
    cause: str
    approvable: bool
    number: int
    """How many changes it holds."""
    place: int
    """What the rows of these changes know it by."""


_HELD = tables.HeldChange.metadata.tables["held_changes"]


def put(tx: Transaction, run: int, holds: Sequence[Hold]) -> tuple[RunHold, ...]:
    """Keep what holds a run in the place of what was kept; returns it for the run's row."""
    tx.execute(delete(_HELD).where(_HELD.c.run == run))
    kept = [_run_hold(hold, place) for place, hold in enumerate(holds)]
    _insert(tx, run, ((hold.place, key) for hold, of in zip(kept, holds, strict=True) for key in of.keys))
    return tuple(kept)


def add(tx: Transaction, run: int, known: Sequence[RunHold], holds: Iterable[Hold]) -> tuple[RunHold, ...]:
    """Keep more of what holds a run; returns one hold for each brake (and group, where a brake is about one): the
    latest, with what the others hold."""
    together = {_about(hold): hold for hold in known}
    for hold in holds:
        before = together.pop(_about(hold), None)
        place = before.place if before else 1 + max((each.place for each in together.values()), default=-1)
        new = _unknown(tx.connection, run, place, hold.keys)
        _insert(tx, run, ((place, key) for key in new))
        latest = replace(_run_hold(hold, place), number=len(new))
        together[_about(hold)] = latest if before is None else _joined(before, latest)
    return tuple(together.values())


def take_out(tx: Transaction, run: int, known: Iterable[RunHold], keys: Collection[str]) -> tuple[RunHold, ...]:
    """Hold these changes no longer; returns what is left: a hold that holds nothing else is gone."""
    counted = select(_HELD.c.place, func.count().label("number")).where(_HELD.c.run == run).group_by(_HELD.c.place)
    gone = dict[int, int]()
    for place, number in rows_of(tx.connection, counted, _HELD.c.key, keys):
        gone[place] = gone.get(place, 0) + number
    for part in parts(keys):
        tx.execute(delete(_HELD).where(_HELD.c.run == run, _HELD.c.key.in_(part)))
    left = (replace(hold, number=hold.number - gone.get(hold.place, 0)) for hold in known)
    return tuple(hold for hold in left if hold.number)


def whole(connection: Connection, run: int, known: Iterable[RunHold]) -> tuple[Hold, ...]:
    """What holds a run, with every change that it holds, in the order in which they came."""
    keys: dict[int, list[str]] = {hold.place: [] for hold in known}
    rows = select(_HELD.c.place, _HELD.c.key).where(_HELD.c.run == run).order_by(_HELD.c.id)
    for place, key in connection.execute(rows):
        keys[place].append(key)
    return tuple(
        Hold(hold.brake, hold.text, tuple(keys[hold.place]), hold.sample, hold.cause, hold.approvable) for hold in known
    )


def read(kept: bytes | None) -> tuple[RunHold, ...]:
    """What holds a run, from its row."""
    documents = orjson.loads(kept) if kept else ()
    return tuple(RunHold(**document | {"sample": tuple(document["sample"])}) for document in documents)


def written(holds: Sequence[RunHold]) -> bytes | None:
    """What holds a run, for its row."""
    return orjson.dumps([asdict(hold) for hold in holds]) if holds else None


def _run_hold(hold: Hold, place: int) -> RunHold:
    return RunHold(hold.brake, hold.text, hold.sample, hold.cause, hold.approvable, len(hold.keys), place)


def _about(hold: Hold | RunHold) -> tuple[str, str]:
    """The brake, and the group where it looks at each by itself: that is the subject of its sentence."""
    of_group = hold.brake in ("brakes.remove_member_of_group", "brakes.min_admins")
    return hold.brake, hold.text.partition(" would ")[0] if of_group else ""


def _joined(before: RunHold, latest: RunHold) -> RunHold:
    return replace(
        latest,
        number=before.number + latest.number,
        sample=tuple(dict.fromkeys((*before.sample, *latest.sample)))[:SAMPLE],
        cause=latest.cause if before.cause == latest.cause else f"Of those that came last: {latest.cause}",
        approvable=before.approvable and latest.approvable,
    )


def _unknown(connection: Connection, run: int, place: int, keys: Iterable[str]) -> list[str]:
    """Those of these changes that a brake does not hold yet."""
    found = dict.fromkeys(keys)
    held = select(_HELD.c.key).where(_HELD.c.run == run, _HELD.c.place == place)
    known = {row.key for row in rows_of(connection, held, _HELD.c.key, found)}
    return [key for key in found if key not in known]


def _insert(tx: Transaction, run: int, held: Iterable[tuple[int, str]]) -> None:
    rows = [{"run": run, "place": place, "key": key} for place, key in held]
    if rows:
        tx.execute(insert(_HELD), rows)
