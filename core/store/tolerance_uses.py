"""How often each provider took each liberty with SCIM that `core.scim.tolerances` names, and when last.

An administrator reads here what an IdP relies on, and whether a mapping that was mended there is rid of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, select, update

from core.exchange import Exchange
from core.store import tables
from core.store.prepared import Prepared

if TYPE_CHECKING:
    from core.store.writer import Transaction

Use = tuple[str, str]
"""Provider, and name of the tolerance."""


@dataclass(frozen=True, slots=True)
class ToleranceUse:
    """One tolerance that a provider needed."""

    provider: str
    name: str
    uses: int
    """How many requests needed it."""
    last_at: int
    """Milliseconds since 1970-01-01 UTC."""
    exchange: int
    """The exchange that needed it last; the log may no longer have it."""


_USES = tables.ToleranceUse.metadata.tables["tolerance_uses"]
_LISTED = select(*(_USES.c[field.name] for field in fields(ToleranceUse)))

_AT = {name: bindparam(f"at_{name}", type_=_USES.c[name].type) for name in ("provider", "name")}
_LAST: dict[str, Any] = {"last_at": bindparam("new_at"), "exchange": bindparam("new_exchange")}
_ANOTHER = Prepared(
    update(_USES)
    .where(*(_USES.c[name] == at for name, at in _AT.items()))
    .values(uses=_USES.c.uses + bindparam("more"), **_LAST)
)
_FIRST = Prepared(insert(_USES).values(**_AT, **_LAST, uses=bindparam("more")))


def counted(numbered: Iterable[tuple[int, Exchange]]) -> dict[Use, tuple[int, int]]:
    """What exchanges that are logged together needed: how many of them, and the number of the last."""
    uses: dict[Use, tuple[int, int]] = {}
    for number, exchange in numbered:
        for name in exchange.tolerances:
            count, _ = uses.get((exchange.party, name), (0, 0))
            uses[exchange.party, name] = (count + 1, number)
    return uses


def note(tx: "Transaction", uses: Mapping[Use, tuple[int, int]]) -> None:
    """Count what the requests of a transaction needed: how many needed it, and the number of the last exchange."""
    for (provider, name), (count, exchange) in uses.items():
        use = {"at_provider": provider, "at_name": name, "more": count, "new_at": tx.now, "new_exchange": exchange}
        if not _ANOTHER.change(tx.connection, **use):
            _FIRST.change(tx.connection, **use)


def listing(connection: Connection, provider: str | None = None) -> list[ToleranceUse]:
    """What one provider needed, or all of them: by provider, the most used first."""
    statement = _LISTED.order_by(_USES.c.provider, _USES.c.uses.desc(), _USES.c.name)
    if provider is not None:
        statement = statement.where(_USES.c.provider == provider)
    return [ToleranceUse(*row) for row in connection.execute(statement)]
