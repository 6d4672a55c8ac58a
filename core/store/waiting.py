"""Plans that wait for approval, as they are edited: what is added to them, and what is taken out.

Each edit renews, in its own write, how many changes the plan has and the hash that it is approved by. That hash is
made of the one before and of the edit, so that an edit costs what it is about, and not what the plan has in all.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Literal

from sqlalchemy import Connection

from core.planning.changes import Change, Hold
from core.planning.document import canonical_json, change_document
from core.store import changes, holds, runs
from core.store.changes import Stored
from core.store.runs import Run
from core.store.writer import Transaction


def add(tx: Transaction, run: int, added: Sequence[Change], holding: Sequence[Hold]) -> bool:
    """Add changes to a plan that waits, and what holds them; returns False where it does not wait any more."""
    found = _waiting(tx.connection, run)
    if found is None:
        return False
    changes.plan(tx, run, found.target, changes.next_position(tx.connection, run), added)
    edit = ("added", *(canonical_json(change_document(change)) for change in added))
    runs.note_edit(tx, run, found.planned + len(added), _next_hash(found, edit))
    runs.renew_holds(tx, run, holds.add(tx, run, found.holds, holding))
    return True


def take_out(
    tx: Transaction, run: int, taken: Sequence[Stored], state: Literal["excluded", "dropped"], reason: str
) -> int | None:
    """Take changes out of a plan that waits; returns how many it still had, `None` where it does not wait any more.

    A plan of which nothing is left is dropped.
    """
    found = _waiting(tx.connection, run)
    if found is None:
        return None
    gone = changes.take_out(tx, run, [stored.id for stored in taken], state, reason)
    if gone:
        keys = [stored.change.key for stored in taken if stored.id in gone]
        left = found.planned - len(gone)
        runs.note_edit(tx, run, left, _next_hash(found, (state, *sorted(keys))))
        runs.renew_holds(tx, run, holds.take_out(tx, run, found.holds, keys))
        if left == 0:
            runs.refuse(tx, run, reason)
    return len(gone)


def _waiting(connection: Connection, run: int) -> Run | None:
    found = runs.find(connection, run)
    return found if found is not None and found.state == "waiting" else None


def _next_hash(run: Run, edit: Iterable[str]) -> str:
    digest = hashlib.sha256((run.plan_hash or "").encode("ascii"))
    for piece in edit:
        digest.update(b"\n" + piece.encode())
    return digest.hexdigest()
