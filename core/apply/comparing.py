"""Changes of two plans side by side: which are the same to an admin, who judged one of the plans."""

from collections.abc import Iterable, Sequence

from core.planning.changes import Change
from core.store.changes import Stored

Words = tuple[object, ...]
"""What a change says, without its reason: two of the same words are the same change."""


def words(change: Change) -> Words:
    """What an approved change and one that is planned now have in common if they are the same."""
    state = frozenset(change.before.items()), frozenset(change.after.items())
    return change.key, change.account_id, change.user_id, *state


def differences(approved: Sequence[Stored], present: Iterable[Change]) -> tuple[list[Stored], list[Change]]:
    """What was approved and is no longer asked for, and what is asked for and was not approved."""
    asked = {words(change): change for change in present}
    known = {words(stored.change) for stored in approved}
    stale = [stored for stored in approved if words(stored.change) not in asked]
    return stale, [change for said, change in asked.items() if said not in known]
