"""The order in which changes are made, and why.

1. Links: nothing is sent for them, and an account or group must be linked before it is changed.
2. Leads: what a leaver leads goes to its successor while the leaver's account can still be changed.
3. Deactivations, deletions, removals of members: leavers free the seats that joiners need.
4. Groups: a member can only be added to a group that is there, and only an empty group is deleted.
5. New accounts, updates, reactivations.
6. Leads that go to an account which this plan reactivates: before, nobody could lead anything with it.
7. Additions of members: both account and group exist now.
8. Links of groups that undoing takes back.
9. New names of groups, then of accounts: every change before still says the old one.
10. Links of accounts that undoing takes back: until then they are changed as somebody's.

Within a step, and within each kind, changes are ordered by group, account and lead: no two changes compare equal, so
one world gives one order, whatever order its parts came in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.planning.changes import Change, ChangeKind, Conflict
from core.planning.names import account_key

_STEPS: Mapping[ChangeKind, int] = {
    kind: step
    for step, kind in enumerate(
        (
            ChangeKind.LINK_ACCOUNT,
            ChangeKind.LINK_GROUP,
            ChangeKind.MOVE_LEAD,
            ChangeKind.DEACTIVATE_ACCOUNT,
            ChangeKind.DELETE_ACCOUNT,
            ChangeKind.REMOVE_MEMBER,
            ChangeKind.DELETE_GROUP,
            ChangeKind.CREATE_GROUP,
            ChangeKind.CREATE_ACCOUNT,
            ChangeKind.UPDATE_ACCOUNT,
            ChangeKind.REACTIVATE_ACCOUNT,
            ChangeKind.ADD_MEMBER,
            ChangeKind.UNLINK_GROUP,
            ChangeKind.RENAME_GROUP,
            ChangeKind.RENAME_ACCOUNT,
            ChangeKind.UNLINK_ACCOUNT,
        )
    )
}


def step(kind: ChangeKind) -> int:
    """The step in which changes of a kind are made; they need those of earlier steps, and none of their own."""
    return _STEPS[kind]


def ordered(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes in the order to make them."""
    back = {account_key(change.account or "") for change in changes if change.kind == ChangeKind.REACTIVATE_ACCOUNT}
    together: defaultdict[tuple[int, bool], list[Change]] = defaultdict(list)
    for change in changes:
        late = change.kind == ChangeKind.MOVE_LEAD and account_key(str(change.after.get("lead"))) in back
        together[step(ChangeKind.REACTIVATE_ACCOUNT if late else change.kind), late].append(change)
    return tuple(change for _, part in sorted(together.items()) for change in sorted(part, key=_position))


def ordered_conflicts(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """The conflicts by kind, then by what they are about."""
    return tuple(sorted(conflicts, key=lambda conflict: (conflict.kind, conflict.subject)))


def _position(change: Change) -> tuple[str, str, str]:
    """Within a step; no account is named where the IdP group tells two links of one target group apart."""
    return change.group or "", change.account or "", change.lead or change.because.group_id or ""
