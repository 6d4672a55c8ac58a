"""The keys that a part of a pull leaves pending, each with the exchange that led to it."""

from collections import defaultdict
from collections.abc import Collection

from core.graph.session import Session
from core.store import Transaction, pending
from core.store.identities import Kind


class Touched:
    """Ids of what was changed in one transaction, each once."""

    def __init__(self) -> None:
        self._exchanges: dict[tuple[Kind, str], int | None] = {}

    def add(self, kind: Kind, ids: Collection[str], exchange: int | None) -> None:
        """Note that these were changed; the newest exchange stays with each."""
        for ident in ids:
            known = self._exchanges.get((kind, ident))
            self._exchanges[kind, ident] = exchange if known is None else max(known, exchange or 0)

    def write(self, tx: Transaction, session: Session) -> None:
        """Mark all of them as pending for the targets of the provider."""
        together: defaultdict[tuple[Kind, int | None], list[str]] = defaultdict(list)
        for (kind, ident), exchange in self._exchanges.items():
            together[kind, exchange].append(ident)
        for (kind, exchange), ids in together.items():
            pending.touch(tx, session.targets, "user" if kind == "User" else "group", sorted(ids), exchange)
        self._exchanges.clear()
