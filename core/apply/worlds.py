"""The worlds that plans are made from: identity store, links and what was observed, put together.

A world for touched keys holds only what those lead to, and decides the same for them as the whole one would
(`core.planning.values.World`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import Connection

from core.apply.group_circle import circle, fed_names
from core.apply.observing import Observation
from core.apply.scoping import Scope
from core.planning.globs import matching_glob
from core.planning.names import account_key, group_key
from core.planning.rules import GroupRules, TargetRules
from core.planning.values import (
    NO_PROBES,
    AdminGroup,
    Capabilities,
    Lead,
    Probes,
    SourceGroup,
    TargetGroup,
    Totals,
    Undone,
    World,
)
from core.store import changes, group_links, links, observed, released, repeats, sources, totals


@dataclass(frozen=True, slots=True)
class Setting:
    """What a world is made for: whose users are to be brought where, by which rules, at which moment."""

    provider: str
    target: str
    rules: TargetRules
    capabilities: Capabilities
    probes: Probes = NO_PROBES
    now: int = 0


class _Common(TypedDict):
    """What every world has, whatever it is about."""

    capabilities: Capabilities
    probes: Probes
    admin_groups: tuple[AdminGroup, ...]
    totals: Totals
    now: int
    source_complete: bool
    undone: tuple[Undone, ...]


def whole_world(
    connection: Connection,
    setting: Setting,
    groups: Iterable[SourceGroup],
    observation: Observation,
    leads: tuple[Lead, ...] | None = None,
) -> World:
    """Everything of a target and its provider.

    `groups` are the provider's by which the target groups to observe were chosen (`group_keys`): of one that came only
    since, nobody knows who was in it before us.
    """
    linked = links.all_links(connection, setting.target)
    return World(
        users=tuple(sources.all_users(connection, setting.provider)),
        groups=tuple(groups),
        accounts=observation.accounts,
        target_groups=observation.groups,
        links=tuple(linked),
        managed=frozenset(observed.managed(connection, setting.target)),
        target_complete=is_plausible(connection, setting.target, observation),
        group_links=tuple(group_links.all_links(connection, setting.target)),
        leads=leads,
        released=tuple(released.all_names(connection, setting.target)),
        repeated=tuple(repeats.all_repeats(connection, setting.target)),
        **_common(connection, setting, None),
    )


def scoped_world(
    connection: Connection,
    setting: Setting,
    scope: Scope,
    observation: Observation,
    leads: tuple[Lead, ...] | None = None,
) -> World:
    """The world of a scope and what was observed for it."""
    target, account_ids = setting.target, {account.id for account in observation.accounts}
    managed = observed.managed(connection, target, account_ids)
    keys = {membership.group_key for membership in managed}.union(*(a.groups or () for a in observation.accounts))
    rules, ids = setting.rules.groups, {group.id for group in scope.groups}
    around = circle(connection, setting.provider, target, rules, ids, keys | _keys_for_new(rules))
    joined = {key: TargetGroup(name, key) for key, name in observed.group_names(connection, target, keys).items()}
    known = (*scope.held, *links.of_accounts(connection, target, account_ids), *scope.links)
    all_links = {link.user_id: link for link in known}
    return World(
        users=scope.users,
        groups=tuple(around.groups.values()),
        accounts=observation.accounts,
        target_groups=tuple((joined | {group.key: group for group in observation.groups}).values()),
        links=tuple(all_links.values()),
        managed=frozenset(managed),
        touched_groups=scope.touched_groups,
        group_links=tuple(around.links),
        leads=leads,
        released=tuple(released.of_names(connection, target, set(map(account_key, scope.names)))),
        repeated=tuple(repeats.of_accounts(connection, target, account_ids)),
        bystanders=tuple(sources.users(connection, setting.provider, {link.user_id for link in scope.held})),
        context_users=scope.leaving.managers,
        context_links=tuple(link for link in scope.leaving.links if link.user_id not in all_links),
        **_common(connection, setting, {user.id for user in scope.users}),
    )


def group_keys(
    connection: Connection, target: str, groups: Iterable[SourceGroup], rules: TargetRules
) -> frozenset[str]:
    """Keys of all target groups whose members matter: those that IdP groups feed, those that everybody is put into,
    and those we added members to."""
    linked = group_links.all_links(connection, target)
    fed = fed_names(connection, target, groups, linked, rules.groups)
    return frozenset(
        set(map(group_key, fed)) | {membership.group_key for membership in observed.managed(connection, target)}
    )


def is_admin_group(rules: TargetRules, name: str) -> bool:
    """Whether the members of a target group administer the product."""
    return matching_glob(rules.brakes.admin_groups, name) is not None


def is_plausible(connection: Connection, target: str, observation: Observation) -> bool:
    """Whether a whole observation can be whole: a product that suddenly has no account at all, or no group, was not
    read."""
    if not observation.accounts and links.count(connection, target):
        return False
    return bool(observation.groups) or not _are_groups_known(connection, target)


def _are_groups_known(connection: Connection, target: str) -> bool:
    """Whether groups were there, or should be by what IdP groups feed."""
    _, groups = observed.counts(connection, target)
    return groups > 0 or bool(group_links.all_links(connection, target))


def _keys_for_new(rules: GroupRules) -> frozenset[str]:
    """Keys of the default groups for new accounts, where it matters whether IdP groups feed them: nobody is put into
    one that only the IdP's groups fill."""
    if rules.mode != "on-the-fly" or rules.on_the_fly.keep_existing_groups:
        return frozenset()
    return frozenset(map(group_key, rules.default_for_new))


def _common(connection: Connection, setting: Setting, users: Collection[str] | None) -> _Common:
    target = setting.target
    admin_groups = observed.admin_groups(connection, target, lambda name: is_admin_group(setting.rules, name))
    administrators = frozenset[str]().union(*(group.members for group in admin_groups))
    return _Common(
        capabilities=setting.capabilities,
        probes=setting.probes,
        admin_groups=tuple(admin_groups),
        totals=totals.of_target(connection, target, setting.now, users, administrators),
        now=setting.now,
        source_complete=sources.has_live_users(connection, setting.provider),
        undone=tuple(changes.undone(connection, target, users)),
    )
