"""Which changes of one plan need others of it: what is not made, or taken out, takes along what depends on it."""

from collections.abc import Collection, Iterable

from core.planning.changes import Change, ChangeKind

Need = tuple[ChangeKind, str | None]
"""A kind of change, and whom or what it is about."""
_ENDS = (ChangeKind.DEACTIVATE_ACCOUNT, ChangeKind.DELETE_ACCOUNT)


def needs(change: Change) -> tuple[Need, ...]:
    """What a change needs to have been made, where its own plan has it."""
    link: tuple[Need, ...] = ((ChangeKind.LINK_ACCOUNT, change.user_id),) if change.user_id is not None else ()
    match change.kind:
        case ChangeKind.LINK_ACCOUNT:
            return ()
        case ChangeKind.ADD_MEMBER:
            return *link, (ChangeKind.CREATE_ACCOUNT, change.user_id), (ChangeKind.CREATE_GROUP, change.group)
        case ChangeKind.DEACTIVATE_ACCOUNT | ChangeKind.DELETE_ACCOUNT:
            return *link, (ChangeKind.MOVE_LEAD, change.account)
        case ChangeKind.DELETE_GROUP:
            return ((ChangeKind.REMOVE_MEMBER, change.group),)
    return link


def gives(change: Change) -> Need | None:
    """What a change is to others, that they may need."""
    match change.kind:
        case ChangeKind.LINK_ACCOUNT | ChangeKind.CREATE_ACCOUNT:
            return change.kind, change.user_id
        case ChangeKind.CREATE_GROUP | ChangeKind.REMOVE_MEMBER:
            return change.kind, change.group
        case ChangeKind.MOVE_LEAD:
            return change.kind, change.account
    return None


def with_dependants(changes: Collection[Change], keys: Iterable[str]) -> frozenset[str]:
    """The changes with these keys, those that need them, and the moves of leads that only they are made for."""
    out, before = set(keys), -1
    while len(out) > before:
        before = len(out)
        lacking = {gives(change) for change in changes if change.key in out}
        staying = {change.account for change in changes if change.key in out and change.kind in _ENDS}
        out |= {change.key for change in changes if lacking.intersection(needs(change))}
        out |= {change.key for change in changes if change.kind == ChangeKind.MOVE_LEAD and change.account in staying}
    return frozenset(out)
