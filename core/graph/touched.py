"""The keys that a part of a pull leaves pending, each with the exchange that led to it."""

from collections import defaultdict
from collections.abc import Collection

from core.graph.session import Session
from core.store import Transaction, pending
from core.store.identities import Kind


class Touched:
    """Ids of what was changed in one transaction."""

    def __init__(self) -> None:
        self._ids: defaultdict[tuple[Kind, int | None], set[str]] = defaultdict(set)

    def add(self, kind: Kind, ids: Collection[str], exchange: int | None) -> None:
        """Note that these were changed."""
        self._ids[kind, exchange].update(ids)

    def write(self, tx: Transaction, session: Session) -> None:
        """Mark all of them as pending for the targets of the provider."""
        for (kind, exchange), ids in self._ids.items():
            pending.touch(tx, session.targets, "user" if kind == "User" else "group", sorted(ids), exchange)
        self._ids.clear()
