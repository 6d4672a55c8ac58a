"""Which changes of one plan need others of it: what is not made takes along what depends on it.

The one place that says so, for all that part a plan: what the product lacks, what an admin has undone or takes out,
what brakes hold, and what could not be made when it was tried.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from core.planning.changes import Change, ChangeKind
from core.planning.names import account_key

Need = tuple[ChangeKind, str]
"""A kind of change, and whom or what it is about."""

_OF_LINKED = (ChangeKind.LINK_ACCOUNT,)
_NEEDS: Mapping[ChangeKind, tuple[ChangeKind, ...]] = {
    ChangeKind.CREATE_ACCOUNT: (),
    ChangeKind.UPDATE_ACCOUNT: _OF_LINKED,
    ChangeKind.RENAME_ACCOUNT: _OF_LINKED,
    ChangeKind.DEACTIVATE_ACCOUNT: (*_OF_LINKED, ChangeKind.MOVE_LEAD),
    ChangeKind.REACTIVATE_ACCOUNT: _OF_LINKED,
    ChangeKind.DELETE_ACCOUNT: (*_OF_LINKED, ChangeKind.MOVE_LEAD),
    ChangeKind.LINK_ACCOUNT: (),
    ChangeKind.UNLINK_ACCOUNT: (),
    ChangeKind.CREATE_GROUP: (),
    ChangeKind.RENAME_GROUP: (),
    ChangeKind.DELETE_GROUP: (ChangeKind.REMOVE_MEMBER,),
    ChangeKind.LINK_GROUP: (ChangeKind.CREATE_GROUP,),
    ChangeKind.UNLINK_GROUP: (),
    ChangeKind.ADD_MEMBER: (*_OF_LINKED, ChangeKind.CREATE_ACCOUNT, ChangeKind.CREATE_GROUP),
    ChangeKind.REMOVE_MEMBER: _OF_LINKED,
    ChangeKind.MOVE_LEAD: (
        *_OF_LINKED,
        ChangeKind.DEACTIVATE_ACCOUNT,
        ChangeKind.DELETE_ACCOUNT,
        ChangeKind.REACTIVATE_ACCOUNT,
    ),
}
"""Kind of change → the kinds that it needs. A leaver goes once all that it leads is moved, which is done for that
alone; who takes over must be active; and what feeds a group is remembered of a group that will be there."""


def _account(change: Change) -> str | None:
    return None if change.account is None else account_key(change.account)


def _returning(change: Change) -> str | None:
    """The account that is active again; of a move of a lead, the one that must be."""
    lead = change.after.get("lead")
    return account_key(lead) if isinstance(lead, str) else _account(change)


_WHOM: Mapping[ChangeKind, Callable[[Change], str | None]] = {
    ChangeKind.LINK_ACCOUNT: lambda change: change.user_id,
    ChangeKind.CREATE_ACCOUNT: lambda change: change.user_id,
    ChangeKind.CREATE_GROUP: lambda change: change.group,
    ChangeKind.REMOVE_MEMBER: lambda change: change.group,
    ChangeKind.MOVE_LEAD: _account,
    ChangeKind.DEACTIVATE_ACCOUNT: _account,
    ChangeKind.DELETE_ACCOUNT: _account,
    ChangeKind.REACTIVATE_ACCOUNT: _returning,
}
"""Kind that others need → whom or what it is about, asked of it and of what may need it."""


def needs(change: Change) -> tuple[Need, ...]:
    """What a change needs to be made, where its own plan has it."""
    found = ((kind, _WHOM[kind](change)) for kind in _NEEDS[change.kind])
    return tuple((kind, whom) for kind, whom in found if whom is not None)


def gives(change: Change) -> Need | None:
    """What a change is to others, that they may need."""
    if change.kind not in _WHOM:
        return None
    whom = _WHOM[change.kind](change)
    return None if whom is None else (change.kind, whom)


def carried(changes: Sequence[Change], why: Callable[[Change], str | None]) -> list[str | None]:
    """For each change the reason why it is not made: that of `why`, else that of what it needs, and so on; `None`: it
    is. The order of the changes does not show."""
    found = [why(change) for change in changes]
    fresh = [place for place, reason in enumerate(found) if reason is not None]
    while lacking := _lacking(changes, found, fresh):
        kinds = {kind for kind, _ in lacking}
        needy = {kind for kind, needed in _NEEDS.items() if kinds.intersection(needed)}
        fresh = []
        for place, change in enumerate(changes):
            if found[place] is None and change.kind in needy:
                found[place] = next((lacking[need] for need in needs(change) if need in lacking), None)
                if found[place] is not None:
                    fresh.append(place)
    return found


def with_dependants(changes: Iterable[Change], keys: Iterable[str]) -> frozenset[str]:
    """`Change.key` of the changes with these keys, and of all that need them."""
    planned, out = tuple(changes), frozenset(keys)
    reasons = carried(planned, lambda change: "" if change.key in out else None)
    return out.union(change.key for change, reason in zip(planned, reasons, strict=True) if reason is not None)


def _lacking(changes: Sequence[Change], reasons: Sequence[str | None], places: Iterable[int]) -> Mapping[Need, str]:
    """What the changes at these places would have been to others → why it is not there."""
    found: dict[Need, str] = {}
    for place in places:
        need, reason = gives(changes[place]), reasons[place]
        if need is not None and reason is not None:
            found[need] = min(reason, found.get(need, reason))
    return found
