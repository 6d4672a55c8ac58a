"""IdP groups to target groups, on the fly: the target group of the same name, created where it is missing.

Names are compared as the product compares them. Where the IdP's groups do not give one clear name, the group and all
its memberships are frozen until an admin has answered. A group that the IdP deletes or that is no longer mapped
leaves its target group standing; only memberships that manciple manages go (`core.planning.memberships`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.planning import conflicts, notes
from core.planning.changes import Because, Change, ChangeKind, Conflict
from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.names import check_group_name, group_key, normalised, propose_group_name
from core.planning.notes import Note
from core.planning.probes import withheld
from core.planning.rules import GroupRules
from core.planning.values import SourceGroup


@dataclass(frozen=True, slots=True)
class MappedGroup:
    """An IdP group and the target group that gets its members."""

    group: SourceGroup
    key: str
    name: str
    """As the target writes it; where this plan creates it, as the IdP does."""


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """What is planned for groups, and what memberships follow from."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[Note, ...]
    mapped: Mapping[str, MappedGroup]
    """By the IdP group's id."""
    frozen: frozenset[str]
    """Keys of target groups whose memberships stay as they are: an admin, or a rule, holds them."""
    behind: Mapping[str, SourceGroup]
    """Key → the IdP group of that name, mapped or not, deleted or not."""


@dataclass(frozen=True, slots=True)
class _Context:
    lookup: Lookup
    rules: GroupRules
    namesakes: Mapping[str, Sequence[SourceGroup]]
    """Key → the mapped IdP groups of that name."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """What is planned for one mapped IdP group: a target group (perhaps created), or why there is none."""

    mapped: MappedGroup | None = None
    creation: Change | None = None
    conflict: Conflict | None = None
    note: Note | None = None


def is_mapped(group: SourceGroup, rules: GroupRules) -> bool:
    """Whether the rules map this IdP group at all: judged by the name that its target group has or would get."""
    name = normalised(group.display_name)
    if group.deleted or not matching_glob(rules.on_the_fly.include, name):
        return False
    return matching_glob(rules.on_the_fly.exclude, name) is None


def plan_groups(lookup: Lookup, rules: GroupRules) -> GroupPlan:
    """Plan the target group of every mapped IdP group; touched or not, each gets its place in `mapped`."""
    candidates = [group for group in lookup.groups.values() if is_mapped(group, rules)]
    context = _Context(lookup, rules, _by_key(candidates))
    decisions = {group.id: _decide(context, group) for group in candidates}
    scope = _scope(lookup)
    told = [decision for id_, decision in decisions.items() if scope is None or _key(lookup.groups[id_]) in scope]
    mapped = {id_: decision.mapped for id_, decision in decisions.items() if decision.mapped}
    return GroupPlan(
        changes=tuple(decision.creation for decision in told if decision.creation),
        conflicts=tuple(decision.conflict for decision in told if decision.conflict),
        notes=tuple(decision.note for decision in told if decision.note),
        mapped=mapped,
        frozen=frozenset(context.namesakes.keys() - {group.key for group in mapped.values()}),
        behind=_behind(lookup.groups.values()),
    )


def _by_key(groups: Iterable[SourceGroup]) -> Mapping[str, Sequence[SourceGroup]]:
    namesakes: defaultdict[str, list[SourceGroup]] = defaultdict(list)
    for group in groups:
        namesakes[_key(group)].append(group)
    return dict(namesakes)


def _scope(lookup: Lookup) -> frozenset[str] | None:
    """Names, as keys, of the groups that this plan is about: groups of one name decide each other. `None`: all."""
    touched = lookup.world.touched_groups
    if touched is None:
        return None
    ids = touched.union(*(user.groups for user in lookup.world.users))
    return frozenset(_key(group) for group in lookup.groups.values() if group.id in ids)


def _behind(groups: Collection[SourceGroup]) -> Mapping[str, SourceGroup]:
    """The group that explains a target group: a living one before a deleted one."""
    deleted = {_key(group): group for group in groups if group.deleted}
    return deleted | {_key(group): group for group in groups if not group.deleted}


def _key(group: SourceGroup) -> str:
    return group_key(group.display_name)


def _decide(context: _Context, group: SourceGroup) -> _Decision:
    name = normalised(group.display_name)
    key = group_key(name)
    names = context.lookup.world.capabilities.names
    if topic := withheld(group, context.lookup.world.probes):
        return _Decision(note=Note(topic, name))
    if len(context.namesakes[key]) > 1:
        return _Decision(conflict=conflicts.same_group_name(group, name, context.namesakes[key]))
    if problem := check_group_name(name, names):
        proposed = propose_group_name(name, names, lambda other: _is_taken(context, other))
        return _Decision(conflict=conflicts.invalid_group_name(group, problem, proposed))
    target_group = context.lookup.target_groups.get(key)
    if target_group:
        return _Decision(MappedGroup(group, key, target_group.name))
    if not context.rules.on_the_fly.create_missing:
        return _Decision(note=Note(notes.GROUP_MISSING, name))
    return _Decision(MappedGroup(group, key, name), creation=_creation(group, name))


def _is_taken(context: _Context, key: str) -> bool:
    return key in context.lookup.target_groups or key in context.namesakes


def _creation(group: SourceGroup, name: str) -> Change:
    text = f"IdP group '{group.display_name}' has no group of its name at the target"
    because = Because(text, "groups.on_the_fly.create_missing", group_id=group.id, exchange=group.exchange)
    return Change(ChangeKind.CREATE_GROUP, because, group=name, after={"name": name})
