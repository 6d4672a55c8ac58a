"""A second planner, small, slow and obviously right, that the real one is held against.

It follows the documentation of `core.planning.values` and `core.planning.rules`, one question about one user, group or
membership at a time. It has no tables: it searches each part of the world from its beginning whenever it wants
something. It says what changes and which conflicts there are, not why and in which order. What a name maps to, whether
a product takes it and whether a glob matches are the product's own functions, which have specifications of their own.
"""

from dataclasses import dataclass
from functools import cached_property

from core.planning.rules import TargetRules
from core.planning.values import World

from .reference_given import Expected, Given, expected, told
from .reference_groups import Mapping, with_defaults
from .reference_limits import Limits
from .reference_manual import ManualGroups
from .reference_members import Members
from .reference_on_the_fly import OnTheFlyGroups
from .reference_repeats import Repeats
from .reference_undone import Undone
from .reference_users import Users

__all__ = ["Expected", "Reference", "expected", "told"]


@dataclass(frozen=True)
class Reference:
    """The reference for one world under some rules."""

    world: World
    rules: TargetRules

    def changes(self) -> set[Expected]:
        """Everything that is wanted, possible, and not protected."""
        return self._limits.allowed(self._possible)

    def conflicts(self) -> set[tuple[str, str]]:
        """Kind and subject of every conflict."""
        held = self._limits.conflicts(self._possible)
        held |= Repeats(self._given).conflicts(self._due)
        return Users(self._given).conflicts() | self._mapping.conflicts | held

    @cached_property
    def _given(self) -> Given:
        return Given(self.world, self.rules)

    @cached_property
    def _limits(self) -> Limits:
        return Limits(self._given)

    @cached_property
    def _mapping(self) -> Mapping:
        mode = self.rules.groups.mode
        if mode == "off":
            return with_defaults(self._given, Mapping())
        mapped = ManualGroups(self._given) if mode == "manual" else OnTheFlyGroups(self._given)
        return with_defaults(self._given, mapped.mapping())

    @cached_property
    def _possible(self) -> set[Expected]:
        return Repeats(self._given).left(self._due)

    @cached_property
    def _due(self) -> set[Expected]:
        users = Users(self._given)
        members = Members(self._given, self._mapping).changes(users.holders())
        possible = self._limits.possible(users.changes() | self._mapping.changes | members)
        return Undone(self._given).respected(possible)
