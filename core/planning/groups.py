"""IdP groups to target groups, as `groups.mode` says; and which target groups that is about."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from core.planning.feeding import LEFT_ALONE, Feeding
from core.planning.lookup import Lookup
from core.planning.manual import following_notes, manual
from core.planning.names import group_key, normalised
from core.planning.nesting import effective_groups
from core.planning.on_the_fly import is_mapped, made_name, on_the_fly
from core.planning.rules import GroupRules
from core.planning.values import GroupLink, SourceGroup


def plan_groups(lookup: Lookup, rules: GroupRules) -> Feeding:
    """Plan the target groups of the mapped IdP groups; touched or not, each gets its place in `fed`.

    :raises ValueError: when a pattern is not valid; configuration refuses such a one.
    """
    if rules.mode == "off":
        return LEFT_ALONE
    is_told = _is_told(lookup, rules)
    if rules.mode == "on-the-fly":
        return on_the_fly(lookup, rules.on_the_fly, is_told)
    made = manual(lookup, rules, is_told)
    return replace(made, notes=(*made.notes, *following_notes(lookup, rules)))


def target_names(groups: Iterable[SourceGroup], rules: GroupRules, links: Iterable[GroupLink]) -> frozenset[str]:
    """Names of all target groups that the rules may touch for these IdP groups, with their links: those they feed, in
    whatever mode, and the default groups. Of linked ones, the keys."""
    defaults = {normalised(name) for name in (*rules.default_for_new, *rules.default_for_all)}
    if rules.mode == "off":
        return frozenset(defaults)
    if rules.mode == "manual":
        return frozenset(defaults | {normalised(name) for mapping in rules.map for name in mapping.target})
    fly = rules.on_the_fly
    made = {name for group in groups if is_mapped(group, fly) and (name := made_name(group, fly))}
    return frozenset(defaults | made | {link.group_key for link in links})


def _is_told(lookup: Lookup, rules: GroupRules) -> Callable[[SourceGroup], bool]:
    """Whether a plan is about a group: groups of one name decide each other, and so do those that feed one group."""
    touched = lookup.world.touched_groups
    if touched is None:
        return lambda group: True
    ids = touched.union(*effective_groups(lookup, rules.nested).values())
    fed = {key for id_ in ids for key in lookup.fed_by(id_)}
    keys = {key for id_ in ids if (group := lookup.groups.get(id_)) for key in _names(group, rules)} | fed
    return lambda group: group.id in ids or not keys.isdisjoint({*_names(group, rules), *lookup.fed_by(group.id)})


def _names(group: SourceGroup, rules: GroupRules) -> frozenset[str]:
    """Keys of what an IdP group is called, here and there."""
    made = made_name(group, rules.on_the_fly) if rules.mode == "on-the-fly" else None
    return frozenset({group_key(group.display_name)} | ({group_key(made)} if made else set()))
