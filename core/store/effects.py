"""What an exchange led to, and what led to it: the trail from the IdP's request to the target's answer, both ways."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.exchange import Exchange
from core.planning.changes import Change
from core.store import changes, exchanges, runs
from core.store.changes import Listed as ListedChange
from core.store.exchanges import Listed as ListedExchange
from core.store.runs import Run

AT_MOST = 100
"""Changes, and calls, that are listed."""


@dataclass(frozen=True, slots=True)
class Effects:
    """The neighbours of one exchange on the trail."""

    changes: tuple[ListedChange, ...] = ()
    """Of an inbound one: the changes that name it as their cause, oldest first, `AT_MOST` of them."""
    calls: tuple[ListedExchange, ...] = ()
    """Of an inbound one: the outbound exchanges it led to, likewise."""
    change: tuple[ListedChange, Change] | None = None
    """Of an outbound one: the change that it carried out."""
    run: Run | None = None
    cause: ListedExchange | None = None
    """Of an outbound one: the inbound exchange that led to it, as far as the log still has it."""


def effects_of(connection: Connection, number: int, exchange: Exchange) -> Effects:
    """The neighbours of an exchange that has this number in the log."""
    if exchange.direction == "in":
        return Effects(
            tuple(changes.caused_by(connection, number, AT_MOST)),
            tuple(exchanges.caused_by(connection, number, AT_MOST)),
        )
    cause = exchanges.listed(connection, [exchange.cause]) if exchange.cause is not None else []
    return Effects(
        change=changes.opened(connection, exchange.change) if exchange.change is not None else None,
        run=runs.find(connection, exchange.run) if exchange.run is not None else None,
        cause=cause[0] if cause else None,
    )
