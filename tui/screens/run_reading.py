"""The run that the sync screen shows, as it is read again and again.

The counts of its changes by kind and state, and its conflicts, are read once a second at most: counting reads them all.
"""

from dataclasses import replace

from sqlalchemy import Connection

from core.store import Store, runs
from tui.restraint import Restraint
from tui.screens.shown_run import important_run
from tui.screens.sync_facts import RunFacts, read_run


class RunReading:
    """What was last read of the run that is shown."""

    def __init__(self) -> None:
        self.facts: RunFacts | None = None
        self.pinned: int | None = None
        """The run that the admin opened, answered for or ordered; `None` shows the one that matters most."""
        self.other: runs.Run | None = None
        """The run that matters most, where another is pinned."""
        self._restraint = Restraint()
        self._is_stale = False
        """Whether counts and conflicts may have changed since they were read."""

    @property
    def run(self) -> runs.Run | None:
        """The run itself."""
        return self.facts.run if self.facts is not None else None

    @property
    def number(self) -> int:
        """The run's number; 0 where there is no run."""
        return self.facts.run.id if self.facts is not None else 0

    @property
    def first_open(self) -> int:
        """The row to begin with, from 1 on: of a run under way the first change that is not over."""
        run = self.run
        return run.done + run.failed + 1 if run is not None and run.state == "applying" else 1

    def take(self, ordered: int | None) -> None:
        """Stay with the run that came of an order, unless the admin went on to another since."""
        if self.pinned is None:
            self.pinned = ordered

    def pin(self) -> None:
        """Stay with the run that is shown."""
        self.pinned = self.facts.run.id if self.facts is not None else None

    def read(self, connection: Connection) -> None:
        """Read the run, and its counts where it is another or has another plan."""
        before, important = self.run, important_run(connection)
        run = runs.find(connection, self.pinned) if self.pinned is not None else important
        self.other = important if run is not None and important is not None and important.id != run.id else None
        if run is not None and before is not None and self.facts is not None and _is_same_plan(run, before):
            self.facts, self._is_stale = replace(self.facts, run=run), True
        else:
            self.facts, self._is_stale = read_run(connection, run) if run is not None else None, False

    def count(self, store: Store) -> None:
        """Count anew what may have changed, where that is due.

        :raises StoreError: when the store cannot be read.
        """
        facts = self.facts
        if facts is not None and self._restraint.is_due() and self._is_stale:
            self._is_stale = False
            with self._restraint.measured(), store.read() as connection:
                self.facts = read_run(connection, facts.run, facts.counts if facts.run.is_over else None)


def _is_same_plan(run: runs.Run, before: runs.Run) -> bool:
    """Whether the counts of a run still hold well enough until the next second."""
    return (run.id, run.state, run.planned) == (before.id, before.state, before.planned)
