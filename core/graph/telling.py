"""What a pull tells of itself while it runs, kept in the store: step, requests, resource units, waits.

Most of it is told far more often than anybody can read, so it is kept once a second; a wait is kept as it begins.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from core.graph.client import Client
from core.store import Store, Transaction, graph_pulls
from core.store.clock import now_ms
from core.store.graph_pulls import PullRow

EVERY = 1000
"""Milliseconds between two notes of what goes on."""


class Telling:
    """The row of one pull, kept up."""

    def __init__(self, store: Store, provider: str, clock: Callable[[], int] = now_ms) -> None:
        self._store = store
        self._clock = clock
        self._client: Client | None = None
        now = clock()
        self._row = PullRow(provider, started_at=now, beat_at=now)
        self._kept_at = 0

    async def begin(self, step: str) -> None:
        """Note that the pull began."""
        self._row = replace(self._row, step=step)
        row = self._row
        await self._store.writer.write(lambda tx: graph_pulls.begin(tx, row))

    def count(self, client: Client) -> None:
        """Tell from now on what goes through a client."""
        self._client = client

    def step(self, text: str) -> None:
        """Tell what is done now. Whoever does something waits no longer."""
        was_waiting = self._row.waiting_for is not None
        self._row = replace(self._row, step=text, waiting_until=None, waiting_for=None)
        if was_waiting or self._clock() - self._kept_at >= EVERY:
            self._keep()

    def waits(self, seconds: float, reason: str) -> None:
        """Tell that nothing is done for some seconds, and why."""
        self._row = replace(self._row, waiting_until=self._clock() + round(seconds * 1000), waiting_for=reason)
        self._keep()

    async def end(self) -> None:
        """Note that the pull ended, however it did."""
        self._count_up()
        row = replace(self._row, ended_at=self._clock(), waiting_until=None, waiting_for=None)
        await self._store.writer.write(lambda tx: graph_pulls.keep(tx, row))

    def _keep(self) -> None:
        self._count_up()
        self._kept_at = self._row.beat_at
        self._store.writer.later(partial(_kept, row=self._row))

    def _count_up(self) -> None:
        client = self._client
        self._row = replace(
            self._row,
            beat_at=self._clock(),
            requests=client.requests if client else 0,
            units=client.units if client else 0,
            waited=round(client.waited * 1000) if client else 0,
        )


def _kept(tx: Transaction, row: PullRow) -> None:
    graph_pulls.keep(tx, row)
