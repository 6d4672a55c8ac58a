"""Groups mapped by hand: each `[[target.groups.map]]` gives target groups the members of IdP groups.

An IdP group that a mapping names exactly is remembered by its id, and so followed when the IdP renames it. What is
named and not there takes nobody out of a group: it may be a slip on either side.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from core.planning import conflicts, group_changes, group_conflicts, notes
from core.planning.changes import Change, Conflict
from core.planning.feeding import Fed, Feeding
from core.planning.globs import Globs
from core.planning.lookup import Lookup
from core.planning.names import check_group_name, group_key, is_kept_group, normalised
from core.planning.notes import Note
from core.planning.probes import withheld
from core.planning.rules import GroupMap, GroupRules
from core.planning.values import GroupLink, SourceGroup


@dataclass(slots=True)
class _Wanted:
    """What the mappings want of one target group."""

    name: str
    sources: dict[str, SourceGroup] = field(default_factory=dict)
    """IdP groups that feed it, by id."""
    exact: dict[str, SourceGroup] = field(default_factory=dict)
    """Those of them that are named exactly."""
    names: dict[str, set[str]] = field(default_factory=dict)
    """Id of an IdP group that is named exactly → keys of the names that mean it."""
    missing: list[str] = field(default_factory=list)
    """Names of IdP groups that are not there."""
    unclear: list[SourceGroup] = field(default_factory=list)
    """IdP groups that are named and do not count."""
    keeps: bool = False
    """Whether any of its mappings keeps the members that are there."""


@dataclass(frozen=True, slots=True)
class _Sources:
    """What one name in a mapping means."""

    exact: tuple[SourceGroup, ...] = ()
    matched: tuple[SourceGroup, ...] = ()
    unclear: tuple[SourceGroup, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Names:
    """What a name in a mapping may mean."""

    groups: Mapping[str, Sequence[SourceGroup]]
    """Key of a name → the living IdP groups that have it."""
    links: Mapping[str, Sequence[GroupLink]]
    """Key of a name → the links by which it means an IdP group that had it then: those to any target group that any
    mapping gives its members, so that a name means the same in all of them."""
    matched: Mapping[str, Sequence[SourceGroup]]
    """Glob → the living IdP groups whose name it matches; no tests."""
    gone: Mapping[str, Sequence[SourceGroup]]
    """Key of a name → the deleted IdP groups that had it."""


def manual(lookup: Lookup, rules: GroupRules, is_told: Callable[[SourceGroup], bool]) -> Feeding:
    """Plan the target groups that the mappings name."""
    names = _names(lookup, rules)
    wanted: dict[str, _Wanted] = {}
    found: dict[tuple[str, str], Conflict] = {}
    for mapping in rules.map:
        for conflict in _note(lookup, mapping, names, wanted, rules.answers.merged):
            found.setdefault((conflict.kind, conflict.subject), conflict)
    of_groups = [each for each in found.values() if is_told(lookup.groups[each.group_id or ""])]
    changes: list[Change] = []
    of_keys: list[Conflict] = []
    fed: defaultdict[str, list[Fed]] = defaultdict(list)
    about = frozenset(key for key, want in wanted.items() if _is_about(lookup, key, want, names, is_told))
    for key, want in sorted(wanted.items()):
        problems, made = _target(lookup, rules, key, want, names)
        of_keys += problems if key in about else ()
        changes += made if key in about else ()
        if made or key in lookup.target_groups:
            name = lookup.target_groups[key].name if key in lookup.target_groups else want.name
            for id_ in want.sources:
                fed[id_].append(Fed(key, name))
    return Feeding(
        group_changes.MAP,
        tuple(changes),
        (*of_groups, *of_keys),
        tuple(_held(lookup, rules, is_told)),
        {id_: tuple(groups) for id_, groups in fed.items()},
        frozenset(key for key, want in wanted.items() if _is_unsure(key, want, rules)),
        frozenset(key for key, want in wanted.items() if not want.keeps),
        {key: min(want.sources.values(), key=lambda group: group.id) for key, want in wanted.items() if want.sources},
        about,
    )


def _is_unsure(key: str, want: _Wanted, rules: GroupRules) -> bool:
    return bool(want.unclear) or (bool(want.missing) and key not in rules.answers.released)


def is_glob(name: str) -> bool:
    """Whether a name in a mapping stands for any number of IdP groups."""
    return "*" in name or "?" in name


def _names(lookup: Lookup, rules: GroupRules) -> _Names:
    groups, links = defaultdict[str, list[SourceGroup]](list), defaultdict[str, list[GroupLink]](list)
    fed = {(group_key(name), group_key(to)) for each in rules.map for name in each.idp for to in each.target}
    gone = defaultdict[str, list[SourceGroup]](list)
    for group in lookup.groups.values():
        if group.id not in rules.answers.left_out:
            (gone if group.deleted else groups)[group_key(group.display_name)].append(group)
    for link in lookup.world.group_links:
        if (group_key(link.source_name), link.group_key) in fed:
            links[group_key(link.source_name)].append(link)
    return _Names(groups, links, _matched(lookup, rules, groups), gone)


def _matched(
    lookup: Lookup, rules: GroupRules, groups: Mapping[str, Sequence[SourceGroup]]
) -> Mapping[str, Sequence[SourceGroup]]:
    """What the globs of all mappings match: each group is looked at once."""
    globs = Globs(name for mapping in rules.map for name in mapping.idp if is_glob(name))
    matched = defaultdict[str, list[SourceGroup]](list)
    for group in (group for alike in groups.values() for group in alike):
        if withheld(group, lookup.world.probes) is None:
            for glob in globs.matching(normalised(group.display_name)):
                matched[glob].append(group)
    return matched


def _note(
    lookup: Lookup, mapping: GroupMap, names: _Names, wanted: dict[str, _Wanted], merged: Set[str]
) -> Iterator[Conflict]:
    """Note what one mapping wants of its target groups."""
    keys = {group_key(name): normalised(name) for name in mapping.target}
    for name in mapping.idp:
        is_merged = group_key(name) in merged
        means = (
            _Sources(matched=tuple(names.matched.get(name, ())))
            if is_glob(name)
            else _exactly(lookup, name, names, is_merged=is_merged)
        )
        yield from means.conflicts
        for key, target in keys.items():
            want = wanted.setdefault(key, _Wanted(target))
            want.sources |= {group.id: group for group in (*means.exact, *means.matched)}
            want.exact |= {group.id: group for group in means.exact}
            want.unclear += means.unclear
            for group in means.exact:
                want.names.setdefault(group.id, set()).add(group_key(name))
            if not is_glob(name) and not means.exact and not means.unclear and name not in want.missing:
                want.missing.append(name)
    for key in keys:
        wanted[key].keeps |= mapping.keep_existing_members


def _exactly(lookup: Lookup, name: str, names: _Names, *, is_merged: bool) -> _Sources:
    """The group that this name was linked by, else the one that has it; all of them where an admin merged them."""
    linked = [
        lookup.groups[link.group_id] for link in names.links.get(group_key(name), ()) if _lives(lookup, link.group_id)
    ]
    owners = {group.id: group for group in sorted(linked, key=lambda group: group.id)}
    others = [group for group in names.groups.get(group_key(name), ()) if group.id not in owners]
    named = [group for group in others if withheld(group, lookup.world.probes) is None]
    if is_merged:
        return _Sources(exact=(*owners.values(), *named))
    if owners:
        owner = next(iter(owners.values()))
        told = tuple(group_conflicts.name_of_another(group, name, owner) for group in named)
        return _Sources(exact=tuple(owners.values()), conflicts=told)
    if len(named) > 1:
        same = tuple(conflicts.same_group_name(group, name, named) for group in named)
        return _Sources(unclear=tuple(named), conflicts=same)
    return _Sources(exact=tuple(named), unclear=() if named else tuple(others))


def _lives(lookup: Lookup, group_id: str) -> bool:
    group = lookup.groups.get(group_id)
    return group is not None and not group.deleted


def _target(
    lookup: Lookup, rules: GroupRules, key: str, want: _Wanted, names: _Names
) -> tuple[list[Conflict], list[Change]]:
    """What is in the way of one target group, and what is done about it; neither where it is there and linked."""
    found: list[Conflict] = []
    if want.missing and key not in rules.answers.released:
        found.append(group_conflicts.source_missing(key, want.name, want.missing))
    there = lookup.target_groups.get(key)
    if there is None:
        names_taken = lookup.world.capabilities.names
        if problem := check_group_name(want.name, names_taken):
            is_kept = is_kept_group(want.name, names_taken)
            invalid = group_conflicts.invalid_target_group(key, want.name, problem, group_changes.MAP, is_kept=is_kept)
            return [*found, invalid], []
        if not rules.create_missing and key not in rules.answers.created:
            return [*found, group_conflicts.group_missing(key, want.name, group_changes.MAP)], []
    exact = [want.exact[id_] for id_ in sorted(want.exact)]
    made = [] if there else [group_changes.creation_by_rule(want.name, group_changes.MAP, exact[0] if exact else None)]
    unlinked = [group for group in exact if not _is_remembered(group, key, want, names)]
    name = there.name if there else want.name
    return found, [*made, *(_linking(group, name, want.names[group.id]) for group in unlinked)]


def _linking(group: SourceGroup, name: str, named: Set[str]) -> Change:
    """Remember a group by the name that a mapping says: its own, else the one that it had."""
    own = group_key(group.display_name) in named
    return group_changes.linking(group, name, group_changes.MAP, None if own else min(named))


def _is_remembered(group: SourceGroup, key: str, want: _Wanted, names: _Names) -> bool:
    """Whether a group is linked by a name that a mapping still says; by any other it would not be followed."""
    links = (link for name in want.names[group.id] for link in names.links.get(name, ()))
    return any((link.group_id, link.group_key) == (group.id, key) for link in links)


def _is_about(lookup: Lookup, key: str, want: _Wanted, names: _Names, is_told: Callable[[SourceGroup], bool]) -> bool:
    """Whether a plan for touched keys is about this target group: it is, by any of the groups that decide about it."""
    if lookup.world.touched_groups is None:
        return True
    before = (lookup.groups[id_] for id_ in lookup.feeders(key) if id_ in lookup.groups)
    gone = (group for name in want.missing for group in names.gone.get(group_key(name), ()))
    return any(map(is_told, (*want.sources.values(), *want.unclear, *before, *gone)))


def _held(
    lookup: Lookup,
    rules: GroupRules,
    is_told: Callable[[SourceGroup], bool],
) -> Iterator[Note]:
    """Groups that a mapping names and that may be tests of the provider's connection."""
    globs = Globs(name for mapping in rules.map for name in mapping.idp)
    for group in lookup.groups.values():
        topic = None if group.deleted else withheld(group, lookup.world.probes)
        if topic and is_told(group) and globs.matching(normalised(group.display_name)):
            yield Note(topic, normalised(group.display_name))


def following_notes(lookup: Lookup, rules: GroupRules) -> Iterator[Note]:
    """Exactly named groups that are called otherwise by now: the mapping still means them."""
    exact = {group_key(name): name for mapping in rules.map for name in mapping.idp if not is_glob(name)}
    for link in sorted(lookup.world.group_links, key=lambda link: (link.group_id, link.group_key)):
        name = exact.get(group_key(link.source_name))
        group = lookup.groups.get(link.group_id)
        if name and group and not group.deleted and group_key(group.display_name) != group_key(name):
            yield Note(notes.GROUP_FOLLOWED, f"{name} is {group.display_name} by now")
