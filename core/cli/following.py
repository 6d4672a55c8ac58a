"""Asking the engine for something, and waiting for what comes of it.

A command never calls the engine (design, section 3 point 1): it inserts an order and reads the store whenever it has
changed, until the order is answered or the run is where it should be.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from core.admin import admin
from core.cli.exits import CommandFailed
from core.cli.naming import manciple
from core.cli.opening import ALIVE_SECONDS
from core.cli.progress import Progress
from core.store import Store, Transaction, audit, engines, orders, runs
from core.store.clock import now_ms
from core.store.orders import Order
from core.store.runs import Run

T = TypeVar("T")

_LOOK_AGAIN = 2.0
"""Seconds after which the engine's heartbeat is looked at, though nothing was committed."""


def require_engine(store: Store) -> None:
    """Make sure that an engine would take an order.

    :raises CommandFailed: when none is alive, or the only one is about to end.
    """
    with store.read() as connection:
        living = engines.alive(connection, ALIVE_SECONDS, now_ms())
    if not living:
        raise CommandFailed(f"no engine is alive on this store: start one with `{manciple('serve')}`, then repeat this")
    if all(engine.draining for engine in living):
        raise CommandFailed(f"the engine is shutting down: start it again with `{manciple('serve')}`, then repeat this")


class Following:
    """Orders to the engine of one store, and how far it is with them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._progress = Progress()

    def plan(self, target: str, subject: str) -> Run:
        """Have a target compared; returns the run once it waits, or is over.

        :raises CommandFailed: when the engine refuses, or ends meanwhile.
        """
        newest = self._newest_run(target)
        number = self._give("sync", subject)

        def look(connection: Connection) -> Order | None:
            self._show_reading(connection, target, newest)
            return _answered(connection, number)

        order = self._until(look)
        if order.run is None:
            raise CommandFailed(f"the engine refuses: {order.answer}")
        return self._run_when(order.run, lambda run: run.is_over or run.state == "waiting")

    def approve(self, run: Run) -> Run:
        """Have the plan of a run that waits applied; returns the run once it is over.

        :raises CommandFailed: when the engine refuses, or ends meanwhile.
        """
        number = self._give("approve", f"{run.id} {run.plan_hash}", f"{run.planned} changes, plan {run.plan_hash}")

        def look(connection: Connection) -> Order | None:
            self._show_applying(connection, run.id)
            return _answered(connection, number)

        order = self._until(look)
        if order.state == "refused":
            raise CommandFailed(f"the engine refuses: {order.answer}")
        return self._run_when(run.id, lambda run: run.is_over)

    def drop(self, run: Run) -> None:
        """Have a plan that waits given up."""
        self.ask("drop", run)

    def ask(self, kind: orders.Kind, run: Run) -> str:
        """Ask for something about a run; returns the engine's answer.

        :raises CommandFailed: when the engine refuses, or ends meanwhile.
        """
        number = self._give(kind, str(run.id))
        order = self._until(lambda connection: _answered(connection, number))
        if order.state == "refused":
            raise CommandFailed(f"the engine refuses: {order.answer}")
        return order.answer or ""

    def undo(self, run: Run) -> Run:
        """Have the inverse of a run planned; returns the run that waits with it, or found nothing to put back.

        :raises CommandFailed: when the engine refuses, or ends meanwhile.
        """
        return self._planned("undo", str(run.id))

    def choose(self, target: str, choice: str) -> Run:
        """Have planned what an admin chose (`core.apply.choosing`); returns the run that waits with it, or failed.

        :raises CommandFailed: when the engine refuses, or ends meanwhile.
        """
        return self._planned("choose", f"{target} {choice}")

    def _planned(self, kind: orders.Kind, subject: str) -> Run:
        number = self._give(kind, subject)
        order = self._until(lambda connection: _answered(connection, number))
        if order.run is None:
            raise CommandFailed(f"the engine refuses: {order.answer}")
        return self._run_when(order.run, lambda found: found.is_over or found.state == "waiting")

    def _give(self, kind: orders.Kind, subject: str, detail: str = "") -> int:
        def write(tx: Transaction) -> int:
            about = subject.partition(" ")[0] if kind == "approve" else subject
            audit.note(tx, admin(), kind, about, detail)
            return orders.give(tx, kind, subject, admin())

        return self._store.writer.write_now(write)

    def _run_when(self, number: int, is_there: Callable[[Run], bool]) -> Run:
        def look(connection: Connection) -> Run | None:
            run = runs.find(connection, number)
            return run if run is not None and is_there(run) else None

        return self._until(look)

    def _until(self, look: Callable[[Connection], T | None]) -> T:
        try:
            return asyncio.run(self._watched(look))
        finally:
            self._progress.clear()

    async def _watched(self, look: Callable[[Connection], T | None]) -> T:
        with self._store.watch() as watch:
            while True:
                with self._store.read() as connection:
                    living = engines.alive(connection, ALIVE_SECONDS, now_ms())
                    found = look(connection)
                if found is not None:
                    return found
                if not living:
                    raise CommandFailed("the engine has ended meanwhile: see its log, start it again, then repeat this")
                await watch.wait(_LOOK_AGAIN)

    def _newest_run(self, target: str) -> int:
        with self._store.read() as connection:
            return max((run.id for run in runs.newest(connection, 1, target)), default=0)

    def _show_reading(self, connection: Connection, target: str, newest: int) -> None:
        for run in runs.newest(connection, 1, target):
            if run.id > newest and run.trigger == "order":
                self._progress.show(f"{run.state}: {run.read} read, {run.planned} planned")

    def _show_applying(self, connection: Connection, number: int) -> None:
        run = runs.find(connection, number)
        if run is not None:
            self._progress.show(f"{run.state}: {run.done + run.failed} of {run.planned}")


def _answered(connection: Connection, number: int) -> Order | None:
    order = orders.order(connection, number)
    return order if order is not None and order.state in ("done", "refused") else None
