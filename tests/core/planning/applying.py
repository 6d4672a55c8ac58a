"""What a target is like once a plan is applied: one change at a time, each checked against its premise.

Small and slow: it makes the whole world anew for every change. It fails where a change comes whose premise does not
hold, or before what it needs: an account, a link, a group.
"""

from dataclasses import replace

from core.planning.changes import Change, ChangeKind, Plan
from core.planning.names import account_key, group_key
from core.planning.values import Account, Link, ManagedMembership, TargetGroup, World


def applied(world: World, plan: Plan) -> World:
    """The world after every change of the plan, in the plan's order."""
    for change in plan.changes:
        world = _APPLY[change.kind](world, change)
    return world


def _create_account(world: World, change: Change) -> World:
    name = change.account or ""
    key = account_key(name)
    assert all(account.key != key for account in world.accounts), "the name is free"
    after = change.after
    made = Account(f"new-{key}", name, key, _text(after["display_name"]), _text(after["email"]), True, frozenset())
    created = replace(world, accounts=(*world.accounts, made))
    return _linked(created, change.user_id, made)


def _link_account(world: World, change: Change) -> World:
    return _linked(world, change.user_id, _account(world, change))


def _linked(world: World, user_id: str | None, account: Account) -> World:
    assert user_id is not None
    assert all(user_id != link.user_id and account.id != link.account_id for link in world.links), "nobody has it"
    return replace(world, links=(*world.links, Link(user_id, account.id, account.name)))


def _change_account(world: World, change: Change) -> World:
    account = _owned(world, change)
    now = {"display_name": account.display_name, "email": account.email, "active": account.active}
    assert change.before.items() <= now.items(), "the premise holds"
    assert change.after != change.before
    return _with(world, account, replace(account, **change.after))  # type: ignore[arg-type]


def _create_group(world: World, change: Change) -> World:
    name = change.group or ""
    key = group_key(name)
    assert all(group.key != key for group in world.target_groups), "the name is free"
    return replace(world, target_groups=(*world.target_groups, TargetGroup(name, key)))


def _add_member(world: World, change: Change) -> World:
    account, key = _owned(world, change), _group_key(world, change)
    assert key not in (account.groups or ()), "it is no member yet"
    groups = None if account.groups is None else account.groups | {key}
    added = replace(world, managed=world.managed | {ManagedMembership(account.id, key)})
    return _with(added, account, replace(account, groups=groups))


def _remove_member(world: World, change: Change) -> World:
    account, key = _owned(world, change), group_key(change.group or "")
    assert account.groups is None or key in account.groups, "it is a member"
    groups = None if account.groups is None else account.groups - {key}
    removed = replace(world, managed=world.managed - {ManagedMembership(account.id, key)})
    return _with(removed, account, replace(account, groups=groups))


def _account(world: World, change: Change) -> Account:
    """The account that a change names, by its id unless this plan created it."""
    name = account_key(change.account or "")
    (account,) = [account for account in world.accounts if account.key == name]
    assert change.account_id in (account.id, None)
    return account


def _owned(world: World, change: Change) -> Account:
    account = _account(world, change)
    assert any((link.user_id, link.account_id) == (change.user_id, account.id) for link in world.links), "it is linked"
    return account


def _group_key(world: World, change: Change) -> str:
    (group,) = [group for group in world.target_groups if group.name == change.group]
    return group.key


def _with(world: World, old: Account, new: Account) -> World:
    return replace(world, accounts=tuple(new if account == old else account for account in world.accounts))


def _text(value: str | bool | None) -> str | None:
    assert not isinstance(value, bool)
    return value


_APPLY = {
    ChangeKind.CREATE_ACCOUNT: _create_account,
    ChangeKind.LINK_ACCOUNT: _link_account,
    ChangeKind.UPDATE_ACCOUNT: _change_account,
    ChangeKind.DEACTIVATE_ACCOUNT: _change_account,
    ChangeKind.REACTIVATE_ACCOUNT: _change_account,
    ChangeKind.CREATE_GROUP: _create_group,
    ChangeKind.ADD_MEMBER: _add_member,
    ChangeKind.REMOVE_MEMBER: _remove_member,
}
