"""The changes of a run in groups: by kind, by account, or by target group. One narrow reading of all of them."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import Column, Connection, select

from core.planning.changes import ChangeKind
from core.store import tables

By = Literal["kind", "account", "group"]

_CHANGES = tables.Change.metadata.tables["changes"]
_COLUMNS: Mapping[By, Column[Any]] = MappingProxyType(
    {"kind": _CHANGES.c.kind, "account": _CHANGES.c.account, "group": _CHANGES.c.group_name}
)
_KINDS = {kind.value: place for place, kind in enumerate(ChangeKind)}


@dataclass(frozen=True, slots=True)
class Group:
    """Changes that have something in common."""

    name: str
    """A kind, or the name of an account or of a group; empty: they are about none."""
    positions: "array[int]"
    """Ascending."""


def groups_of(connection: Connection, run: int, by: By) -> list[Group]:
    """The groups: kinds in their own order, names by the alphabet, and at the end what is about none."""
    column = _COLUMNS[by]
    found: dict[str, array[int]] = {}
    changes = select(_CHANGES.c.position, column).where(_CHANGES.c.run == run).order_by(_CHANGES.c.position)
    for position, name in connection.execute(changes):
        found.setdefault(name or "", array("L")).append(position)
    if by == "kind":
        names = sorted(found, key=lambda name: _KINDS.get(name, len(_KINDS)))
    else:
        names = sorted(found, key=lambda name: (not name, name.casefold(), name))
    return [Group(name, found[name]) for name in names]
