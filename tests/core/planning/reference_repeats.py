"""What somebody else takes back again and again, and is therefore held."""

from dataclasses import dataclass

from core.planning.changes import ChangeKind as K
from core.planning.names import group_key

from .reference_given import Expected, Given
from .reference_limits import without

_BY_VALUE = (K.UPDATE_ACCOUNT, K.RENAME_ACCOUNT)
_WEEK = 7 * 86_400_000


@dataclass(frozen=True)
class Repeats:
    """The changes of a world that were made too often."""

    given: Given

    def left(self, due: set[Expected]) -> set[Expected]:
        """Those of the changes that are made, and what depends on none of the others."""
        return without(due, {change for change in due if self.is_one(change)})

    def conflicts(self, due: set[Expected]) -> set[tuple[str, str]]:
        return {("C41", f"user:{change.user_id}") for change in due if self.is_one(change)}

    def is_one(self, change: Expected) -> bool:
        for each in self.given.world.repeated:
            same = (each.kind, each.account_id, each.group_key) == (
                change.kind,
                change.account_id,
                group_key(change.group or ""),
            )
            is_value = change.kind not in _BY_VALUE or frozenset(each.after.items()) == change.after
            late = [at for _, at in each.times if at > self.given.world.now - _WEEK]
            if change.user_id and same and is_value and len(late) >= 3:
                return True
        return False
