"""Groups mapped on the fly, as `OnTheFly` has it: one IdP group at a time."""

from dataclasses import dataclass, replace

from core.planning.changes import ChangeKind
from core.planning.globs import matching_glob
from core.planning.mapping import map_value
from core.planning.names import check_group_name, group_key, normalised
from core.planning.rules import ValueRule
from core.planning.values import SourceGroup, TargetGroup

from .reference_given import Expected, Given, key_of, name_of, state
from .reference_groups import Fed, Mapping, creation, refusal


@dataclass(frozen=True)
class OnTheFlyGroups:
    """All groups of a world."""

    given: Given

    def mapping(self) -> Mapping:
        about = self.mapped()
        return Mapping(
            [self._fed(key) for key in {key for group in about for key in self._keys(group)}],
            {change for group in about for change in self._changes(group)},
            {(kind, f"group:{group.id}") for group in about if (kind := self.verdict(group))[0] == "C"},
        )

    def mapped(self) -> list[SourceGroup]:
        return [group for group in self.given.world.groups if self.is_mapped(group)]

    def is_mapped(self, group: SourceGroup) -> bool:
        rules = self.given.rules.groups.on_the_fly
        if group.deleted or not matching_glob(rules.include, name_of(group)):
            return False
        if matching_glob(rules.exclude, name_of(group)):
            return False
        return self.is_test(group) or self.target_name(group) is not None

    def is_test(self, group: SourceGroup) -> bool:
        return self.given.is_test(group.created_at, [group.display_name])

    def target_name(self, group: SourceGroup) -> str | None:
        """The name that rules make; `None`: the group is left out."""
        rules = self.given.rules.groups.on_the_fly
        no_match = "ignore" if rules.no_match == "skip-group" else "pass"
        name = name_of(group)
        made = map_value(ValueRule("", rules.match, rules.replace, rules.case, no_match), name).value
        if made is None and rules.match is not None and no_match == "ignore":
            rule = ValueRule("", rules.match, "x", "keep", "ignore")
            return None if map_value(rule, name).value is None else ""
        return normalised(made or "")

    def wanted_key(self, group: SourceGroup) -> str:
        return group_key(self.target_name(group) or "")

    def linked(self, group: SourceGroup) -> TargetGroup | None:
        """The target group that it feeds already, if that is still there."""
        keys = [link.group_key for link in self.given.world.group_links if link.group_id == group.id]
        there = [target for target in self.given.world.target_groups if target.key in keys]
        own = [target for target in there if target.key == self.wanted_key(group)]
        return (own + sorted(there, key=lambda target: target.key) + [None])[0]

    def verdict(self, group: SourceGroup) -> str:
        """It `feeds` what is there, `links`, `renames` or `creates` it, `nothing` comes of it, or a conflict's code."""
        if self.is_test(group):
            return "nothing"
        others = [other for other in self.mapped() if other.id != group.id and not self.is_test(other)]
        if any(key_of(other) == key_of(group) for other in others):
            return "C22"
        linked = self.linked(group)
        return self._linked(group, linked, others) if linked else self._unlinked(group, others)

    def _unlinked(self, group: SourceGroup, others: list[SourceGroup]) -> str:
        key, merge = self.wanted_key(group), self.given.rules.groups.on_the_fly.merge
        owners = [other for other in others if (there := self.linked(other)) and there.key == key]
        if owners and not (merge and any(self.wanted_key(owner) == key for owner in owners)):
            return "C26"
        rivals = [other for other in others if self.wanted_key(other) == key and not self.linked(other)]
        if rivals and not merge:
            return "C23"
        if check_group_name(self.target_name(group) or "", self.given.world.capabilities.names):
            there = self.given.target_group(key)
            return refusal(self.given, there.name if there else self.target_name(group) or "")
        if self.given.target_group(key):
            return "links"
        return "creates" if self.given.rules.groups.on_the_fly.create_missing else "nothing"

    def _linked(self, group: SourceGroup, linked: TargetGroup, others: list[SourceGroup]) -> str:
        key = self.wanted_key(group)
        sharing = [other for other in others if (there := self.linked(other)) and there.key == linked.key]
        if sharing and not self.given.rules.groups.on_the_fly.merge:
            return "C23"
        if check_group_name(linked.name, self.given.world.capabilities.names):
            return refusal(self.given, linked.name)
        if key == linked.key or self.given.world.capabilities.rename_group is not None:
            return "feeds"
        if any(self.wanted_key(other) != key for other in sharing):
            return "feeds"
        if check_group_name(self.target_name(group) or "", self.given.world.capabilities.names):
            return refusal(self.given, self.target_name(group) or "")
        rivals = [other for other in others if other not in sharing and self.wanted_key(other) == key]
        return "C26" if self.given.target_group(key) or rivals else "renames"

    def _key(self, group: SourceGroup) -> str:
        """The target group that it feeds, or would."""
        linked = self.linked(group)
        return linked.key if linked else self.wanted_key(group)

    def _keys(self, group: SourceGroup) -> set[str]:
        """The target groups that nobody leaves while it is stuck."""
        linked = {link.group_key for link in self.given.world.group_links if link.group_id == group.id}
        if self.is_test(group):
            return linked | {self.wanted_key(group) or key_of(group)}
        if self.verdict(group) == "C22":
            return linked | {self.wanted_key(group)}
        return {self._key(group)}

    def _fed(self, key: str) -> Fed:
        giving = [group for group in self._feeding() if self._key(group) == key]
        stuck = [group for group in self.mapped() if group not in self._feeding() and key in self._keys(group)]
        stuck = [group for group in stuck if self.verdict(group) != "C26" or self.linked(group)]
        there = self.given.target_group(key)
        named = sorted(giving, key=lambda group: group.id)
        name = there.name if there else (self.target_name(named[0]) or "") if named else key
        exclusive = bool(giving) and not self.given.rules.groups.on_the_fly.keep_existing_groups
        ids = frozenset(group.id for group in giving)
        return Fed(key, name, ids, bool(stuck), exclusive, is_missing=not there and not giving)

    def _feeding(self) -> list[SourceGroup]:
        good = ("feeds", "links", "renames", "creates")
        return [group for group in self.mapped() if self.verdict(group) in good]

    def _changes(self, group: SourceGroup) -> set[Expected]:
        return {replace(change, exchange=group.exchange) for change in self._changes_of(group)}

    def _changes_of(self, group: SourceGroup) -> set[Expected]:
        verdict, name = self.verdict(group), self.target_name(group) or ""
        there = self._fed(self._key(group))
        if verdict == "creates" and group.id == min(there.by):
            return {creation(there.name)}
        if verdict in ("links", "creates"):
            after = state(source_name=group.display_name)
            return {Expected(ChangeKind.LINK_GROUP, group=there.name, after=after, group_id=group.id)}
        if verdict == "renames" and group.id == min(there.by):
            states = state(name=there.name), state(name=name)
            return {Expected(ChangeKind.RENAME_GROUP, None, None, None, there.name, *states)}
        return set()
