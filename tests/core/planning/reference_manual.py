"""Groups mapped by hand, as `GroupMap` has it: one map at a time."""

from dataclasses import dataclass, replace

from core.planning.changes import ChangeKind
from core.planning.globs import matching_glob
from core.planning.names import group_key, normalised
from core.planning.rules import GroupMap
from core.planning.values import SourceGroup

from .reference_given import Expected, Given, key_of, name_of, state
from .reference_groups import Fed, Mapping, creation, named_conflict


@dataclass(frozen=True)
class Found:
    """What one entry of a map's `idp` stands for."""

    groups: list[SourceGroup]
    conflicts: frozenset[tuple[str, str]] = frozenset()
    is_exact: bool = False
    is_unclear: bool = False
    """What is named is not there, or more than once: nobody is removed for it."""


@dataclass(frozen=True)
class ManualGroups:
    """All maps of the rules."""

    given: Given

    def mapping(self) -> Mapping:
        keys = {key for each in self.given.rules.groups.map for key in _targets(each)}
        return Mapping(
            [self._fed(key) for key in keys],
            {change for key in keys for change in self._changes(key)},
            {conflict for key in keys for conflict in self._conflicts(key)},
        )

    def _maps(self, key: str) -> list[GroupMap]:
        return [each for each in self.given.rules.groups.map if key in _targets(each)]

    def _name(self, key: str) -> str:
        there = self.given.target_group(key)
        named = [name for each in self._maps(key) for name in each.target if group_key(name) == key]
        return there.name if there else normalised(named[0])

    def _entries(self, key: str) -> list[Found]:
        return [self._found(each, entry) for each in self._maps(key) for entry in each.idp]

    def _found(self, each: GroupMap, entry: str) -> Found:
        living = [group for group in self.given.world.groups if not group.deleted]
        tests = [group for group in living if self.given.is_test(group.created_at, [group.display_name])]
        if "*" in entry or "?" in entry:
            real = [group for group in living if group not in tests]
            return Found([group for group in real if matching_glob([entry], name_of(group))])
        return self._named_exactly(each, group_key(entry), living, tests)

    def _named_exactly(self, each: GroupMap, name: str, living: list[SourceGroup], tests: list[SourceGroup]) -> Found:
        """A name means the same in all maps."""
        alike = [other for other in self.given.rules.groups.map if name in map(group_key, other.idp)]
        fed = {key for other in alike for key in _targets(other)}
        links = [link for link in self.given.world.group_links if link.group_key in fed]
        meant = {link.group_id for link in links if group_key(link.source_name) == name}
        linked = [group for group in living if group.id in meant]
        all_named = [group for group in living if key_of(group) == name]
        named = [group for group in all_named if group not in tests]
        if linked:
            others = [group for group in named if group not in linked]
            return Found(linked, frozenset(("C26", f"group:{group.id}") for group in others), is_exact=True)
        if len(named) > 1:
            return Found([], frozenset(("C22", f"group:{group.id}") for group in named), is_exact=True, is_unclear=True)
        if all_named and not named:
            return Found([], is_exact=True, is_unclear=True)
        missing = frozenset(("C25", f"target-group:{key}") for key in _targets(each))
        return Found(named, frozenset() if named else missing, is_exact=True, is_unclear=not named)

    def _givers(self, key: str, *, exact: bool = False) -> list[SourceGroup]:
        return [group for entry in self._entries(key) if entry.is_exact or not exact for group in entry.groups]

    def _problem(self, key: str) -> str | None:
        """Why the target group cannot be there."""
        return None if self.given.target_group(key) else named_conflict(self.given, self._name(key))

    def _fed(self, key: str) -> Fed:
        return Fed(
            key,
            self._name(key),
            frozenset(group.id for group in self._givers(key)),
            is_frozen=any(entry.is_unclear for entry in self._entries(key)),
            is_exclusive=not any(each.keep_existing_members for each in self._maps(key)),
            is_missing=self._problem(key) is not None,
        )

    def _changes(self, key: str) -> set[Expected]:
        if self._problem(key):
            return set()
        name = self._name(key)
        new = [group for group in self._givers(key, exact=True) if not self._is_remembered(group, key)]
        made = {
            Expected(
                ChangeKind.LINK_GROUP,
                group=name,
                after=state(source_name=self._source_name(group, key)),
                group_id=group.id,
                exchange=group.exchange,
            )
            for group in new
        }
        return made if self.given.target_group(key) else made | {self._creation(key)}

    def _creation(self, key: str) -> Expected:
        """For the first of the groups that are named exactly."""
        exact = sorted(self._givers(key, exact=True), key=lambda group: group.id)
        return replace(creation(self._name(key)), exchange=exact[0].exchange if exact else None)

    def _names(self, group: SourceGroup, key: str) -> list[str]:
        """Keys of the names in maps that mean this group and no other."""
        entries = [(each, entry) for each in self._maps(key) for entry in each.idp]
        found = [(entry, self._found(each, entry)) for each, entry in entries]
        return sorted(group_key(entry) for entry, means in found if means.is_exact and group in means.groups)

    def _source_name(self, group: SourceGroup, key: str) -> str:
        names = self._names(group, key)
        return group.display_name if key_of(group) in names else names[0]

    def _is_remembered(self, group: SourceGroup, key: str) -> bool:
        """Whether it is linked by a name that the rules still say."""
        exact = self._names(group, key)
        links = [link for link in self.given.world.group_links if (link.group_id, link.group_key) == (group.id, key)]
        return any(group_key(link.source_name) in exact for link in links)

    def _conflicts(self, key: str) -> set[tuple[str, str]]:
        found = {conflict for entry in self._entries(key) for conflict in entry.conflicts}
        found = {(kind, subject) for kind, subject in found if kind != "C25" or subject == f"target-group:{key}"}
        problem = self._problem(key)
        return found | ({(problem, f"target-group:{key}")} if problem else set())


def _targets(each: GroupMap) -> set[str]:
    return {group_key(name) for name in each.target}
