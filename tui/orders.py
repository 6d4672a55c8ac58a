"""Orders from this console: given together with their audit row, and followed until the engine has answered."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from core.store import Store, Transaction, audit, orders, runs
from tui.frame import Level


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, as it is told."""

    text: str
    level: Level
    planned: int | None
    """The run whose plan then waits, where the order asked for one."""


class Orders:
    """The orders that this console gave, and their answers."""

    def __init__(self, store: Store, asked_by: str) -> None:
        self._store = store
        self._asked_by = asked_by
        self._unanswered: list[int] = []

    @property
    def is_any_unanswered(self) -> bool:
        """Whether an answer is still to come, as far as is known."""
        return bool(self._unanswered)

    async def give(self, kind: orders.Kind, subject: str, detail: str = "") -> None:
        """Ask the engine for something; `detail` is what the admin was shown, for the audit trail.

        :raises StoreError: when the store cannot keep it; the engine is not asked then.
        """

        def write(tx: Transaction) -> int:
            about = subject.partition(" ")[0] if kind == "approve" else subject
            audit.note(tx, self._asked_by, kind, about, detail)
            return orders.give(tx, kind, subject, self._asked_by)

        number = await self._store.writer.write(write)
        self._unanswered.append(number)  # the list is another one by now if answers were asked for meanwhile

    def told(self, connection: Connection) -> Iterator[Told]:
        """What there is to say of the orders that were answered since this was last asked."""
        for order in self.answers(connection):
            run = runs.find(connection, order.run) if order.run is not None else None
            text = f"{order.kind} {order.subject}: {order.answer or order.state}"
            yield Told(text, level_of(order, run), order.run if order.kind in ("sync", "undo", "choose") else None)

    def answers(self, connection: Connection) -> list[orders.Order]:
        """The orders that were answered since this was last asked, in the order in which they were given."""
        found = [orders.order(connection, number) for number in self._unanswered]
        answered = [order for order in found if order is not None and order.state in ("done", "refused")]
        self._unanswered = [order.id for order in found if order is not None and order not in answered]
        return answered


def level_of(order: orders.Order, run: runs.Run | None) -> Level:
    """How an answer is marked: by what came of the order's run. That a run is cancelled is what a cancel asks for."""
    if order.state != "done":
        return "warning"
    if run is not None and run.state == "failed":
        return "bad"
    return "warning" if run is not None and run.state == "cancelled" and order.kind != "cancel" else "good"
