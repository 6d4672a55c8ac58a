"""What an exchange led to, and what led to it: the trail from the IdP's request to the target's answer, both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import orjson
from sqlalchemy import Connection, select

from core.exchange import Exchange
from core.planning.changes import Change
from core.planning.document import read_change
from core.store import changes, exchanges, runs, tables
from core.store.changes import Listed as ListedChange
from core.store.exchanges import Listed as ListedExchange
from core.store.resource_log import LastShown
from core.store.runs import Run

AT_MOST = 100
"""Changes, and calls, that are listed."""
IN_FULL = 20
"""Changes that are told with their states before and after."""

_CHANGES = tables.Change.metadata.tables["changes"]


@dataclass(frozen=True, slots=True)
class Effects:
    """The neighbours of one exchange on the trail."""

    changes: tuple[ListedChange, ...] = ()
    """Of an inbound one: the changes that name it as their cause, oldest first, `AT_MOST` of them."""
    in_full: Mapping[int, Change] = field(default_factory=lambda: MappingProxyType({}))
    """The first `IN_FULL` of them, by their number."""
    before: LastShown | None = None
    """Of an inbound one: its resource as it was last shown before. It never changes, so `effects_of` leaves it out."""
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
        caused = tuple(changes.caused_by(connection, number, AT_MOST))
        return Effects(
            changes=caused,
            in_full=_in_full(connection, [change.id for change in caused[:IN_FULL]]),
            calls=tuple(exchanges.caused_by(connection, number, AT_MOST)),
        )
    cause = exchanges.listed(connection, [exchange.cause]) if exchange.cause is not None else []
    return Effects(
        change=changes.opened(connection, exchange.change) if exchange.change is not None else None,
        run=runs.find(connection, exchange.run) if exchange.run is not None else None,
        cause=cause[0] if cause else None,
    )


def _in_full(connection: Connection, numbers: Sequence[int]) -> Mapping[int, Change]:
    if not numbers:
        return {}
    found = connection.execute(select(_CHANGES.c.id, _CHANGES.c.detail).where(_CHANGES.c.id.in_(numbers)))
    return {row.id: read_change(orjson.loads(row.detail)) for row in found}
