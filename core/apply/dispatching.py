"""Orders to those who carry them out: a target's reconciler, or at once where nothing has to be waited for."""

from collections.abc import Callable, Mapping

from core.apply.ending import dropped
from core.apply.reconciler import NOT_ANY_MORE, Reconciler
from core.store import Store, orders, runs
from core.store.orders import Order
from core.store.runs import Run

_CAN_PAUSE = ("reading", "planning", "applying")
"""States of a run that may have changes before it."""


class Dispatcher:
    """Hands out the orders of one store. `reload` is called for the order of that name."""

    def __init__(self, store: Store, reload: Callable[[], None]) -> None:
        self._store = store
        self._reload = reload
        self.reconcilers: Mapping[str, Reconciler] = {}
        """By the target's name."""
        self.pulls: Mapping[str, Callable[[], bool]] = {}
        """By the provider's name: begins a pull, and says whether that was still to be done."""

    async def dispatch(self) -> None:
        """Take every open order and see to it that it is carried out, or refused with the reason."""
        while self._is_asked() and (order := await self._store.writer.write(orders.take)):
            if order.kind == "reload":
                self._reload()
                await self._answer(order, "done", "The configuration is read again.")
            elif order.kind == "pull":
                await self._pull(order)
            elif order.kind in ("sync", "choose"):
                await self._sync(order)
            else:
                await self._about_run(order)

    def _is_asked(self) -> bool:
        """Whether there is an order: nearly always there is none, and then nothing need be written."""
        with self._store.read() as connection:
            return orders.any_open(connection)

    async def _pull(self, order: Order) -> None:
        begin = self.pulls.get(order.subject)
        if begin is None:
            known = ", ".join(self.pulls) or "none"
            answer = f"This engine reads no provider {order.subject!r} over Microsoft Graph; it reads: {known}."
            await self._answer(order, "refused", answer)
        elif begin():
            await self._answer(order, "done", f"The pull of {order.subject} begins.")
        else:
            await self._answer(order, "refused", f"A pull of {order.subject} is under way already.")

    async def _sync(self, order: Order) -> None:
        name = order.subject.partition(" ")[0]
        reconciler = self.reconcilers.get(name)
        if reconciler is None:
            known = ", ".join(self.reconcilers) or "none"
            await self._answer(order, "refused", f"This engine has no target {name!r}; it has: {known}.")
            return
        await self._handed(order, reconciler)

    async def _about_run(self, order: Order) -> None:
        run = self._run(order)
        reconciler = self.reconcilers.get(run.target) if run else None
        if run is None or reconciler is None:
            await self._answer(order, "refused", f"There is no run {order.subject} that this engine works on.")
        elif order.kind in ("approve", "undo"):
            await self._handed(order, reconciler)
        elif order.kind == "drop":
            await self._drop(order, run)
        elif order.kind == "pause":
            await self._pause(order, run, reconciler)
        elif order.kind == "resume":
            await self._resume(order, run, reconciler)
        else:
            await self._cancel(order, run, reconciler)

    async def _drop(self, order: Order, run: Run) -> None:
        if await dropped(self._store, run.id, f"dropped by {order.asked_by}"):
            answer = f"The plan of run {run.id} is dropped; nothing was changed."
            await self._answer(order, "done", answer, run.id)
            return
        state = (self._run(order) or run).state
        await self._answer(order, "refused", f"Run {run.id} does not wait for approval: it is {state}.")

    async def _cancel(self, order: Order, run: Run, reconciler: Reconciler) -> None:
        if run.state in runs.UNDER_WAY and reconciler.cancel(run.id, order.asked_by):
            await self._answer(order, "done", f"Run {run.id} stops after the calls that are under way.", run.id)
            return
        state = (self._run(order) or run).state
        await self._answer(order, "refused", f"Run {run.id} is not under way: it is {state}.")

    async def _pause(self, order: Order, run: Run, reconciler: Reconciler) -> None:
        if run.state in _CAN_PAUSE and reconciler.pause(run.id):
            answer = f"Run {run.id} pauses after the calls that are under way, before its next change."
            await self._answer(order, "done", answer, run.id)
            return
        state = (self._run(order) or run).state
        await self._answer(order, "refused", f"Run {run.id} has no changes before it: it is {state}.")

    async def _resume(self, order: Order, run: Run, reconciler: Reconciler) -> None:
        if reconciler.resume(run.id):
            await self._answer(order, "done", f"Run {run.id} goes on.", run.id)
            return
        state = (self._run(order) or run).state
        await self._answer(order, "refused", f"Run {run.id} is not paused: it is {state}.")

    async def _handed(self, order: Order, reconciler: Reconciler) -> None:
        if not reconciler.obey(order):
            await self._answer(order, "refused", NOT_ANY_MORE)

    async def _answer(self, order: Order, state: orders.Answered, answer: str, run: int | None = None) -> None:
        await self._store.writer.write(lambda tx: orders.finish(tx, order.id, state, answer, run))

    def _run(self, order: Order) -> Run | None:
        number = order.subject.partition(" ")[0]
        if not number.isdecimal():
            return None
        with self._store.read() as connection:
            return runs.find(connection, int(number))
