"""Accounts and groups that were read a moment ago: so that a membership, which goes by ids, does not read both anew.

Nothing is decided on the strength of it: it saves asking which id a name has, and who the members are that a group
names by id alone.
"""

from dataclasses import replace
from typing import Generic, TypeVar

from core.planning.values import Account, TargetGroup
from core.targets.timing import Timing

KnownT = TypeVar("KnownT", Account, TargetGroup)

ID_FRESH_FOR = 30.0
"""Seconds that the id of a name is taken for granted."""
ACCOUNT_FRESH_FOR = 60.0
"""Seconds that an account is taken for what it was."""


class Known(Generic[KnownT]):
    """What was read, by id and by name."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._by_id: dict[str, tuple[KnownT, float]] = {}
        self._ids: dict[str, str] = {}
        """Key of a name → id."""

    def learn(self, found: KnownT) -> None:
        """It was read now."""
        if found.id is None:
            return
        if isinstance(found, Account):
            found = replace(found, groups=None)
        self._by_id[found.id] = (found, self._timing.monotonic())
        self._ids[found.key] = found.id

    def forget(self, found: KnownT) -> None:
        """It is changed."""
        self._by_id.pop(str(found.id), None)

    def named(self, key: str) -> KnownT | None:
        """What had this name within the last seconds."""
        found = self.fresh(self._ids.get(key, ""), ID_FRESH_FOR)
        return found if found is not None and found.key == key else None

    def last_id(self, key: str) -> str | None:
        """The id that this name had when it was last read, whenever that was."""
        return self._ids.get(key)

    def fresh(self, id: str, seconds: float = ACCOUNT_FRESH_FOR) -> KnownT | None:
        """What has this id, where it was read within so many seconds."""
        found = self._by_id.get(id)
        return found[0] if found is not None and self._timing.monotonic() - found[1] < seconds else None
