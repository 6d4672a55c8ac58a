"""Two runs beside each other: which changes only the one has, which only the other, and which both.

A change is the same in both where it does the same to the same account and group, by name; what its values were does
not count, nor which target it was for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.store import tables
from core.store.changes import State
from core.store.identities import name_key

AT_MOST = 50_000
"""Changes of each run that are compared."""

_CHANGES = tables.Change.metadata.tables["changes"]
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """One change, with how it stands in each run; `None` where that run has none."""

    kind: str
    account: str
    group: str
    one: State | None
    other: State | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes of two runs, each in the order of its run."""

    only_one: tuple[Compared, ...]
    only_other: tuple[Compared, ...]
    both: tuple[Compared, ...]
    is_cut: bool
    """Whether a run has more changes than are compared."""


def compare(connection: Connection, one: int, other: int) -> Comparison:
    """Compare two runs by their first `AT_MOST` changes."""
    (first, first_is_cut), (second, second_is_cut) = _read(connection, one), _read(connection, other)
    return Comparison(
        tuple(_compared(key, first, second) for key in first if key not in second),
        tuple(_compared(key, first, second) for key in second if key not in first),
        tuple(_compared(key, first, second) for key in first if key in second),
        first_is_cut or second_is_cut,
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    account: str
    group: str
    state: State


def _read(connection: Connection, run: int) -> tuple[dict[_Key, _Standing], bool]:
    """By what they do; of one that was planned again in the same run, the last."""
    columns = (_CHANGES.c.kind, _CHANGES.c.account, _CHANGES.c.group_name, _CHANGES.c.state)
    ordered = select(*columns).where(_CHANGES.c.run == run).order_by(_CHANGES.c.position).limit(AT_MOST + 1)
    rows = connection.execute(ordered).all()
    found: dict[_Key, _Standing] = {}
    for kind, account, group, state in rows[:AT_MOST]:
        found[kind, name_key(account or ""), name_key(group or "")] = _Standing(account or "", group or "", state)
    return found, len(rows) > AT_MOST


def _compared(key: _Key, first: Mapping[_Key, _Standing], second: Mapping[_Key, _Standing]) -> Compared:
    one, other = first.get(key), second.get(key)
    named = one or other
    assert named is not None
    return Compared(key[0], named.account, named.group, one.state if one else None, other.state if other else None)
