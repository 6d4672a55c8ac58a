"""One change as a call to the target."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from core.planning.changes import Change, ChangeKind
from core.planning.names import account_key
from core.planning.values import Account, TargetGroup
from core.targets.protocol import NewAccount, NotFound, Refused, Target

Result = Account | TargetGroup | None
"""What a call gave: the account or group that was created; nothing for all other changes."""
_ATTRIBUTE = "attributes."


async def call(target: Target, change: Change) -> Result:
    """Send a change to the target.

    :raises TargetError: as `core.targets.protocol.Target` says of each call.
    """
    return await _CALLS[change.kind](target, change)


def name_in(name: str | None) -> str:
    """The name that a change gives of what it is about.

    :raises Refused: when it gives none.
    """
    if name is None:
        raise Refused("The change names no account or group.", remedy="Synchronise the target to plan it anew.")
    return name


def with_email(account: Account, change: Change) -> Account:
    """The account with the e-mail just written, where the target does not show it."""
    email = change.after.get("email")
    return replace(account, email=email) if account.email is None and isinstance(email, str) else account


def attributes_in(values: Mapping[str, str | bool | None]) -> dict[str, str]:
    """The further attributes of an account among the values of a change: name → value."""
    return {
        name.removeprefix(_ATTRIBUTE): value
        for name, value in values.items()
        if name.startswith(_ATTRIBUTE) and isinstance(value, str)
    }


async def _create_account(target: Target, change: Change) -> Result:
    external_id = change.after.get("external_id")
    new = NewAccount(
        name_in(change.account),
        _text(change, "display_name"),
        str(change.after.get("email") or ""),  # who plans knows whether the product needs one
        attributes_in(change.after),
        external_id if isinstance(external_id, str) else None,
    )
    return with_email(await target.create_account(new), change)


async def _update_account(target: Target, change: Change) -> Result:
    await target.update_account(
        name_in(change.account),
        display_name=_text(change, "display_name"),
        email=_text(change, "email"),
        attributes=attributes_in(change.after) or None,
    )
    return None


async def _rename_account(target: Target, change: Change) -> Result:
    await target.rename_account(name_in(change.account), _text(change, "name"))
    return None


async def _set_active(target: Target, change: Change) -> Result:
    await target.set_active(name_in(change.account), change.after["active"] is True)
    return None


async def _delete_account(target: Target, change: Change) -> Result:
    """What is deleted does not come back: so not before it is seen to be the account that was meant."""
    name = name_in(change.account)
    if change.account_id is not None:
        account = await target.find_account_by_id(change.account_id)
        if account is None:
            return None
        if account.key != account_key(name):
            raise NotFound(f"The account {name} has another name by now: {account.name}.")
    await target.delete_account(name)
    return None


async def _create_group(target: Target, change: Change) -> Result:
    return await target.create_group(name_in(change.group))


async def _rename_group(target: Target, change: Change) -> Result:
    await target.rename_group(name_in(change.group), _text(change, "name"))
    return None


async def _delete_group(target: Target, change: Change) -> Result:
    await target.delete_group(name_in(change.group))
    return None


async def _add_member(target: Target, change: Change) -> Result:
    await target.add_member(name_in(change.group), name_in(change.account))
    return None


async def _remove_member(target: Target, change: Change) -> Result:
    await target.remove_member(name_in(change.group), name_in(change.account))
    return None


async def _move_lead(target: Target, change: Change) -> Result:
    await target.move_lead(name_in(change.lead), _text(change, "lead"))
    return None


async def _nothing(target: Target, change: Change) -> Result:
    return None


_CALLS: Mapping[ChangeKind, Callable[[Target, Change], Awaitable[Result]]] = {
    ChangeKind.CREATE_ACCOUNT: _create_account,
    ChangeKind.UPDATE_ACCOUNT: _update_account,
    ChangeKind.RENAME_ACCOUNT: _rename_account,
    ChangeKind.DEACTIVATE_ACCOUNT: _set_active,
    ChangeKind.REACTIVATE_ACCOUNT: _set_active,
    ChangeKind.DELETE_ACCOUNT: _delete_account,
    ChangeKind.LINK_ACCOUNT: _nothing,
    ChangeKind.UNLINK_ACCOUNT: _nothing,
    ChangeKind.CREATE_GROUP: _create_group,
    ChangeKind.RENAME_GROUP: _rename_group,
    ChangeKind.DELETE_GROUP: _delete_group,
    ChangeKind.LINK_GROUP: _nothing,
    ChangeKind.UNLINK_GROUP: _nothing,
    ChangeKind.ADD_MEMBER: _add_member,
    ChangeKind.REMOVE_MEMBER: _remove_member,
    ChangeKind.MOVE_LEAD: _move_lead,
}


def _text(change: Change, field: str) -> str:
    value = change.after.get(field)
    if not isinstance(value, str):
        raise Refused(
            f"The {field.replace('_', ' ')} of {change.account} is not known, and the product sets name and e-mail "
            "together.",
            remedy="Give the user both at the identity provider.",
        )
    return value
