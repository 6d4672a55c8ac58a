"""Changes of groups and memberships, applied: what the target has then, and what is remembered of it."""

from dataclasses import replace

from core.planning.changes import Change
from core.planning.names import group_key
from core.planning.values import Account, GroupLink, ManagedMembership, TargetGroup, World

from .applying_to import owned, text, with_account

_ON_THE_FLY = "groups.on_the_fly"


def create_group(world: World, change: Change) -> World:
    """One that is made for an IdP group on the fly is linked to it at once."""
    name = change.group or ""
    assert all(group.key != group_key(name) for group in world.target_groups), "the name is free"
    made = replace(world, target_groups=(*world.target_groups, TargetGroup(name, group_key(name))))
    if not change.because.rule.startswith(_ON_THE_FLY):
        return made
    (group,) = [group for group in world.groups if group.id == change.because.group_id]
    return _linked(made, change, group.display_name)


def rename_group(world: World, change: Change) -> World:
    """Members stay in it, and IdP groups feed it under its new name."""
    name = text(change.after["name"]) or ""
    old, new = group_key(change.group or ""), group_key(name)
    (target,) = [group for group in world.target_groups if group.name == change.group]
    assert change.before == {"name": target.name}
    assert all(group.key != new or group == target for group in world.target_groups), "the name is free"
    others = [link for link in world.group_links if link.group_key not in (old, new)]
    moved = [replace(link, group_key=new) for link in world.group_links if link.group_key == old]
    managed = {member for member in world.managed if member.group_key not in (old, new)}
    managed |= {ManagedMembership(member.account_id, new) for member in world.managed if member.group_key == old}
    return replace(
        world,
        target_groups=tuple(replace(g, name=name, key=new) if g == target else g for g in world.target_groups),
        group_links=(*others, *moved),
        managed=frozenset(managed),
        accounts=tuple(_moved(account, old, new) for account in world.accounts),
    )


def _moved(account: Account, old: str, new: str) -> Account:
    if account.groups is None:
        return account
    return replace(account, groups=frozenset(new if key == old else key for key in account.groups))


def delete_group(world: World, change: Change) -> World:
    """Only where nobody is in it."""
    key = group_key(change.group or "")
    assert any(group.key == key for group in world.target_groups), "it is there"
    assert all(key not in (account.groups or ()) for account in world.accounts), "nobody is in it"
    return replace(
        world,
        target_groups=tuple(group for group in world.target_groups if group.key != key),
        group_links=tuple(link for link in world.group_links if link.group_key != key),
        managed=frozenset(member for member in world.managed if member.group_key != key),
    )


def link_group(world: World, change: Change) -> World:
    """Remember it; the target group may be created only later in the plan."""
    return _linked(world, change, text(change.after["source_name"]) or "")


def _linked(world: World, change: Change, source_name: str) -> World:
    """On the fly an IdP group feeds one target group and no other; by hand it may feed many."""
    link = GroupLink(change.because.group_id or "", group_key(change.group or ""), source_name)
    alone = change.because.rule.startswith(_ON_THE_FLY)
    others = [other for other in world.group_links if other.group_id != link.group_id or not alone]
    others = [other for other in others if (other.group_id, other.group_key) != (link.group_id, link.group_key)]
    return replace(world, group_links=(*others, link))


def unlink_group(world: World, change: Change) -> World:
    """Forget it, unless that was forgotten with the target group."""
    pair = (change.because.group_id, group_key(change.group or ""))
    is_there = any(group.key == pair[1] for group in world.target_groups)
    assert not is_there or any((link.group_id, link.group_key) == pair for link in world.group_links), "it is linked"
    links = [link for link in world.group_links if (link.group_id, link.group_key) != pair]
    return replace(world, group_links=tuple(links))


def add_member(world: World, change: Change) -> World:
    """One that is given once is not ours."""
    account, key = owned(world, change), _there(world, change)
    assert key not in (account.groups or ()), "it is no member yet"
    groups = None if account.groups is None else account.groups | {key}
    ours = {ManagedMembership(account.id, key)} if change.after.get("managed") is not False else set()
    added = replace(world, managed=world.managed | ours)
    return with_account(added, account, replace(account, groups=groups))


def remove_member(world: World, change: Change) -> World:
    """Ours or not."""
    account, key = owned(world, change), _there(world, change)
    assert account.groups is None or key in account.groups, "it is a member"
    is_ours = ManagedMembership(account.id, key) in world.managed
    assert is_ours == (change.before.get("managed") is not False), "it is whose it is said to be"
    groups = None if account.groups is None else account.groups - {key}
    removed = replace(world, managed=world.managed - {ManagedMembership(account.id, key)})
    return with_account(removed, account, replace(account, groups=groups))


def _there(world: World, change: Change) -> str:
    (group,) = [group for group in world.target_groups if group.name == change.group]
    return group.key
