"""A world limited to what touched keys lead to, exactly as the documentation of `World` says field by field."""

from collections.abc import Set
from dataclasses import replace

from core.planning.mapping import map_user
from core.planning.names import account_key, group_key
from core.planning.rules import TargetRules
from core.planning.values import Link, SourceUser, World


def limited(world: World, rules: TargetRules, user_ids: Set[str], group_ids: Set[str]) -> World:
    """The part of a whole world that is enough to plan these users and groups."""
    users = _users(world, rules, user_ids, group_ids)
    own = [link for link in world.links if link.user_id in {user.id for user in users}]
    names = {_name_of(user, rules) for user in users} | {account_key(link.account_name) for link in own}
    accounts = [a for a in world.accounts if a.key in names or a.id in {link.account_id for link in own}]
    ids = {account.id for account in accounts}
    managed = {membership for membership in world.managed if membership.account_id in ids}
    keys = {membership.group_key for membership in managed} | {key for a in accounts for key in a.groups or ()}
    refs = {id for user in users for id in user.groups} | group_ids
    keys |= {group_key(group.display_name) for group in world.groups if group.id in refs}
    links = [link for link in world.links if link in own or link.account_id in ids]
    return replace(
        world,
        users=tuple(users),
        groups=tuple(group for group in world.groups if group_key(group.display_name) in keys),
        accounts=tuple(accounts),
        target_groups=tuple(group for group in world.target_groups if group.key in keys),
        links=tuple(links),
        managed=frozenset(managed),
        touched_groups=frozenset(group_ids),
        taken_names=frozenset(_held_name(world, link) for link in world.links if link not in links),
    )


def _users(world: World, rules: TargetRules, user_ids: Set[str], group_ids: Set[str]) -> list[SourceUser]:
    keys = {group_key(group.display_name) for group in world.groups if group.id in group_ids}
    namesakes = {group.id for group in world.groups if group_key(group.display_name) in keys}
    touched = [user for user in world.users if user.id in user_ids or namesakes & user.groups]
    touched += [user for user in world.users if user not in touched and _was_member(world, user, keys)]
    unlinked = [user for user in world.users if all(user.id != link.user_id for link in world.links)]
    names = {_name_of(user, rules) for user in touched if user in unlinked}
    return touched + [user for user in unlinked if user not in touched and _name_of(user, rules) in names]


def _was_member(world: World, user: SourceUser, keys: Set[str]) -> bool:
    """Whether the user's account is in one of these target groups."""
    ids = {link.account_id for link in world.links if link.user_id == user.id}
    managed = {membership.group_key for membership in world.managed if membership.account_id in ids}
    observed = {key for account in world.accounts if account.id in ids for key in account.groups or ()}
    return bool(keys & (managed | observed))


def _name_of(user: SourceUser, rules: TargetRules) -> str:
    return account_key(map_user(user, rules.users).username or "")


def _held_name(world: World, link: Link) -> str:
    today = [account.key for account in world.accounts if account.id == link.account_id]
    return today[0] if today else account_key(link.account_name)
