"""Changes of two plans side by side: which are the same to an admin, who judged one of the plans."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

from core.planning.changes import Change, ChangeKind
from core.planning.names import group_key
from core.store.changes import Stored

Words = tuple[object, ...]
"""What a change says, without its reason: two of the same words are the same change."""
_BY_VALUE = frozenset({ChangeKind.UPDATE_ACCOUNT, ChangeKind.RENAME_ACCOUNT, ChangeKind.RENAME_GROUP})
_OF_LINKS = frozenset({ChangeKind.LINK_ACCOUNT, ChangeKind.UNLINK_ACCOUNT})
_OF_GROUP_LINKS = frozenset({ChangeKind.LINK_GROUP, ChangeKind.UNLINK_GROUP})


def words(change: Change) -> Words:
    """What an approved change and one that is planned now have in common if they are the same."""
    whom = change.because.group_id if change.kind in _OF_GROUP_LINKS else change.account
    what = change.kind, whom, group_key(change.group or ""), change.lead
    return *what, change.account_id, change.user_id, frozenset(change.before.items()), frozenset(change.after.items())


def differences(approved: Sequence[Stored], present: Iterable[Change]) -> tuple[list[Stored], list[Change]]:
    """What was approved and is no longer asked for, and what is asked for and was not approved."""
    asked = {words(change): change for change in present}
    known = {words(stored.change) for stored in approved}
    stale = [stored for stored in approved if words(stored.change) not in asked]
    return stale, [change for said, change in asked.items() if said not in known]


def wishes(change: Change) -> frozenset[Hashable]:
    """What a change is wanted for, whatever its account is called by now and whether it is there yet.

    That is its kind, and whom and what it is about; of changes that give values, each value by itself.
    """
    whom = change.user_id or change.account_id or change.account
    what: Hashable = change.lead or group_key(change.group or "")
    if change.kind == ChangeKind.RENAME_GROUP:
        what = change.because.group_id or what
    elif change.kind in _OF_GROUP_LINKS:
        what = change.because.group_id, what
    elif change.kind in _OF_LINKS:
        what = change.account_id
    if change.kind not in _BY_VALUE:
        return frozenset({(change.kind, whom, what)})
    given = ((name, to) for name, to in change.after.items() if to is not None and to != change.before.get(name))
    return frozenset((change.kind, whom, what, name, to) for name, to in given)


def taken_out(excluded: Iterable[Stored]) -> Mapping[Hashable, Stored]:
    """What admins do not want by what they took out of plans, each wish with the latest of these changes."""
    return {wish: stored for stored in excluded for wish in wishes(stored.change)}


def unwanted(change: Change, out: Mapping[Hashable, Stored]) -> Stored | None:
    """What an admin took out of a plan that this change would do; `None`: nothing."""
    return next((out[wish] for wish in wishes(change) if wish in out), None) if out else None
