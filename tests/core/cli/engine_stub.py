"""An engine in a thread: it answers orders through the store as the real one does, and plans what a test says.

The real engine, with a target behind it, is tested in `tests/core/apply`; here it must do what a command has to cope
with, on demand.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from core.planning.changes import Because, Change, ChangeKind, Conflict, Plan, Resolution
from core.planning.document import plan_hash
from core.store import Store, Transaction, changes, conflicts, engines, orders, runs
from core.store.orders import Order


def change(account: str, kind: ChangeKind = ChangeKind.CREATE_ACCOUNT, group: str | None = None) -> Change:
    """A change of a plan."""
    because = Because(f"{account} is a member of 'wiki-users'", "users.create", user_id=f"id-{account}")
    return Change(kind, because, account=account, user_id=f"id-{account}", group=group, after={"name": account})


def conflict(subject: str = "user:id-ada", title: str = "'a b' is not a valid username") -> Conflict:
    """A conflict of a plan."""
    return Conflict("C16", subject, title, "It has a space.", {"name": "a b"}, (Resolution("N", "Use another", "…"),))


class StubEngine:
    """Takes orders until it is left. What it plans, and how changes end, can be set at any time."""

    def __init__(self, url: str) -> None:
        self.plan = Plan((change("ada"), change("bob"), change("ada", ChangeKind.ADD_MEMBER, "staff")), ())
        self.ends: Mapping[str, changes.State] = {}
        """Account → how its changes end; `done` where it is not named."""
        self.failure: str | None = None
        """Why the target cannot be read, if so."""
        self.halts: str | None = None
        """Why applying breaks off, if so."""
        self.refusal: str | None = None
        """Why every order is refused, if so."""
        self.vanishes = False
        """Whether it ends as soon as it has taken an order."""
        self.orders: list[tuple[str, str]] = []
        self._url = url
        self._over = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._work, name="stub-engine")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def drain(self) -> None:
        """Say that it is about to end."""
        with Store.open(self._url) as store:
            store.writer.write_now(lambda tx: engines.beat(tx, self.id, draining=True))

    def _work(self) -> None:
        with Store.open(self._url) as store:
            self._store = store
            self.id = store.writer.write_now(
                lambda tx: engines.start(tx, "host-1", 4242, "0.1.0", "http://127.0.0.1:8440")
            )
            self._ready.set()
            while not self._over.wait(0.01):
                if order := store.writer.write_now(orders.take):
                    self._obey(order)

    def _obey(self, order: Order) -> None:
        self.orders.append((order.kind, order.subject.partition(" ")[0] if order.kind == "approve" else order.subject))
        if self.vanishes:
            self._store.writer.write_now(lambda tx: engines.stop(tx, self.id))
            return
        if self.refusal is not None:
            self._finish(order, "refused", self.refusal)
            return
        obeying: Mapping[str, Callable[[Order], None]] = defaultdict(
            lambda: self._about_run,
            {"sync": self._sync, "approve": self._approve, "undo": self._undo, "choose": self._choose},
        )
        obeying[order.kind](order)

    def _sync(self, order: Order) -> None:
        target, _, user = order.subject.partition(" user ")
        scope = f"user {user}" if user else "all"
        run = self._write(lambda tx: runs.start(tx, target, "order", scope, order.asked_by))
        if self.failure is not None:
            self._write(lambda tx: runs.finish(tx, run, "failed", self.failure))
        else:
            self._write(lambda tx: self._keep(tx, run, target))
        self._finish(order, "done", f"Run {run}.", run)

    def _undo(self, order: Order) -> None:
        run = self._write(lambda tx: runs.start(tx, "wiki", "undo", f"undo of run {order.subject}", order.asked_by))
        self._write(lambda tx: runs.note_undoes(tx, run, int(order.subject)))
        self._write(lambda tx: self._keep(tx, run, "wiki"))
        self._finish(order, "done", f"Run {run}.", run)

    def _choose(self, order: Order) -> None:
        target, _, choice = order.subject.partition(" ")
        run = self._write(lambda tx: runs.start(tx, target, "order", f"choice: {choice}", order.asked_by))
        self._write(lambda tx: self._keep(tx, run, target))
        self._finish(order, "done", f"Run {run}.", run)

    def _keep(self, tx: Transaction, run: int, target: str) -> None:
        plan = self.plan
        runs.note_read(tx, run, 7)
        changes.plan(tx, run, target, 0, plan.changes)
        conflicts.record(tx, target, run, plan.conflicts, lambda _: True)
        runs.note_plan(tx, run, len(plan.changes), len(plan.conflicts), plan_hash(plan), plan.notes)
        runs.note_holds(tx, run, plan.holds)
        if plan.changes:
            runs.move(tx, run, "waiting")
        else:
            runs.finish(tx, run, "done")

    def _approve(self, order: Order) -> None:
        run = int(order.subject.partition(" ")[0])
        self._write(lambda tx: runs.move(tx, run, "applying", order.asked_by))
        if self.halts is not None:
            self._write(lambda tx: changes.drop_rest(tx, run, self.halts or ""))
            self._write(lambda tx: runs.finish(tx, run, "failed", self.halts))
        else:
            self._write(lambda tx: self._settle(tx, changes.of_run(tx.connection, run)))
            self._write(lambda tx: runs.finish(tx, run, "done"))
        self._finish(order, "done", f"Run {run} is over.", run)

    def _settle(self, tx: Transaction, planned: Sequence[changes.Stored]) -> None:
        for stored in planned:
            state = self.ends.get(stored.change.account or "", "done")
            changes.settle(tx, stored.id, state, None if state == "done" else f"it was {state}")
            runs.count(tx, stored.run, done=int(state == "done"), failed=int(state != "done"))

    def _about_run(self, order: Order) -> None:
        run = int(order.subject)
        self._write(lambda tx: changes.drop_rest(tx, run, "dropped"))
        self._write(lambda tx: runs.finish(tx, run, "dropped", "dropped"))
        self._finish(order, "done", f"Run {run} is dropped.", run)

    def _finish(self, order: Order, state: orders.Answered, answer: str, run: int | None = None) -> None:
        self._write(lambda tx: orders.finish(tx, order.id, state, answer, run))

    def _write(self, write: Callable[[Transaction], object]) -> int:
        return self._store.writer.write_now(write)  # type: ignore[return-value]
