"""Groups mapped on the fly: each IdP group feeds the target group of its name, or of a name made of it.

Names are compared as the product compares them. An IdP group that has fed a target group feeds it whatever either is
called by now. Where the IdP's groups do not give one clear name, the target group keeps its members until an admin has
answered. A group that the IdP deletes or that is no longer mapped leaves its target group standing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from core.planning import conflicts, group_changes, group_conflicts, notes
from core.planning.changes import Change, Conflict
from core.planning.feeding import Fed, Feeding
from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.mapping import map_value
from core.planning.names import check_group_name, group_key, is_kept_group, normalised, propose_group_name
from core.planning.notes import Note
from core.planning.probes import withheld
from core.planning.rules import NoMatch, OnTheFly, ValueRule
from core.planning.values import SourceGroup


@dataclass(frozen=True, slots=True)
class Named:
    """A mapped IdP group and the name that the rule makes of it."""

    group: SourceGroup
    name: str

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return group_key(self.name)


_Claims = Mapping[str, Sequence[SourceGroup]]


@dataclass(slots=True)
class _Found:
    """What is decided, as it comes together."""

    is_told: Callable[[SourceGroup], bool]
    """Whether the plan is about a group: only then it says anything of it."""
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    fed: dict[str, tuple[Fed, ...]] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)

    def change(self, group: SourceGroup, change: Change) -> None:
        if self.is_told(group):
            self.changes.append(change)

    def conflict(self, group: SourceGroup, conflict: Conflict) -> None:
        if self.is_told(group):
            self.conflicts.append(conflict)

    def note(self, group: SourceGroup, note: Note) -> None:
        if self.is_told(group):
            self.notes.append(note)


def is_mapped(group: SourceGroup, rules: OnTheFly) -> bool:
    """Whether the rules map this IdP group at all, judged by its own name."""
    name = normalised(group.display_name)
    if group.deleted or group.id in rules.answers.left_out or matching_glob(rules.include, name) is None:
        return False
    return matching_glob(rules.exclude, name) is None


def made_name(group: SourceGroup, rules: OnTheFly) -> str | None:
    """The name that an admin gave an IdP group's target group, or that the rule makes; `None`: it is left out."""
    if (given := rules.answers.names.get(group.id)) is not None:
        return normalised(given)
    no_match: NoMatch = "pass" if rules.no_match == "pass" else "skip-user"
    made = map_value(ValueRule("displayName", rules.match, rules.replace, rules.case, no_match), group.display_name)
    return None if made.skip_user else normalised(made.value or "")


def on_the_fly(lookup: Lookup, rules: OnTheFly, is_told: Callable[[SourceGroup], bool]) -> Feeding:
    """Plan the target group of every mapped IdP group.

    :raises ValueError: when the pattern is not valid; configuration refuses such a one.
    """
    found = _Found(is_told)
    named = list(_named(lookup, rules, found))
    unclear = _namesakes(lookup, rules, named, found)
    homes = _homes(lookup, named)
    claimed = _claims(named)
    for key, residents in sorted(homes.items()):
        _settle(lookup, rules, key, residents, unclear, claimed, found)
    feeding = {fed.key for each in found.fed.values() for fed in each}
    return Feeding(
        group_changes.ON_THE_FLY,
        tuple(found.changes),
        tuple(found.conflicts),
        tuple(found.notes),
        found.fed,
        frozenset(found.frozen),
        frozenset() if rules.keep_existing_groups else frozenset(feeding),
        _behind(lookup, found.fed),
    )


def _named(lookup: Lookup, rules: OnTheFly, found: _Found) -> Iterator[Named]:
    """The mapped groups with their names."""
    for group in lookup.groups.values():
        if not is_mapped(group, rules):
            continue
        if topic := withheld(group, lookup.world.probes):
            found.frozen |= {group_key(made_name(group, rules) or group.display_name), *lookup.fed_by(group.id)}
            found.note(group, Note(topic, normalised(group.display_name)))
        elif (name := made_name(group, rules)) is None:
            found.note(group, Note(notes.GROUP_NO_MATCH, normalised(group.display_name)))
        else:
            yield Named(group, name)


def _namesakes(lookup: Lookup, rules: OnTheFly, named: Sequence[Named], found: _Found) -> frozenset[str]:
    """Ids of those whose name another mapped IdP group has: they feed nothing, and still stand in the way of others.

    Not those to whom an admin gave another name, or that an admin merged.
    """
    namesakes: defaultdict[str, list[Named]] = defaultdict(list)
    for each in named:
        if each.group.id not in rules.answers.names and each.key not in rules.answers.merged:
            namesakes[group_key(each.group.display_name)].append(each)
    unclear: set[str] = set()
    for alike in namesakes.values():
        if len(alike) == 1:
            continue
        groups = [each.group for each in alike]
        unclear |= {group.id for group in groups}
        for each in alike:
            found.frozen |= {each.key, *lookup.fed_by(each.group.id)}
            name = normalised(each.group.display_name)
            found.conflict(each.group, conflicts.same_group_name(each.group, name, groups, each.name))
    return frozenset(unclear)


def _homes(lookup: Lookup, named: Iterable[Named]) -> Mapping[str, Sequence[Named]]:
    """Key of a target group → the IdP groups that would feed it: the linked one, else that of their name."""
    homes: defaultdict[str, list[Named]] = defaultdict(list)
    for each in named:
        homes[_linked(lookup, each) or each.key].append(each)
    return homes


def _linked(lookup: Lookup, named: Named) -> str | None:
    """The target group that an IdP group has fed, if it is there still; of several, by hand, the one of its name."""
    there = {key for key in lookup.fed_by(named.group.id) if key in lookup.target_groups}
    return named.key if named.key in there else min(there, default=None)


def _claims(named: Iterable[Named]) -> _Claims:
    """Key of a name → the IdP groups that it is made of."""
    claims: defaultdict[str, list[SourceGroup]] = defaultdict(list)
    for each in named:
        claims[each.key].append(each.group)
    return dict(claims)


def _settle(
    lookup: Lookup,
    rules: OnTheFly,
    key: str,
    residents: Sequence[Named],
    unclear: frozenset[str],
    claimed: _Claims,
    found: _Found,
) -> None:
    """Decide about one target group; those residents that are unclear have their conflict already."""
    owners = [each for each in residents if _linked(lookup, each)]
    is_merged = key in rules.answers.merged
    merges = rules.merge or is_merged
    if owners and not (is_merged or (merges and any(each.key == key for each in owners))):
        ids = {each.group.id for each in owners}
        for other in (each for each in _clear(residents, unclear) if each.group.id not in ids):
            conflict = group_conflicts.name_of_another(other.group, lookup.target_groups[key].name, owners[0].group)
            found.conflict(other.group, conflict)
        residents = owners
    if len(residents) > 1 and not merges:
        found.frozen.add(key)
        groups = [each.group for each in residents]
        for each in _clear(residents, unclear):
            found.conflict(each.group, group_conflicts.folded_groups(each.group, each.name, groups, key))
        return
    clear, keys = _clear(residents, unclear), {each.key for each in residents}
    if clear and key in lookup.target_groups:
        _there(lookup, key, clear, keys, claimed, found)
    elif clear:
        _missing(lookup, rules, key, clear, claimed, found)


def _clear(residents: Sequence[Named], unclear: frozenset[str]) -> Sequence[Named]:
    return [each for each in residents if each.group.id not in unclear]


def _there(
    lookup: Lookup, key: str, residents: Sequence[Named], names: Set[str], claimed: _Claims, found: _Found
) -> None:
    """The target group exists: it is linked, follows a new name, and is fed. One that cannot be named waits.

    `names` are the keys of the names that all who feed it make; it follows only one that they agree on.
    """
    target_group, first = lookup.target_groups[key], residents[0]
    if problem := check_group_name(target_group.name, lookup.world.capabilities.names):
        found.frozen.add(key)
        for each in residents:
            found.conflict(each.group, _invalid(lookup, each, problem, claimed, target_group.name))
        return
    is_called_otherwise = names == {first.key} != {key}
    if is_called_otherwise and _is_kept_back(lookup, key, residents, claimed, found):
        return
    for each in residents:
        if key not in lookup.fed_by(each.group.id):
            found.change(each.group, group_changes.linking(each.group, target_group.name, group_changes.ON_THE_FLY))
        found.fed[each.group.id] = (Fed(key, target_group.name),)


def _is_kept_back(lookup: Lookup, key: str, residents: Sequence[Named], claimed: _Claims, found: _Found) -> bool:
    """Let the target group follow its IdP groups' new name, or say why not; True where its members wait for that."""
    named, ids = residents[0], {each.group.id for each in residents}
    old, group = lookup.target_groups[key].name, named.group
    rival = next((other for other in claimed[named.key] if other.id not in ids), None)
    reason = lookup.world.capabilities.rename_group
    if reason is not None:
        found.note(group, Note(notes.group_not_renamed(reason), f"{old} instead of {named.name}"))
        return False
    if problem := _problem(lookup, named):
        for each in residents:
            found.conflict(each.group, _invalid(lookup, each, problem, claimed))
    elif named.key in lookup.target_groups or rival:
        for each in residents:
            found.conflict(each.group, group_conflicts.new_group_name_taken(each.group, old, each.name, rival))
    else:
        found.change(group, group_changes.rename(group, old, named.name))
        return False
    found.frozen.add(key)
    return True


def _missing(
    lookup: Lookup, rules: OnTheFly, key: str, residents: Sequence[Named], claimed: _Claims, found: _Found
) -> None:
    """The target group does not exist: it is created, or waited for."""
    first = residents[0]
    if problem := _problem(lookup, first):
        found.frozen.add(key)
        for each in residents:
            found.conflict(each.group, _invalid(lookup, each, problem, claimed))
        return
    if not rules.create_missing:
        found.frozen.add(key)
        for each in residents:
            found.note(each.group, Note(notes.GROUP_MISSING, each.name))
        return
    found.change(first.group, group_changes.creation(first.group, first.name))
    for each in residents:
        if each is not first:
            found.change(each.group, group_changes.linking(each.group, first.name, group_changes.ON_THE_FLY))
        found.fed[each.group.id] = (Fed(key, first.name),)


def _problem(lookup: Lookup, named: Named) -> str | None:
    return check_group_name(named.name, lookup.world.capabilities.names)


def _invalid(lookup: Lookup, named: Named, problem: str, claimed: _Claims, there: str | None = None) -> Conflict:
    """What is wrong with the name that a group makes, or with that of the target group that is there already."""
    names = lookup.world.capabilities.names
    proposed = propose_group_name(named.name, names, lambda key: key in lookup.target_groups or key in claimed)
    if is_kept_group(there or named.name, names):
        return group_conflicts.group_of_the_product(named.group, there or named.name, proposed)
    return conflicts.invalid_group_name(named.group, problem, proposed)


def _behind(lookup: Lookup, fed: Mapping[str, Sequence[Fed]]) -> Mapping[str, SourceGroup]:
    """The group that explains a target group: one that feeds it, one that did, one of its name; a living one first."""
    behind: dict[str, SourceGroup] = {}
    for deleted in (True, False):
        groups = [group for group in lookup.groups.values() if group.deleted == deleted]
        behind |= {group_key(group.display_name): group for group in groups}
    for deleted in (True, False):
        for group in lookup.groups.values():
            if group.deleted == deleted:
                behind |= dict.fromkeys(lookup.fed_by(group.id), group)
    for group in reversed(tuple(lookup.groups.values())):
        behind |= {each.key: group for each in fed.get(group.id, ())}
    return behind
