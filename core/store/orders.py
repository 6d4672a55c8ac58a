"""Orders: what a console or a command asks the engine to do, and what came of it.

A console never calls the engine; it inserts a row. An order is taken by one engine only, in the order they were given.
"""

from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from core.store import tables
from core.store.writer import Transaction

Kind = Literal["sync", "approve", "drop", "cancel", "pause", "resume", "undo", "choose", "reload", "pull"]
Answered = Literal["done", "refused"]


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands."""

    id: int
    kind: Kind
    subject: str
    """The target's name (and ` user NAME` for one user alone), or the run's number (and, to approve it, the hash of
    the plan that the admin saw), or the provider's name."""
    asked_by: str
    asked_at: int
    state: Literal["open", "taken", "done", "refused"]
    finished_at: int | None
    answer: str | None
    run: int | None


_ORDERS = tables.Order.metadata.tables["orders"]
_LISTED = select(*(_ORDERS.c[field.name] for field in fields(Order)))


def give(tx: Transaction, kind: Kind, subject: str, asked_by: str) -> int:
    """Ask the engine for something; returns the order's id, by which its answer is found."""
    row = {"kind": kind, "subject": subject, "asked_by": asked_by, "asked_at": tx.now, "state": "open"}
    return int(tx.execute(insert(_ORDERS).values(row).returning(_ORDERS.c.id)).scalar_one())


def any_open(connection: Connection) -> bool:
    """Whether an order waits to be taken."""
    return connection.execute(select(_ORDERS.c.id).where(_ORDERS.c.state == "open").limit(1)).first() is not None


def take(tx: Transaction) -> Order | None:
    """Take the oldest open order; `None` where none is open."""
    oldest = select(_ORDERS.c.id).where(_ORDERS.c.state == "open").order_by(_ORDERS.c.id).limit(1)
    # Where several engines share a store, one that is being taken is passed over, not waited for.
    found = tx.execute(oldest.with_for_update(skip_locked=True)).scalar()
    if found is None:
        return None
    tx.execute(update(_ORDERS).where(_ORDERS.c.id == found).values(state="taken"))
    return order(tx.connection, found)


def finish(tx: Transaction, number: int, state: Answered, answer: str, run: int | None = None) -> bool:
    """Close a taken order with its answer in words; returns False where it is not taken."""
    taken = update(_ORDERS).where(_ORDERS.c.id == number, _ORDERS.c.state == "taken")
    return tx.execute(taken.values(state=state, answer=answer, run=run, finished_at=tx.now)).rowcount == 1


def refuse_taken(tx: Transaction, answer: str) -> int:
    """Refuse every order that an engine took and never finished; returns how many there were."""
    taken = update(_ORDERS).where(_ORDERS.c.state == "taken")
    return tx.execute(taken.values(state="refused", answer=answer, finished_at=tx.now)).rowcount


def order(connection: Connection, number: int) -> Order | None:
    """One order as it stands; `None` where there is none of this id."""
    row = connection.execute(_LISTED.where(_ORDERS.c.id == number)).one_or_none()
    return Order(*row) if row is not None else None
