"""Both sides of a mapping: the IdP's groups and the target's, with their members, and what a name means there.

Made in a thread from a trial, and small: names and numbers, no members. What a name of a mapping means is asked of it
as it is typed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from core.planning.changes import ChangeKind, Plan
from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.manual import is_glob
from core.planning.names import check_group_name, group_key, normalised
from core.planning.nesting import effective_groups
from core.planning.on_the_fly import is_mapped
from core.planning.rules import GroupMap, OnTheFly, TargetRules
from core.planning.values import GroupLink, NameRules, SourceGroup
from tui.counting import counted

MapKey = tuple[frozenset[str], frozenset[str]]
"""What a mapping is known by: keys of its names on both sides."""
_LISTED = 3


@dataclass(frozen=True, slots=True)
class IdpGroup:
    """A living group of the identity provider."""

    group: SourceGroup
    name: str
    members: int
    """Active users in it, nested ones too where they count."""


@dataclass(frozen=True, slots=True)
class AtTarget:
    """A group of the target, as last seen."""

    key: str
    name: str
    members: int | None
    """`None`: never read."""
    added: int = 0
    removed: int = 0
    """What the plan does to its members."""
    problems: tuple[str, ...] = ()
    """Titles of conflicts about it."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What a mapping does to members: who is added by its groups, and who is taken out of its target groups."""

    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means, in a few words."""

    text: str
    tone: Literal["plain", "good", "warning"]
    sign: str = " "
    """`*` a glob, `!` not there or refused, `+` is created."""
    members: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """All groups of both sides."""

    idp: Sequence[IdpGroup]
    """By name."""
    targets: Sequence[AtTarget]
    """By name."""
    names: NameRules
    deltas: Mapping[MapKey, Delta]
    """Of the mappings that were planned by."""
    new: Mapping[str, AtTarget]
    """Target groups that are not there and that the plan is about, by key."""
    _idp_by_key: Mapping[str, Sequence[IdpGroup]]
    _targets_by_key: Mapping[str, AtTarget]
    _matched: dict[str, tuple[IdpGroup, ...]] = field(default_factory=dict)
    """Globs that were asked for."""
    _mapped: dict[OnTheFly, tuple[IdpGroup, ...]] = field(default_factory=dict)

    def matched(self, glob: str) -> tuple[IdpGroup, ...]:
        """The IdP groups that a glob matches."""
        if glob not in self._matched:
            self._matched[glob] = tuple(each for each in self.idp if matching_glob((glob,), each.name) is not None)
        return self._matched[glob]

    def mapped(self, rules: OnTheFly) -> tuple[IdpGroup, ...]:
        """The IdP groups that are mapped on the fly by these rules; the last answer is kept."""
        if rules not in self._mapped:
            self._mapped.clear()
            self._mapped[rules] = tuple(each for each in self.idp if is_mapped(each.group, rules))
        return self._mapped[rules]

    def named(self, name: str) -> Sequence[IdpGroup]:
        """The IdP groups of a name."""
        return self._idp_by_key.get(group_key(name), ())

    def target(self, name: str) -> AtTarget | None:
        """The target group of a name, if it is there."""
        return self._targets_by_key.get(group_key(name))


def sides(tables: Lookup, rules: TargetRules, plan: Plan) -> Sides:
    """Both sides of a target, and what its mappings do: linear in users, memberships and changes."""
    effective = effective_groups(tables, rules.groups.nested)
    idp = _idp(tables, effective)
    by_key: dict[str, list[IdpGroup]] = {}
    for each in idp:
        by_key.setdefault(group_key(each.name), []).append(each)
    numbers = _numbers(plan)
    targets = _targets(tables, numbers, plan)
    there = {each.key: each for each in targets}
    problems = _problems(plan)
    new = {key: _of_plan(key, key, None, numbers, problems) for key in {*numbers, *problems} - there.keys()}
    made = Sides(idp, targets, tables.world.capabilities.names, {}, new, by_key, there)
    if rules.groups.mode != "manual":
        return made
    return replace(made, deltas=_deltas(made, tables, rules.groups.map, plan, effective))


def map_key(idp: Iterable[str], target: Iterable[str]) -> MapKey:
    """What a mapping with these names is known by."""
    return frozenset(map(group_key, idp)), frozenset(map(group_key, target))


def idp_meaning(name: str, of: Sides) -> Meaning:
    """What a name means at the identity provider."""
    if is_glob(name):
        groups = of.matched(name)
        if not groups:
            return Meaning("matches no group", "warning", "!")
        listed = ", ".join(each.name for each in groups[:_LISTED]) + (", …" if len(groups) > _LISTED else "")
        members = sum(each.members for each in groups)
        return Meaning(f"matches {counted(len(groups), 'group')}: {listed}", "plain", "*", members)
    found = of.named(name)
    if not found:
        return Meaning("is not there", "warning", "!")
    if len(found) > 1:
        return Meaning(f"{len(found)} groups have this name", "warning", "!", sum(each.members for each in found))
    return Meaning(counted(found[0].members, "member"), "plain", " ", found[0].members)


def target_meaning(name: str, of: Sides, *, creates: bool) -> Meaning:
    """What a name means at the target; `creates`: a group that is not there is created."""
    there = of.target(name)
    if there is not None:
        known = "members not read yet" if there.members is None else counted(there.members, "member")
        return Meaning(known, "plain", " ", there.members)
    if problem := check_group_name(name, of.names):
        return Meaning(f"the product refuses the name: it {problem}", "warning", "!")
    if creates:
        return Meaning("is created", "good", "+")
    return Meaning("is not there, and Create missing is off", "warning", "!")


def _idp(tables: Lookup, effective: Mapping[str, frozenset[str]]) -> tuple[IdpGroup, ...]:
    present = (user.id for user in tables.users.values() if user.active and not user.deleted)
    members = Counter(id_ for user_id in present for id_ in effective[user_id])
    found = (
        IdpGroup(group, normalised(group.display_name), members[group.id])
        for group in tables.groups.values()
        if not group.deleted
    )
    return tuple(sorted(found, key=lambda each: (group_key(each.name), each.group.id)))


def _targets(tables: Lookup, numbers: Mapping[str, Counter[str]], plan: Plan) -> tuple[AtTarget, ...]:
    seen = Counter(key for account in tables.accounts.values() for key in account.groups or ())
    members = {**seen, **tables.world.totals.members}
    problems = _problems(plan)
    found = (
        _of_plan(group.key, group.name, members.get(group.key), numbers, problems)
        for group in tables.target_groups.values()
    )
    return tuple(sorted(found, key=lambda each: each.key))


def _of_plan(
    key: str,
    name: str,
    members: int | None,
    numbers: Mapping[str, Counter[str]],
    problems: Mapping[str, tuple[str, ...]],
) -> AtTarget:
    changed = numbers.get(key, Counter())
    added, removed = changed[ChangeKind.ADD_MEMBER], changed[ChangeKind.REMOVE_MEMBER]
    return AtTarget(key, name, members, added, removed, problems.get(key, ()))


def _numbers(plan: Plan) -> dict[str, Counter[str]]:
    """Key of a target group → how many changes of each kind it has."""
    numbers: dict[str, Counter[str]] = {}
    for change in plan.changes:
        if change.group is not None:
            numbers.setdefault(group_key(change.group), Counter())[change.kind] += 1
    return numbers


def _problems(plan: Plan) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for conflict in plan.conflicts:
        about, _, key = conflict.subject.partition(":")
        if about == "target-group":
            found[key] = (*found.get(key, ()), f"{conflict.kind} {conflict.title}")
    return found


def _deltas(
    of: Sides, tables: Lookup, maps: Sequence[GroupMap], plan: Plan, effective: Mapping[str, frozenset[str]]
) -> dict[MapKey, Delta]:
    """What each mapping does. Who two mappings put into one group counts for both."""
    linked: dict[str, list[GroupLink]] = {}
    for link in tables.world.group_links:
        linked.setdefault(group_key(link.source_name), []).append(link)
    sources = {map_key(each.idp, each.target): _sources(of, linked, each) for each in maps}
    by_target: dict[str, list[MapKey]] = {}
    for key in sources:
        for target in key[1]:
            by_target.setdefault(target, []).append(key)
    added, removed = Counter[MapKey](), Counter[MapKey]()
    for change in plan.changes:
        mine = by_target.get(group_key(change.group), ()) if change.group is not None else ()
        if change.kind == ChangeKind.REMOVE_MEMBER:
            removed.update(mine)
        elif change.kind == ChangeKind.ADD_MEMBER and mine:
            groups = effective.get(change.user_id or "", frozenset())
            added.update(key for key in mine if not groups.isdisjoint(sources[key]))
    return {key: Delta(added[key], removed[key]) for key in sources}


def _sources(of: Sides, linked: Mapping[str, Sequence[GroupLink]], mapping: GroupMap) -> frozenset[str]:
    """Ids of the IdP groups that a mapping means, those too that it follows under another name."""
    targets = {group_key(name) for name in mapping.target}
    found: set[str] = set()
    for name in mapping.idp:
        groups = of.matched(name) if is_glob(name) else of.named(name)
        found |= {each.group.id for each in groups}
        found |= {each.group_id for each in linked.get(group_key(name), ()) if each.group_key in targets}
    return frozenset(found)
