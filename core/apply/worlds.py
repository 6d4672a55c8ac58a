"""The worlds that plans are made from: identity store, links and what was observed, put together.

A world for touched keys holds only what those lead to, and decides the same for them as the whole one would
(`core.planning.values.World`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from core.apply.observing import Observation
from core.planning.groups import is_mapped
from core.planning.mapping import map_user
from core.planning.names import account_key, group_key, normalised
from core.planning.rules import TargetRules
from core.planning.values import (
    NO_PROBES,
    Capabilities,
    Link,
    ManagedMembership,
    Probes,
    SourceGroup,
    SourceUser,
    TargetGroup,
    World,
)
from core.store import links, observed, sources


@dataclass(frozen=True, slots=True)
class Scope:
    """What a plan for touched keys is about, as far as the store tells, and what must be observed for it."""

    users: tuple[SourceUser, ...]
    groups: tuple[SourceGroup, ...]
    touched_groups: frozenset[str]
    links: tuple[Link, ...]
    """Of `users`."""
    held: tuple[Link, ...]
    """Of others, whose accounts had one of `names` when last seen: whether they still have it must be looked at."""
    names: frozenset[str]
    """The account names that users without a link map to."""
    group_names: frozenset[str]
    """The target groups that may matter."""


def scope(
    connection: Connection,
    provider: str,
    target: str,
    rules: TargetRules,
    users: Collection[str],
    groups: Collection[str],
) -> Scope:
    """The scope of these touched users and groups."""
    touched = sources.groups(connection, provider, groups)
    ids = set(users) | _concerned(connection, provider, target, touched)
    found = sources.users(connection, provider, ids)
    found += _rivals(connection, provider, target, rules, found)
    ids |= {user.id for user in found}
    referred = {group.id for group in touched}.union(*(user.groups for user in found))
    source_groups = sources.groups(connection, provider, referred)
    linked = links.of_users(connection, target, ids)
    managed = observed.managed(connection, target, {link.account_id for link in linked})
    names = frozenset(_mapped_names(found, {link.user_id for link in linked}, rules))
    held = links.of_names(connection, target, set(map(account_key, names)))
    return Scope(
        users=tuple(found),
        groups=tuple(source_groups),
        touched_groups=frozenset(groups),
        links=tuple(linked),
        held=tuple(link for link in held if link not in linked),
        names=names,
        group_names=_group_names(connection, target, source_groups, managed, rules),
    )


def scoped_world(
    connection: Connection,
    provider: str,
    target: str,
    scope: Scope,
    observation: Observation,
    capabilities: Capabilities,
    probes: Probes = NO_PROBES,
) -> World:
    """The world of a scope and what was observed for it."""
    account_ids = {account.id for account in observation.accounts}
    managed = observed.managed(connection, target, account_ids)
    keys = {membership.group_key for membership in managed}.union(*(a.groups or () for a in observation.accounts))
    groups = {group.id: group for group in (*scope.groups, *sources.groups_named(connection, provider, keys))}
    joined = {key: TargetGroup(name, key) for key, name in observed.group_names(connection, target, keys).items()}
    all_links = {link.user_id: link for link in (*links.of_accounts(connection, target, account_ids), *scope.links)}
    return World(
        users=scope.users,
        groups=tuple(groups.values()),
        accounts=observation.accounts,
        target_groups=tuple((joined | {group.key: group for group in observation.groups}).values()),
        links=tuple(all_links.values()),
        managed=frozenset(managed),
        capabilities=capabilities,
        touched_groups=scope.touched_groups,
        probes=probes,
        taken_names=frozenset(account_key(link.account_name) for link in scope.held if link.user_id not in all_links),
    )


def whole_world(
    connection: Connection,
    provider: str,
    target: str,
    groups: Iterable[SourceGroup],
    observation: Observation,
    capabilities: Capabilities,
    probes: Probes = NO_PROBES,
) -> World:
    """Everything of a target and its provider.

    `groups` are the provider's by which the target groups to observe were chosen (`group_keys`): of one that came only
    since, nobody knows who was in it before us.
    """
    return World(
        users=tuple(sources.all_users(connection, provider)),
        groups=tuple(groups),
        accounts=observation.accounts,
        target_groups=observation.groups,
        links=tuple(links.all_links(connection, target)),
        managed=frozenset(observed.managed(connection, target)),
        capabilities=capabilities,
        probes=probes,
    )


def group_keys(
    connection: Connection, target: str, groups: Iterable[SourceGroup], rules: TargetRules
) -> frozenset[str]:
    """Keys of all target groups whose members matter: those that IdP groups map to, and those we added members to."""
    if rules.groups.mode == "off":
        return frozenset()
    mapped = {group_key(group.display_name) for group in groups if is_mapped(group, rules.groups)}
    return frozenset(mapped | {membership.group_key for membership in observed.managed(connection, target)})


def _concerned(connection: Connection, provider: str, target: str, groups: Collection[SourceGroup]) -> set[str]:
    """Ids of the users that are in these groups, or whose accounts are in target groups of their names."""
    members = sources.members_of(connection, provider, {group.id for group in groups})
    keys = {group_key(group.display_name) for group in groups}
    accounts = observed.members_of(connection, target, keys)
    return members | {link.user_id for link in links.of_accounts(connection, target, accounts)}


def _rivals(
    connection: Connection, provider: str, target: str, rules: TargetRules, users: Collection[SourceUser]
) -> list[SourceUser]:
    """Users without an account that map to the same account name as one of these: none of them may be preferred."""
    without = sources.unlinked(connection, provider, target)
    names = set(map(account_key, _mapped_names((user for user in users if user.id in without), (), rules)))
    if not names:
        return []
    others = sources.users(connection, provider, without - {user.id for user in users})
    return [user for user in others if names & set(map(account_key, _mapped_names([user], (), rules)))]


def _mapped_names(users: Iterable[SourceUser], linked: Collection[str], rules: TargetRules) -> Iterable[str]:
    for user in users:
        mapped = map_user(user, rules.users)
        if user.id not in linked and mapped.username is not None:
            yield normalised(mapped.username)


def _group_names(
    connection: Connection,
    target: str,
    groups: Iterable[SourceGroup],
    managed: Iterable[ManagedMembership],
    rules: TargetRules,
) -> frozenset[str]:
    if rules.groups.mode == "off":
        return frozenset()
    mapped = {normalised(group.display_name) for group in groups if is_mapped(group, rules.groups)}
    keys = {membership.group_key for membership in managed} - {group_key(name) for name in mapped}
    return frozenset(mapped | set(observed.group_names(connection, target, keys).values()))
