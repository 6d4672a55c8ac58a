"""What holds a plan back, as `BrakeRules` has it: every limit counted by itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.planning.changes import Change, Plan
from core.planning.changes import ChangeKind as K
from core.planning.names import group_key
from core.planning.rules import FEW, BrakeRules, Limit
from core.planning.values import AdminGroup, Waiting, World

GOING = (K.DEACTIVATE_ACCOUNT, K.DELETE_ACCOUNT)
_KINDS = {
    "brakes.deactivate": (K.DEACTIVATE_ACCOUNT,),
    "brakes.delete": (K.DELETE_ACCOUNT, K.DELETE_GROUP),
    "brakes.remove_member": (K.REMOVE_MEMBER,),
    "brakes.update": (K.UPDATE_ACCOUNT, K.RENAME_ACCOUNT),
}


@dataclass(frozen=True)
class Brakes:
    """The brakes of one world, and a plan for it."""

    world: World
    rules: BrakeRules
    plan: Plan

    def holds(self) -> set[tuple[str, frozenset[str], bool]]:
        """Each brake that is hit, what it holds, and whether an admin may approve that."""
        held = {(brake, self._over(brake), True) for brake in _KINDS}
        groups = {group_key(change.group or "") for change in self._of((K.REMOVE_MEMBER,))}
        held |= {("brakes.remove_member_of_group", self._over_in(group), True) for group in groups}
        held |= {("brakes.min_admins", self._last(group), False) for group in self.world.admin_groups}
        return {(brake, keys, approvable) for brake, keys, approvable in held if keys}

    def held(self) -> set[str]:
        """All that waits: what is held, and the leads of those whose account stays for it."""
        keys = {key for _, held, _ in self.holds() for key in held}
        staying = {change.user_id for change in self._of(GOING) if change.key in keys}
        return keys | {change.key for change in self._of((K.MOVE_LEAD,)) if change.user_id in staying}

    def _of(self, kinds: Iterable[K]) -> list[Change]:
        return [change for change in self.plan.changes if change.kind in kinds]

    def _over(self, brake: str) -> frozenset[str]:
        totals = self.world.totals
        limit: Limit = getattr(self.rules, brake.removeprefix("brakes."))
        base = totals.memberships if brake == "brakes.remove_member" else totals.linked
        changes = self._of(_KINDS[brake])
        number = len(changes) + sum(totals.recent.get(kind, 0) for kind in _KINDS[brake])
        number += sum(each.number for each in self._waiting() if each.kind in _KINDS[brake])
        return _keys(changes) if number > _allowed(limit, base) else frozenset()

    def _over_in(self, group: str) -> frozenset[str]:
        totals = self.world.totals
        changes = [change for change in self._of((K.REMOVE_MEMBER,)) if group_key(change.group or "") == group]
        number = len(changes) + totals.recent.get(f"remove-member|{group}", 0)
        removals = [each for each in self._waiting() if each.kind == K.REMOVE_MEMBER]
        number += sum(each.number for each in removals if each.group_key == group)
        is_over = number > _allowed(self.rules.remove_member_of_group, totals.members.get(group, 0))
        return _keys(changes) if is_over else frozenset()

    def _waiting(self) -> list[Waiting]:
        """What waits already for users that this plan is not about."""
        here = {user.id for user in self.world.users}
        return [each for each in self.world.totals.waiting if each.user_id not in here]

    def _last(self, group: AdminGroup) -> frozenset[str]:
        going = [change for change in self._of(GOING) if change.account_id in group.members]
        removed = [change for change in self._of((K.REMOVE_MEMBER,)) if change.account_id in group.members]
        going += [change for change in removed if group_key(change.group or "") == group.key]
        left = group.members - {change.account_id for change in going}
        return _keys(going) if len(left) < self.rules.min_admins else frozenset()


def _keys(changes: Iterable[Change]) -> frozenset[str]:
    return frozenset(change.key for change in changes)


def _allowed(limit: Limit, base: int) -> int:
    """The smaller of both; a percentage is at least one, and is not taken of a few."""
    if base < FEW:
        return limit.count
    return min(limit.count, max(1, base * limit.percent // 100))
