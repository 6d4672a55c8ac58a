"""What the sync screen shows of one run, and which run that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import Connection

from core.planning.values import Change
from core.store import changes, conflicts, exchanges, positions, runs

Counts = Mapping[tuple[str, changes.State], int]
_TITLES = 3
"""Conflicts that are named."""
_EXCHANGES = 20
"""Exchanges of one change that are shown."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run."""

    run: runs.Run
    counts: Counts = field(default_factory=lambda: MappingProxyType({}))
    """How many of its changes there are, by kind and state."""
    open_conflicts: int = 0
    """How many are open at its target; not counted where the run is over."""
    named_conflicts: tuple[conflicts.Listed, ...] = ()
    """The first of them."""


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """One change, opened."""

    listed: changes.Listed
    change: Change
    sent: tuple[exchanges.Listed, ...]
    """The exchanges that carried it out."""
    cause: exchanges.Listed | None
    """The inbound exchange that led to it, where the log still has it."""


def important_run(connection: Connection) -> runs.Run | None:
    """The run to show unasked: a whole one under way, else one that waits, else any under way, else the newest.

    Pushes start runs all the time; they must not take a waiting plan from under an admin's eyes.
    """
    under_way = runs.in_states(connection, runs.UNDER_WAY)
    whole = [run for run in under_way if run.scope == "all"]
    ranked = [*whole[-1:], *runs.in_states(connection, ("waiting",))[-1:], *under_way[-1:]]
    return next(iter(ranked or runs.newest(connection, 1)), None)


def read_run(connection: Connection, run: runs.Run, counts: Counts | None = None) -> RunFacts:
    """The facts of a run; `counts` where they are known already, since counting reads all of its changes."""
    counted = changes.counts(connection, run.id) if counts is None else counts
    if run.is_over:
        return RunFacts(run, counted)
    named = conflicts.open_conflicts(connection, run.target, _TITLES)
    return RunFacts(run, counted, conflicts.number_open(connection).get(run.target, 0), tuple(named))


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
