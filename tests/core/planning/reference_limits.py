"""What becomes of wanted changes: what the product lacks, what is unproven, what was undone, what is protected."""

from dataclasses import dataclass

from core.planning.changes import ChangeKind
from core.planning.globs import matching_glob
from core.planning.names import group_key
from core.planning.values import Capabilities

from .reference_given import Expected, Given

K = ChangeKind
_TAKING = (K.DEACTIVATE_ACCOUNT, K.DELETE_ACCOUNT, K.DELETE_GROUP, K.REMOVE_MEMBER)
_LEAVING = (K.DEACTIVATE_ACCOUNT, K.DELETE_ACCOUNT, K.MOVE_LEAD)
_HARMLESS = (K.LINK_GROUP, K.UNLINK_GROUP)


@dataclass(frozen=True)
class Limits:
    """The limits of a world."""

    given: Given

    def possible(self, wanted: set[Expected]) -> set[Expected]:
        """What can be done at all, and what it depends on."""
        impossible = {change for change in wanted if not self._is_able(change.kind)}
        return without(wanted, impossible)

    def _is_able(self, kind: ChangeKind) -> bool:
        world = self.given.world
        is_proven = world.target_complete and world.source_complete
        return _lacking(world.capabilities, kind) is None and (is_proven or kind not in _TAKING)

    def allowed(self, possible: set[Expected]) -> set[Expected]:
        """What touches nothing protected."""
        return {change for change in possible if self._held_by(change, possible) is None}

    def conflicts(self, possible: set[Expected]) -> set[tuple[str, str]]:
        """One for each protected thing that something would be done to."""
        return {("C29", subject) for change in possible if (subject := self._held_by(change, possible))}

    def _held_by(self, change: Expected, possible: set[Expected]) -> str | None:
        """What holds a change: its account, for which everything waits, else its group."""
        user = f"user:{change.user_id}"
        if any(self._protected(other) == user for other in possible if other.user_id == change.user_id):
            return user
        return self._protected(change)

    def _protected(self, change: Expected) -> str | None:
        if change.kind in _HARMLESS:
            return None
        accounts, groups = self.given.rules.users.protect, self.given.rules.groups.protect
        new = str(dict(change.after).get("name")) if change.kind in (K.RENAME_ACCOUNT, K.RENAME_GROUP) else None
        if change.account and any(matching_glob(accounts, name) for name in (change.account, new) if name):
            return f"user:{change.user_id}"
        if change.group and any(matching_glob(groups, name) for name in (change.group, new) if name):
            return f"target-group:{group_key(change.group)}"
        return None


def without(changes: set[Expected], left_out: set[Expected]) -> set[Expected]:
    """The changes without some, and without what depends on these."""
    users = {change.user_id for change in left_out if change.kind in (K.CREATE_ACCOUNT, K.LINK_ACCOUNT)}
    groups = {change.group for change in left_out if change.kind == K.CREATE_GROUP}
    staying = {change.user_id for change in left_out if change.kind in _LEAVING}
    kept = {change for change in changes - left_out if change.user_id not in users}
    kept = {
        change for change in kept if change.kind == K.CREATE_GROUP or change.group not in groups or not change.group
    }
    return {change for change in kept if change.kind not in _LEAVING or change.user_id not in staying}


def _lacking(able: Capabilities, kind: ChangeKind) -> str | None:
    return {
        K.CREATE_ACCOUNT: able.create_user,
        K.UPDATE_ACCOUNT: able.update_user,
        K.RENAME_ACCOUNT: able.rename_user,
        K.DEACTIVATE_ACCOUNT: able.set_active,
        K.REACTIVATE_ACCOUNT: able.set_active,
        K.DELETE_ACCOUNT: able.delete_user,
        K.CREATE_GROUP: able.create_group,
        K.RENAME_GROUP: able.rename_group,
        K.DELETE_GROUP: able.delete_group,
        K.ADD_MEMBER: able.members,
        K.REMOVE_MEMBER: able.members,
        K.MOVE_LEAD: able.leads,
    }.get(kind)
