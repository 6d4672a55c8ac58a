"""What the sync screen shows of one run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import Connection

from core.planning.changes import Change
from core.store import changes, conflicts, exchanges, positions, runs

Counts = Mapping[tuple[str, changes.State], int]
_LISTED = 1000
"""Conflicts that are listed at most."""
_EXCHANGES = 20
"""Exchanges of one change that are shown."""


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """A conflict in words."""

    kind: str
    """The catalogue's code: `C16`."""
    title: str
    explanation: str


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run."""

    run: runs.Run
    counts: Counts = field(default_factory=lambda: MappingProxyType({}))
    """How many of its changes there are, by kind and state."""
    open_conflicts: int = 0
    """How many are open at its target now."""
    conflicts: tuple[OpenConflict, ...] = ()
    """They, oldest first, as far as they are listed."""


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """One change, opened."""

    listed: changes.Listed
    change: Change
    sent: tuple[exchanges.Listed, ...]
    """The exchanges that carried it out."""
    cause: exchanges.Listed | None
    """The inbound exchange that led to it, where the log still has it."""


def read_run(connection: Connection, run: runs.Run, counts: Counts | None = None) -> RunFacts:
    """The facts of a run; `counts` where they are known already, since counting reads all of its changes."""
    counted = changes.counts(connection, run.id) if counts is None else counts
    number = conflicts.number_open(connection).get(run.target, 0)
    return RunFacts(run, counted, number, _conflicts(connection, run.target) if number else ())


def read_change(connection: Connection, run: int, position: int) -> ChangeFacts | None:
    """The change at a position of a run, with its exchanges; `None` where there is none."""
    at = positions.window(connection, run, position, 1)
    opened = changes.opened(connection, at[0].id) if at else None
    if opened is None:
        return None
    listed, change = opened
    sent = exchanges.of_change(connection, listed.id, _EXCHANGES)
    cause = exchanges.window(connection, listed.exchange, 0, 1) if listed.exchange is not None else []
    return ChangeFacts(
        listed, change, tuple(sent), next((found for found in cause if found.id == listed.exchange), None)
    )


def _conflicts(connection: Connection, target: str) -> tuple[OpenConflict, ...]:
    listed = conflicts.open_conflicts(connection, target, _LISTED)
    opened = (conflicts.opened(connection, each.id) for each in listed)
    return tuple(OpenConflict(each[1].kind, each[1].title, each[1].explanation) for each in opened if each is not None)
