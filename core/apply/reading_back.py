"""Whether a change stands at the target: for one whose outcome nobody knows, before it is ever sent again.

What the target does not show counts as not done.
"""

from collections.abc import Awaitable, Callable, Mapping

from core.apply.calls import Result, attributes_in, name_in, with_email
from core.planning.changes import Change, ChangeKind
from core.planning.names import account_key, group_key
from core.planning.values import Account
from core.targets.protocol import Target

Standing = tuple[bool, Result]
"""Whether the change stands, and what its call would have given."""
_GONE: Standing = (False, None)


async def read_back(target: Target, change: Change) -> Standing:
    """Whether a change stands at the target, and what its call would have given.

    :raises TargetError: when the target cannot be read.
    """
    return await _READING[change.kind](target, change)


async def _created_account(target: Target, change: Change) -> Standing:
    account = await target.find_account(name_in(change.account))
    if account is None:
        return _GONE
    # One of another display name is somebody else's, who came first.
    return account.display_name == change.after["display_name"], with_email(account, change)


async def _changed_account(target: Target, change: Change) -> Standing:
    account = await target.find_account(name_in(change.account))
    if account is None or change.account_id not in (None, account.id):  # another account has the name by now
        return _GONE
    return _holds(account, change), None


def _holds(account: Account, change: Change) -> bool:
    if change.kind in (ChangeKind.ADD_MEMBER, ChangeKind.REMOVE_MEMBER):
        return (group_key(name_in(change.group)) in (account.groups or ())) == change.after["member"]
    if change.kind == ChangeKind.UPDATE_ACCOUNT:
        further = attributes_in(change.after)
        has_these = all(account.attributes.get(name, "") == value for name, value in further.items())
        named = (account.display_name, account.email) == (change.after["display_name"], change.after["email"])
        return named and has_these
    return account.active == change.after["active"]


async def _renamed_account(target: Target, change: Change) -> Standing:
    account = await _known_account(target, change)
    return account is not None and account.key == account_key(str(change.after["name"])), None


async def _deleted_account(target: Target, change: Change) -> Standing:
    return await _known_account(target, change) is None, None


async def _known_account(target: Target, change: Change) -> Account | None:
    """By its id, since its name may be another by now, or another's."""
    if change.account_id is None:
        return await target.find_account(name_in(change.account))
    return await target.find_account_by_id(change.account_id)


async def _created_group(target: Target, change: Change) -> Standing:
    group = await target.find_group(name_in(change.group))
    return group is not None, group


async def _renamed_group(target: Target, change: Change) -> Standing:
    old, new = name_in(change.group), str(change.after["name"])
    group = await target.find_group(new)
    if group is None or group_key(old) == group_key(new):
        return group is not None and group.name == new, None
    return await target.find_group(old) is None, None


async def _deleted_group(target: Target, change: Change) -> Standing:
    return await target.find_group(name_in(change.group)) is None, None


async def _moved_lead(target: Target, change: Change) -> Standing:
    lead = await target.find_lead(name_in(change.lead))
    return lead is not None and lead.account_key == account_key(str(change.after["lead"])), None


async def _link(target: Target, change: Change) -> Standing:
    """Links are not at the target: one whose outcome is not kept was not made."""
    return _GONE


_READING: Mapping[ChangeKind, Callable[[Target, Change], Awaitable[Standing]]] = {
    ChangeKind.CREATE_ACCOUNT: _created_account,
    ChangeKind.UPDATE_ACCOUNT: _changed_account,
    ChangeKind.RENAME_ACCOUNT: _renamed_account,
    ChangeKind.DEACTIVATE_ACCOUNT: _changed_account,
    ChangeKind.REACTIVATE_ACCOUNT: _changed_account,
    ChangeKind.DELETE_ACCOUNT: _deleted_account,
    ChangeKind.LINK_ACCOUNT: _link,
    ChangeKind.UNLINK_ACCOUNT: _link,
    ChangeKind.CREATE_GROUP: _created_group,
    ChangeKind.RENAME_GROUP: _renamed_group,
    ChangeKind.DELETE_GROUP: _deleted_group,
    ChangeKind.LINK_GROUP: _link,
    ChangeKind.UNLINK_GROUP: _link,
    ChangeKind.ADD_MEMBER: _changed_account,
    ChangeKind.REMOVE_MEMBER: _changed_account,
    ChangeKind.MOVE_LEAD: _moved_lead,
}
