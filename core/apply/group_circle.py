"""Which IdP groups decide each other, and which target groups they feed.

Groups of one name, groups inside groups, and groups that were linked to one target group belong together: whoever
plans for one of them needs them all. Where names are made by a rule, or by hand, any two may meet: then it is all.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from core.planning.globs import Globs
from core.planning.groups import target_names
from core.planning.names import group_key, normalised
from core.planning.rules import GroupRules
from core.planning.values import GroupLink, SourceGroup
from core.store import group_links, observed, sources


@dataclass(frozen=True, slots=True)
class Circle:
    """IdP groups that decide each other, and their links."""

    groups: Mapping[str, SourceGroup]
    """By id."""
    links: frozenset[GroupLink]
    """Of these groups, and of the target groups that they lead to."""


def makes_names(rules: GroupRules) -> bool:
    """Whether names of target groups are others than those of IdP groups, so that all of these must be known."""
    made = rules.on_the_fly.match is not None or rules.on_the_fly.replace != "$0"
    return rules.mode == "manual" or (rules.mode == "on-the-fly" and made)


def circle(
    connection: Connection,
    provider: str,
    target: str,
    rules: GroupRules,
    ids: Collection[str],
    keys: Collection[str] = (),
) -> Circle:
    """The circle of the IdP groups of these ids, and of those that feed the target groups of these keys."""
    if makes_names(rules):
        everything = {group.id: group for group in sources.all_groups(connection, provider)}
        return Circle(everything, frozenset(group_links.all_links(connection, target)))
    found, all_links, named = dict[str, SourceGroup](), set[GroupLink](), set[str]()
    new_ids, new_keys = set(ids), set(keys)
    while new_ids or new_keys:
        listed = (*sources.of_ids(connection, provider, new_ids), *sources.groups_named(connection, provider, new_keys))
        new = {group.id: group for group in listed if group.id not in found}
        found |= new
        named |= new_keys
        own = {group_key(group.display_name) for group in new.values()}
        links = {
            *group_links.of_groups(connection, target, new),
            *group_links.of_keys(connection, target, own | new_keys),
        } - all_links
        all_links |= links
        new_ids = {link.group_id for link in links}.union(*_parents(new.values(), rules)) - found.keys()
        new_keys = (own | {link.group_key for link in links}) - named
    return Circle(found, frozenset(all_links))


def inner(around: Circle, ids: Iterable[str], rules: GroupRules) -> list[SourceGroup]:
    """Those groups of a circle that these ids lead to: themselves, and all that they are inside."""
    found = dict[str, SourceGroup]()
    new = {ident for ident in ids if ident in around.groups}
    while new:
        found |= {ident: around.groups[ident] for ident in new}
        above = set[str]().union(*_parents((around.groups[ident] for ident in new), rules))
        new = (above & around.groups.keys()) - found.keys()
    return list(found.values())


def fed_names(
    connection: Connection, target: str, groups: Iterable[SourceGroup], links: Iterable[GroupLink], rules: GroupRules
) -> frozenset[str]:
    """Names of the target groups that the rules may touch for these IdP groups: those that they feed, or did before
    the IdP deleted or renamed them, and the default groups."""
    living = [replace(group, deleted=False) for group in groups]
    if rules.mode == "off":
        return target_names(living, rules, ())
    ids = {group.id for group in living}
    keys = {link.group_key for link in links if link.group_id in ids}
    linked = frozenset(observed.group_names(connection, target, keys).values())
    return linked.union(name for name in target_names(living, rules, ()) if group_key(name) not in keys)


def own_keys(
    connection: Connection, target: str, groups: Collection[SourceGroup], links: Iterable[GroupLink], rules: GroupRules
) -> frozenset[str]:
    """Keys of the target groups whose members these IdP groups, and no others, decide about."""
    names = [normalised(group.display_name) for group in groups]
    globs = Globs(name for each in rules.map for name in each.idp)
    matched = {glob for name in names for glob in globs.matching(name)}
    theirs = tuple(each for each in rules.map if not matched.isdisjoint(each.idp))
    bare = replace(rules, map=theirs, default_for_new=(), default_for_all=())
    fed = fed_names(connection, target, groups, links, bare)
    return frozenset(map(group_key, (*fed, *names)))


def _parents(groups: Iterable[SourceGroup], rules: GroupRules) -> Iterable[frozenset[str]]:
    return (group.parents for group in groups) if rules.nested == "flatten" else ()
