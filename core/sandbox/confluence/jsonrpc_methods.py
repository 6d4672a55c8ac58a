"""The methods of JSON-RPC: they change the same users and groups as REST does, by the same rules.

A method that failed raises `Refusal`; one that cannot read its parameters raises `WrongParameters`.

Source: Javadoc of Confluence's `UsersSoapService`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.sandbox.confluence import mutations
from core.sandbox.confluence.answers import Refusal
from core.sandbox.confluence.endpoint import Access
from core.sandbox.confluence.state import State
from core.sandbox.embedded_crowd import name_key

Params = list[object]


class WrongParameters(Exception):
    """The parameters are not what the method takes."""


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does, and who may call it."""

    work: Callable[[State, Params], object]
    access: Access = Access.ADMINISTRATOR

    @property
    def writes(self) -> bool:
        """Whether read-only mode forbids it."""
        return self.access > Access.KNOWN


def _text(params: Params, index: int) -> str:
    value = params[index] if index < len(params) else None
    if not isinstance(value, str):
        raise WrongParameters
    return value


def _user(params: Params) -> tuple[str, str, str]:
    """Name, full name and e-mail address of the user that is the first parameter."""
    user = params[0] if params else None
    if not isinstance(user, dict):
        raise WrongParameters
    name, full_name, email = (user.get(field, "") for field in ("name", "fullname", "email"))
    if not (isinstance(name, str) and isinstance(full_name, str) and isinstance(email, str)):
        raise WrongParameters
    return name, full_name, email


def _add_user(state: State, params: Params) -> bool:
    mutations.create_account(state, *_user(params), _text(params, 1))
    return True


def _edit_user(state: State, params: Params) -> bool:
    mutations.update_account(state, *_user(params))
    return True


def _deactivate_user(state: State, params: Params) -> bool:
    changed = mutations.set_active(state, _text(params, 0), False)
    if not changed and state.quirks.deactivating_twice_fails:
        raise Refusal(400, f"User {params[0]} is already deactivated")
    return True


def _reactivate_user(state: State, params: Params) -> bool:
    changed = mutations.set_active(state, _text(params, 0), True)
    if not changed and state.quirks.deactivating_twice_fails:
        raise Refusal(400, f"User {params[0]} is already active")
    return True


def _remove_user(state: State, params: Params) -> bool:
    mutations.delete_account(state, _text(params, 0))
    return True


def _add_group(state: State, params: Params) -> bool:
    mutations.create_group(state, _text(params, 0))
    return True


def _remove_group(state: State, params: Params) -> bool:
    """Remove a group; a second parameter names the group that its members move to."""
    name = mutations.existing_group(state, _text(params, 0))
    members = list(state.crowd.members(name))
    heir = mutations.existing_group(state, _text(params, 1)) if len(params) > 1 and params[1] else None
    mutations.delete_group(state, name)
    if heir is not None:
        for member in members:
            mutations.add_member(state, member, heir)
    return True


def _add_user_to_group(state: State, params: Params) -> bool:
    mutations.add_member(state, _text(params, 0), _text(params, 1))
    return True


def _remove_user_from_group(state: State, params: Params) -> bool:
    mutations.remove_member(state, _text(params, 0), _text(params, 1))
    return True


def _change_password(state: State, params: Params) -> bool:
    mutations.set_password(state, _text(params, 0), _text(params, 1))
    return True


def _get_user(state: State, params: Params) -> dict[str, object]:
    account = mutations.existing_account(state, _text(params, 0))
    url = f"{state.context}/display/~{account.username}"
    return {"name": account.username, "fullname": account.full_name, "email": account.email, "url": url}


def _get_groups(state: State, params: Params) -> list[str]:
    return [mutations.existing_group(state, key) for key in state.crowd.groups()]


def _get_user_groups(state: State, params: Params) -> list[str]:
    account = mutations.existing_account(state, _text(params, 0))
    return [mutations.existing_group(state, key) for key in sorted(state.crowd.groups_of(account.username))]


def _get_active_users(state: State, params: Params) -> list[str]:
    """Names of the users; with `viewAll` also those who take no seat."""
    if params and params[0] is True:
        everybody = (mutations.existing_account(state, key) for key in state.crowd.accounts())
        return [account.username for account in everybody if account.active]
    return [mutations.existing_account(state, key).username for key in state.seats.accounts()]


def _has_user(state: State, params: Params) -> bool:
    return state.crowd.account(_text(params, 0)) is not None


def _has_group(state: State, params: Params) -> bool:
    return name_key(_text(params, 0)) in state.crowd.groups()


def _is_active_user(state: State, params: Params) -> bool:
    account = state.crowd.account(_text(params, 0))
    return account is not None and account.active


METHODS = {
    "addUser": Method(_add_user),
    "editUser": Method(_edit_user),
    "deactivateUser": Method(_deactivate_user),
    "reactivateUser": Method(_reactivate_user),
    "removeUser": Method(_remove_user),
    "addGroup": Method(_add_group),
    "removeGroup": Method(_remove_group),
    "addUserToGroup": Method(_add_user_to_group),
    "removeUserFromGroup": Method(_remove_user_from_group),
    "changeUserPassword": Method(_change_password, Access.SYSTEM_ADMINISTRATOR),
    "getUser": Method(_get_user, Access.KNOWN),
    "getGroups": Method(_get_groups, Access.KNOWN),
    "getUserGroups": Method(_get_user_groups, Access.KNOWN),
    "getActiveUsers": Method(_get_active_users, Access.KNOWN),
    "hasUser": Method(_has_user, Access.KNOWN),
    "hasGroup": Method(_has_group, Access.KNOWN),
    "isActiveUser": Method(_is_active_user, Access.KNOWN),
}
