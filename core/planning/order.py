"""The order in which changes are made, and why.

1. Links: nothing is sent for them, and an account must be linked before it is changed.
2. Deactivations and removals of members: leavers free the seats that joiners need.
3. Groups: a member can only be added to a group that is there.
4. New accounts, updates, reactivations.
5. Additions of members: both account and group exist now.

Within a step, and within each kind, changes are ordered by group and account name: no two changes compare equal, so
one world gives one order, whatever order its parts came in.
"""

from collections.abc import Iterable, Mapping

from core.planning.changes import Change, ChangeKind, Conflict

_STEPS: Mapping[ChangeKind, int] = {
    kind: step
    for step, kind in enumerate(
        (
            ChangeKind.LINK_ACCOUNT,
            ChangeKind.DEACTIVATE_ACCOUNT,
            ChangeKind.REMOVE_MEMBER,
            ChangeKind.CREATE_GROUP,
            ChangeKind.CREATE_ACCOUNT,
            ChangeKind.UPDATE_ACCOUNT,
            ChangeKind.REACTIVATE_ACCOUNT,
            ChangeKind.ADD_MEMBER,
        )
    )
}


def step(kind: ChangeKind) -> int:
    """The step in which changes of a kind are made; they need those of earlier steps, and none of their own."""
    return _STEPS[kind]


def ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes in the order to make them."""
    return tuple(sorted(changes, key=_position))


def ordered_conflicts(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """The conflicts by kind, then by what they are about."""
    return tuple(sorted(conflicts, key=lambda conflict: (conflict.kind, conflict.subject)))


def _position(change: Change) -> tuple[int, str, str]:
    return _STEPS[change.kind], change.group or "", change.account or ""
