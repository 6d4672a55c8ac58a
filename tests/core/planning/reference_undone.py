"""What an admin has undone and what is therefore not done again."""

from dataclasses import dataclass

from core.planning.changes import Change
from core.planning.changes import ChangeKind as K
from core.planning.names import group_key

from .reference_given import Expected, Given
from .reference_limits import without

_TAKEN_BACK_BY = {
    K.DEACTIVATE_ACCOUNT: K.REACTIVATE_ACCOUNT,
    K.REACTIVATE_ACCOUNT: K.DEACTIVATE_ACCOUNT,
    K.UNLINK_ACCOUNT: K.LINK_ACCOUNT,
    K.DELETE_GROUP: K.CREATE_GROUP,
    K.UNLINK_GROUP: K.LINK_GROUP,
    K.ADD_MEMBER: K.REMOVE_MEMBER,
    K.REMOVE_MEMBER: K.ADD_MEMBER,
}
_BY_VALUE = (K.UPDATE_ACCOUNT, K.RENAME_ACCOUNT, K.RENAME_GROUP, K.MOVE_LEAD)


@dataclass(frozen=True)
class Undone:
    """The standing undone changes of a world."""

    given: Given

    def respected(self, possible: set[Expected]) -> set[Expected]:
        """The changes without those that an admin has undone, and without what depends on them."""
        return without(possible, {change for change in possible if self.is_against(change)})

    def is_against(self, change: Expected) -> bool:
        """Whether a change takes back one of them, with nothing new from the IdP."""
        quiet = [made for made in self.given.world.undone if change.exchange is None or change.exchange <= made.seen]
        return any(takes_back(change, made.change) for made in quiet)


def takes_back(change: Expected, made: Change) -> bool:
    """Whether a change brings back what undoing put back."""
    if change.kind in _BY_VALUE and change.kind == made.kind:
        shared = [(value, made.before[name]) for name, value in change.after if name in made.before]
        known = [(value, was) for value, was in shared if value is not None and was is not None]
        return _is_about_the_same(change, made) and bool(known) and all(value == was for value, was in known)
    return _TAKEN_BACK_BY.get(made.kind) == change.kind and _is_about_the_same(change, made)


def _is_about_the_same(change: Expected, made: Change) -> bool:
    if change.kind == K.LINK_GROUP:
        return (change.group_id, change.group) == (made.because.group_id, made.group)
    if change.kind == K.MOVE_LEAD:
        return change.lead == made.lead
    if change.kind == K.LINK_ACCOUNT:
        return (change.user_id, change.account_id) == (made.user_id, made.account_id)
    same_group = group_key(change.group or "") == group_key(made.group or "")
    return same_group and (change.account_id or change.user_id) == (made.account_id or made.user_id)
