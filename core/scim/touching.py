"""The keys that a write leaves pending: what targets must look at, now, or once the provider's hold is over."""

from collections.abc import Collection, Mapping

from core.scim.served import Served
from core.store import Transaction, pending, withheld
from core.store.identities import Kind


def touch_keys(tx: Transaction, served: Served, touched: Mapping[Kind, Collection[str]], exchange: int) -> None:
    """Mark what was touched as pending for every target; what is newer than the hold is due when that ends."""
    due = {ident: end for kind in ("User", "Group") for ident, end in _held(tx, served, kind, touched[kind])}
    pending.touch(tx, served.targets, "user", sorted(touched["User"]), exchange, due)
    pending.touch(tx, served.targets, "group", sorted(touched["Group"]), exchange, due)


def _held(tx: Transaction, served: Served, kind: Kind, ids: Collection[str]) -> Collection[tuple[str, int]]:
    if not served.hold or not ids:
        return ()
    hold = served.hold * 1000
    made = withheld.created_since(tx.connection, kind, ids, tx.now - hold)
    return [(ident, created_at + hold) for ident, created_at in made.items()]
