"""Claims: who has a conflict before them, so that two admins do not answer one at the same time.

A claim is renewed while its console shows the conflict, and ends by itself soon after the console has died.
"""

from collections.abc import Collection

from sqlalchemy import or_, update

from core.store import tables
from core.store.parts import parts
from core.store.writer import Transaction

LASTS = 30_000
"""Milliseconds after which a claim that was not renewed is nobody's."""
_CONFLICTS = tables.Conflict.metadata.tables["conflicts"]


def is_another_s(claimed_by: str | None, claimed_at: int | None, by: str, now: int) -> bool:
    """Whether somebody else has a conflict before them."""
    return claimed_by not in (None, by) and claimed_at is not None and claimed_at > now - LASTS


def claim(tx: Transaction, numbers: Collection[int], by: str) -> int:
    """Claim those of these conflicts that nobody else has, or renew the claim; returns how many are `by`'s now."""
    claimed = 0
    for part in parts(numbers):
        free = or_(
            _CONFLICTS.c.claimed_by.is_(None),
            _CONFLICTS.c.claimed_by == by,
            _CONFLICTS.c.claimed_at <= tx.now - LASTS,
        )
        wanted = update(_CONFLICTS).where(_CONFLICTS.c.id.in_(part), _CONFLICTS.c.state != "closed", free)
        claimed += tx.execute(wanted.values(claimed_by=by, claimed_at=tx.now)).rowcount
    return claimed


def release(tx: Transaction, by: str) -> None:
    """End all claims of `by`."""
    tx.execute(update(_CONFLICTS).where(_CONFLICTS.c.claimed_by == by).values(claimed_by=None, claimed_at=None))
