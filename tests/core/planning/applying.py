"""What a target is like once a plan is applied: one change at a time, each checked against its premise.

Small and slow: it makes the whole world anew for every change. It fails where a change comes whose premise does not
hold, or before what it needs: an account, a link, a group.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from core.planning.changes import Change, ChangeKind, Plan
from core.planning.names import account_key
from core.planning.values import Account, Lead, Link, World

from .applying_groups import (
    add_member,
    create_group,
    delete_group,
    link_group,
    remove_member,
    rename_group,
    unlink_group,
)
from .applying_to import owned, text, with_account


def applied(world: World, plan: Plan) -> World:
    """The world after every change of the plan, in the plan's order; nobody is new any more then."""
    for change in plan.changes:
        assert change.after != change.before
        world = _APPLY[change.kind](world, change)
    return replace(world, links=tuple(replace(link, is_new=False) for link in world.links))


def _create_account(world: World, change: Change) -> World:
    name = change.account or ""
    key, after = account_key(name), change.after
    assert all(account.key != key for account in world.accounts), "the name is free"
    made = Account(
        f"new-{key}",
        name,
        key,
        text(after["display_name"]),
        text(after["email"]),
        True,
        frozenset(),
        text(after.get("external_id")),
        _attributes(after),
    )
    return _linked(replace(world, accounts=(*world.accounts, made)), change, made)


def _attributes(fields: Mapping[str, str | bool | None]) -> dict[str, str]:
    found = {name.removeprefix("attributes."): text(value) for name, value in fields.items() if "." in name}
    return {name: value or "" for name, value in found.items()}


def _link_account(world: World, change: Change) -> World:
    (account,) = [account for account in world.accounts if account.id == change.account_id]
    assert account.name == change.after["name"]
    return _linked(world, change, account)


def _linked(world: World, change: Change, account: Account) -> World:
    assert change.user_id is not None
    assert all(change.user_id != link.user_id and account.id != link.account_id for link in world.links), "it is free"
    return replace(world, links=(*world.links, Link(change.user_id, account.id, account.name)))


def _unlink_account(world: World, change: Change) -> World:
    """By id alone: it may have got its old name back."""
    mine = (change.user_id, change.account_id)
    (account,) = [account for account in world.accounts if account.id == change.account_id]
    assert any((link.user_id, link.account_id) == mine for link in world.links), "it is linked"
    return replace(world, links=tuple(link for link in world.links if link.account_id != account.id))


def _change_account(world: World, change: Change) -> World:
    account = owned(world, change)
    now = {"display_name": account.display_name, "email": account.email, "active": account.active}
    further = _attributes(change.before)
    assert {name: value for name, value in change.before.items() if "." not in name}.items() <= now.items()
    assert further == {name: account.attributes.get(name, "") for name in further}, "the premise holds"
    plain = {name: value for name, value in change.after.items() if "." not in name}
    attributes = {**account.attributes, **_attributes(change.after)}
    return with_account(world, account, replace(account, attributes=attributes, **plain))  # type: ignore[arg-type]


def _rename_account(world: World, change: Change) -> World:
    account, name = owned(world, change), text(change.after["name"]) or ""
    key = account_key(name)
    assert change.before == {"name": account.name}
    assert all(other.key != key or other == account for other in world.accounts), "the name is free"
    links = [replace(link, account_name=name) if link.account_id == account.id else link for link in world.links]
    leads = world.leads and tuple(_relead(lead, account.key, key) for lead in world.leads)
    renamed = replace(world, links=tuple(links), leads=leads)
    return with_account(renamed, account, replace(account, name=name, key=key))


def _relead(lead: Lead, old: str, new: str) -> Lead:
    roles = {role: tuple(new if key == old else key for key in keys) for role, keys in lead.roles.items()}
    project_lead = new if lead.project_lead == old else lead.project_lead
    account = new if lead.account_key == old else lead.account_key
    return replace(lead, account_key=account, roles=roles, project_lead=project_lead)


def _delete_account(world: World, change: Change) -> World:
    account = owned(world, change)
    assert (change.before["name"], change.before["active"]) == (account.name, account.active)
    if world.capabilities.leads is None:
        leads = world.leads
        assert leads is not None, "what it leads is known"
        assert all(lead.account_key != account.key for lead in leads), "it leads nothing any more"
    return replace(
        world,
        accounts=tuple(other for other in world.accounts if other != account),
        links=tuple(link for link in world.links if link.account_id != account.id),
        managed=frozenset(member for member in world.managed if member.account_id != account.id),
    )


def _move_lead(world: World, change: Change) -> World:
    owned(world, change)
    assert world.leads is not None
    (lead,) = [lead for lead in world.leads if lead.key == change.lead]
    old, new = account_key(text(change.before["lead"]) or ""), account_key(text(change.after["lead"]) or "")
    assert lead.account_key == old
    takers = [account for account in world.accounts if account.key == new]
    assert all(account.active for account in takers)
    moved = replace(lead, account_key=new)
    leads = [moved if other == lead else other for other in world.leads]
    if lead.kind == "project":
        leads = [
            replace(other, project_lead=new) if (other.project, other.kind) == (lead.project, "component") else other
            for other in leads
        ]
    return replace(world, leads=tuple(leads))


_APPLY: Mapping[ChangeKind, Callable[[World, Change], World]] = {
    ChangeKind.CREATE_ACCOUNT: _create_account,
    ChangeKind.LINK_ACCOUNT: _link_account,
    ChangeKind.UNLINK_ACCOUNT: _unlink_account,
    ChangeKind.UPDATE_ACCOUNT: _change_account,
    ChangeKind.DEACTIVATE_ACCOUNT: _change_account,
    ChangeKind.REACTIVATE_ACCOUNT: _change_account,
    ChangeKind.RENAME_ACCOUNT: _rename_account,
    ChangeKind.DELETE_ACCOUNT: _delete_account,
    ChangeKind.MOVE_LEAD: _move_lead,
    ChangeKind.CREATE_GROUP: create_group,
    ChangeKind.RENAME_GROUP: rename_group,
    ChangeKind.DELETE_GROUP: delete_group,
    ChangeKind.LINK_GROUP: link_group,
    ChangeKind.UNLINK_GROUP: unlink_group,
    ChangeKind.ADD_MEMBER: add_member,
    ChangeKind.REMOVE_MEMBER: remove_member,
}
