"""What an admin has undone is not done again by the next plan: it waits until the IdP says something new of it.

Without this a plan would at once repeat what undoing put back, since the rules still want it. What depends on a
change that is left out goes with it (`core.planning.dependence`): nothing is done to an account that stays unlinked,
nobody is put into a group that is not made again, and a leaver whose account stays keeps what it leads.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from core.planning.changes import Change, ChangeKind
from core.planning.dependence import carried
from core.planning.names import group_key
from core.planning.notes import Note, Topic
from core.planning.values import Undone, World

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


def without_undone(changes: Sequence[Change], world: World) -> tuple[tuple[Change, ...], tuple[Note, ...]]:
    """The changes that reverse nothing an admin has undone, in their order, and a note for each that would."""
    if not world.undone:
        return tuple(changes), ()
    undone = _table(world.undone)
    reasons = carried(changes, lambda change: "" if _reverses(change, undone) else None)
    judged = tuple(zip(changes, reasons, strict=True))
    return (
        tuple(change for change, reason in judged if reason is None),
        tuple(Note(UNDONE, named(change)) for change, reason in judged if reason is not None),
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


_Table = Mapping[tuple[ChangeKind, Hashable], Sequence[Undone]]
"""Kind that would reverse it, and what it is about → what was undone."""


def _table(undone: Sequence[Undone]) -> _Table:
    """Groups go by the names that undoing gave back to them: what it did before that says the name they had then."""
    renames = (each.change for each in undone if each.change.kind == ChangeKind.RENAME_GROUP)
    renamed = {group_key(change.group or ""): str(change.after.get("name")) for change in renames}
    table: defaultdict[tuple[ChangeKind, Hashable], list[Undone]] = defaultdict(list)
    for each in undone:
        change = each.change
        if change.kind in OPPOSITES:
            today = replace(change, group=renamed.get(group_key(change.group or ""), change.group))
            table[OPPOSITES[change.kind], about(today)].append(each)
    return table


def _reverses(change: Change, undone: _Table) -> bool:
    """Whether it takes back any of them of which the IdP has said nothing since."""
    exchange = change.because.exchange
    return any(
        _takes_back(change, each.change) and (exchange is None or exchange <= each.seen)
        for each in undone.get((change.kind, about(change)), ())
    )


def _takes_back(change: Change, made: Change) -> bool:
    """Whether the change brings back what was there before `made`; unknown values tell nothing."""
    if change.kind not in _BY_VALUE:
        return True
    pairs = [(value, made.before[name]) for name, value in change.after.items() if name in made.before]
    known = [(wanted, was) for wanted, was in pairs if wanted is not None and was is not None]
    return bool(known) and all(wanted == was for wanted, was in known)
