"""One change as calls to the target: the call itself, and the reading back of one whose outcome nobody knows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from core.planning.changes import Change, ChangeKind
from core.planning.names import group_key
from core.planning.values import Account, TargetGroup
from core.targets.protocol import NewAccount, Refused, Target

Result = Account | TargetGroup | None
"""What a call gave: the account or group that was created; nothing for all other changes."""


async def call(target: Target, change: Change) -> Result:
    """Send a change to the target.

    :raises TargetError: as `core.targets.protocol.Target` says of each call.
    """
    return await _CALLS[change.kind](target, change)


async def read_back(target: Target, change: Change) -> tuple[bool, Result]:
    """Whether a change stands at the target, and what its call would have given.

    :raises TargetError: when the target cannot be read.
    """
    if change.kind == ChangeKind.CREATE_GROUP:
        group = await target.find_group(_name(change.group))
        return group is not None, group
    if change.kind == ChangeKind.LINK_ACCOUNT:
        return False, None
    account = await target.find_account(_name(change.account))
    if change.kind == ChangeKind.CREATE_ACCOUNT:
        # One of another display name is somebody else's, who came first.
        ours = account is not None and account.display_name == change.after["display_name"]
        return ours, _with_email(account, change)
    return account is not None and _holds(account, change), None


def _holds(account: Account, change: Change) -> bool:
    """Whether the account is as the change would leave it; what the target does not show counts as not done."""
    if change.account_id not in (None, account.id):  # another account has the name by now
        return False
    if change.kind in (ChangeKind.ADD_MEMBER, ChangeKind.REMOVE_MEMBER):
        return (group_key(_name(change.group)) in (account.groups or ())) == change.after["member"]
    if change.kind == ChangeKind.UPDATE_ACCOUNT:
        return (account.display_name, account.email) == (change.after["display_name"], change.after["email"])
    return account.active == change.after["active"]


async def _create_account(target: Target, change: Change) -> Result:
    new = NewAccount(_name(change.account), _text(change, "display_name"), _text(change, "email"))
    return _with_email(await target.create_account(new), change)


async def _update_account(target: Target, change: Change) -> Result:
    await target.update_account(
        _name(change.account), display_name=_text(change, "display_name"), email=_text(change, "email")
    )
    return None


async def _set_active(target: Target, change: Change) -> Result:
    await target.set_active(_name(change.account), change.after["active"] is True)
    return None


async def _create_group(target: Target, change: Change) -> Result:
    return await target.create_group(_name(change.group))


async def _add_member(target: Target, change: Change) -> Result:
    await target.add_member(_name(change.group), _name(change.account))
    return None


async def _remove_member(target: Target, change: Change) -> Result:
    await target.remove_member(_name(change.group), _name(change.account))
    return None


async def _nothing(target: Target, change: Change) -> Result:
    return None


_CALLS: Mapping[ChangeKind, Callable[[Target, Change], Awaitable[Result]]] = {
    ChangeKind.CREATE_ACCOUNT: _create_account,
    ChangeKind.UPDATE_ACCOUNT: _update_account,
    ChangeKind.DEACTIVATE_ACCOUNT: _set_active,
    ChangeKind.REACTIVATE_ACCOUNT: _set_active,
    ChangeKind.LINK_ACCOUNT: _nothing,
    ChangeKind.CREATE_GROUP: _create_group,
    ChangeKind.ADD_MEMBER: _add_member,
    ChangeKind.REMOVE_MEMBER: _remove_member,
}


def _with_email(account: Account | None, change: Change) -> Account | None:
    """The account with the e-mail just written, where the target does not show it."""
    email = change.after.get("email")
    return replace(account, email=email) if account and account.email is None and isinstance(email, str) else account


def _name(name: str | None) -> str:
    if name is None:
        raise Refused("The change names no account or group.", remedy="Synchronise the target to plan it anew.")
    return name


def _text(change: Change, field: str) -> str:
    value = change.after.get(field)
    if not isinstance(value, str):
        raise Refused(
            f"The {field.replace('_', ' ')} of {change.account} is not known, and the product sets name and e-mail "
            "together.",
            remedy="Give the user both at the identity provider.",
        )
    return value
