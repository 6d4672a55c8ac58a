"""What an admin has undone is not done again by the next plan: it waits until the IdP says something new of it.

Without this a plan would at once repeat what undoing put back, since the rules still want it. What depends on a
change that is left out goes with it: nothing is done to an account that stays unlinked, nobody is put into a group
that is not made again, and a leaver whose account stays keeps what it leads.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.planning.changes import Change, ChangeKind
from core.planning.names import group_key
from core.planning.notes import Note, Topic
from core.planning.values import World

OPPOSITES: Mapping[ChangeKind, ChangeKind] = {
    ChangeKind.UPDATE_ACCOUNT: ChangeKind.UPDATE_ACCOUNT,
    ChangeKind.RENAME_ACCOUNT: ChangeKind.RENAME_ACCOUNT,
    ChangeKind.DEACTIVATE_ACCOUNT: ChangeKind.REACTIVATE_ACCOUNT,
    ChangeKind.REACTIVATE_ACCOUNT: ChangeKind.DEACTIVATE_ACCOUNT,
    ChangeKind.LINK_ACCOUNT: ChangeKind.UNLINK_ACCOUNT,
    ChangeKind.UNLINK_ACCOUNT: ChangeKind.LINK_ACCOUNT,
    ChangeKind.CREATE_GROUP: ChangeKind.DELETE_GROUP,
    ChangeKind.DELETE_GROUP: ChangeKind.CREATE_GROUP,
    ChangeKind.RENAME_GROUP: ChangeKind.RENAME_GROUP,
    ChangeKind.LINK_GROUP: ChangeKind.UNLINK_GROUP,
    ChangeKind.UNLINK_GROUP: ChangeKind.LINK_GROUP,
    ChangeKind.ADD_MEMBER: ChangeKind.REMOVE_MEMBER,
    ChangeKind.REMOVE_MEMBER: ChangeKind.ADD_MEMBER,
    ChangeKind.MOVE_LEAD: ChangeKind.MOVE_LEAD,
}
"""Kind of change → the kind that takes it back. Accounts have none for being made or deleted."""

UNDONE = Topic("Undone by an admin, and not done again until the IdP changes them", "change")
_BY_VALUE = frozenset(kind for kind, opposite in OPPOSITES.items() if kind == opposite)
"""Kinds that have no opposite but a value before and after: what is undone is the value."""
_LEAVING = frozenset({ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT, ChangeKind.MOVE_LEAD})
_IN_GROUP = frozenset({ChangeKind.ADD_MEMBER, ChangeKind.LINK_GROUP})


def without_undone(changes: Sequence[Change], world: World) -> tuple[tuple[Change, ...], tuple[Note, ...]]:
    """The changes that reverse nothing an admin has undone, in their order, and a note for each that would."""
    if not world.undone:
        return tuple(changes), ()
    undone = _table(world.undone)
    reversing = [change for change in changes if _reverses(change, undone) and not _is_new(change, world)]
    if not reversing:
        return tuple(changes), ()
    waiting = _Waiting(
        keys=frozenset(change.key for change in reversing),
        unlinked=_users(reversing, {ChangeKind.LINK_ACCOUNT}),
        staying=_users(reversing, _LEAVING),
        without=frozenset(change.group for change in reversing if change.kind == ChangeKind.CREATE_GROUP),
    )
    left_out = [waiting.has(change) for change in changes]
    return (
        tuple(change for change, is_left_out in zip(changes, left_out, strict=True) if not is_left_out),
        tuple(
            Note(UNDONE, named(change)) for change, is_left_out in zip(changes, left_out, strict=True) if is_left_out
        ),
    )


def about(change: Change) -> Hashable:
    """Whom or what a change is about, the same for its opposite: by immutable ids where there are any."""
    account = change.account_id or change.user_id
    if change.kind in (ChangeKind.ADD_MEMBER, ChangeKind.REMOVE_MEMBER):
        return account, group_key(change.group or "")
    if change.kind in (ChangeKind.LINK_GROUP, ChangeKind.UNLINK_GROUP):
        return change.because.group_id, group_key(change.group or "")
    if change.kind in (ChangeKind.LINK_ACCOUNT, ChangeKind.UNLINK_ACCOUNT):
        return change.user_id, account
    if change.kind == ChangeKind.RENAME_GROUP:
        return change.because.group_id or group_key(change.group or "")
    return change.lead or account or group_key(change.group or "")


def named(change: Change) -> str:
    """The change as notes name it: `add-member ada Staff`."""
    return " ".join(filter(None, (change.kind, change.account, change.group, change.lead)))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is left out, and with it what needs it."""

    keys: frozenset[str]
    unlinked: frozenset[str | None]
    """Ids of users whose account is not linked again."""
    staying: frozenset[str | None]
    """Ids of leavers whose account, or what it leads, was put back."""
    without: frozenset[str | None]
    """Names of groups that are not made again."""

    def has(self, change: Change) -> bool:
        """Whether the change is left out."""
        if change.user_id in self.unlinked or (change.kind in _LEAVING and change.user_id in self.staying):
            return True
        return (change.kind in _IN_GROUP and change.group in self.without) or change.key in self.keys


_Undone = Mapping[tuple[ChangeKind, Hashable], Sequence[Change]]
"""Kind that would reverse it, and what it is about → what was undone."""


def _table(undone: Iterable[Change]) -> _Undone:
    """Groups go by the names that undoing gave back to them: what it did before that says the name they had then."""
    undone = tuple(undone)
    renames = (change for change in undone if change.kind == ChangeKind.RENAME_GROUP)
    renamed = {group_key(change.group or ""): str(change.after.get("name")) for change in renames}
    table: defaultdict[tuple[ChangeKind, Hashable], list[Change]] = defaultdict(list)
    for change in undone:
        if change.kind in OPPOSITES:
            today = replace(change, group=renamed.get(group_key(change.group or ""), change.group))
            table[OPPOSITES[change.kind], about(today)].append(change)
    return table


def _reverses(change: Change, undone: _Undone) -> bool:
    return any(_takes_back(change, made) for made in undone.get((change.kind, about(change)), ()))


def _takes_back(change: Change, made: Change) -> bool:
    """Whether the change brings back what was there before `made`; unknown values tell nothing."""
    if change.kind not in _BY_VALUE:
        return True
    pairs = [(value, made.before[name]) for name, value in change.after.items() if name in made.before]
    known = [(wanted, was) for wanted, was in pairs if wanted is not None and was is not None]
    return bool(known) and all(wanted == was for wanted, was in known)


def _is_new(change: Change, world: World) -> bool:
    """Whether the IdP has touched it since it was undone."""
    return change.because.exchange is not None and change.because.exchange > world.undone_at


def _users(changes: Iterable[Change], kinds: Iterable[ChangeKind]) -> frozenset[str | None]:
    among = frozenset(kinds)
    return frozenset(change.user_id for change in changes if change.kind in among and change.user_id is not None)
