"""What a caller may change about users, and what then happens.

Each function either changes something and records it, finds nothing to change and records nothing, or raises
`Refusal` and changes nothing.
"""

from dataclasses import replace

from core.sandbox.bitbucket.answers import Refusal, clash, forbidden, invalid
from core.sandbox.bitbucket.editing import (
    LICENCE,
    editable,
    existing_account,
    first_writable,
    refuse_above,
)
from core.sandbox.bitbucket.endpoint import Call
from core.sandbox.bitbucket.names import check_details, check_username
from core.sandbox.bitbucket.state import State
from core.sandbox.embedded_crowd import Account, DirectoryContent, name_key

_UPDATED = frozenset({"name", "displayName", "email"})


def create_account(call: Call) -> None:
    """Create an active user in the first writable directory, in the default group where that is asked for."""
    state, username = call.state, call.asked("name")
    full_name, email = call.asked("displayName"), call.asked("emailAddress")
    check_username(username)
    check_details(full_name, email)
    if not call.query.get("password") and not call.flag("notify", default=False):
        raise invalid("The password is required.", "password")
    if state.crowd.is_taken(username):
        raise clash(f"The username {username} is in use already.", "name")
    content = first_writable(state)
    default = _default_group(state) if call.flag("addToDefaultGroup", default=True) else None
    if default is not None and name_key(default) in state.grants.groups and state.is_full():
        raise forbidden(LICENCE)
    account = Account(state.crowd.user_keys.of(username), username, full_name, email)
    state.crowd.put_account(content, account)
    if password := call.query.get("password"):
        state.passwords[account.user_key] = password
    state.record("create-account", username, f"{full_name} <{email}>")
    if default is not None:
        state.crowd.join(content, username, default)
        state.record("join-default-group", username, default)


def update_account(call: Call) -> Account:
    """Set full name and e-mail address; the bean knows no activity."""
    unknown = next((field for field in call.body if field not in _UPDATED), None)
    if unknown is not None:
        raise Refusal(
            400,
            f'Unrecognized field "{unknown}" (class com.atlassian.stash.internal.rest.admin.UserUpdate), not marked '
            "as ignorable",
            "validation.ArgumentValidationException",
        )
    state = call.state
    content, account = editable(state, call.text("name"))
    changed = replace(
        account,
        full_name=call.text("displayName") if "displayName" in call.body else account.full_name,
        email=call.text("email") if "email" in call.body else account.email,
    )
    check_details(changed.full_name, changed.email)
    if changed != account:
        state.crowd.put_account(content, changed)
        state.record("update-account", changed.username, f"{changed.full_name} <{changed.email}>")
    return changed


def rename_account(call: Call) -> Account:
    """Give a user another name; id, groups and grants stay."""
    state, new = call.state, call.text("newName")
    content, account = editable(state, call.text("name"))
    check_username(new)
    old = account.username
    if name_key(new) == name_key(old):
        _recase(state, content, account, new)
        return existing_account(state, new)
    if state.crowd.is_taken(new):
        message = f"The username {new} is in use already."
        if state.quirks.rename_clash_status == 400:
            raise invalid(message, "newName")
        raise clash(message, "newName")
    state.crowd.rename(content, old, new)
    state.record("rename-account", old, new)
    return existing_account(state, new)


def delete_account(call: Call) -> Account:
    """Delete a user with his memberships and grants."""
    state = call.state
    account = existing_account(state, call.asked("name"))
    if call.caller and call.caller.user_key == account.user_key:
        raise clash("You cannot delete your own account.")
    refuse_above(call, state.level_of(account.username), account.username)
    content, _ = editable(state, account.username)
    state.grants.users.pop(account.user_key, None)
    state.passwords.pop(account.user_key, None)
    state.crowd.remove_account(content, account.username)
    state.record("delete-account", account.username)
    return account


def set_password(call: Call) -> None:
    """Set a password."""
    state = call.state
    _, account = editable(state, call.text("name"))
    if call.text("password") != call.text("passwordConfirm"):
        raise invalid("The passwords do not match.", "passwordConfirm")
    state.passwords[account.user_key] = call.text("password")
    state.record("set-password", account.username)


def _recase(state: State, content: DirectoryContent, account: Account, new: str) -> None:
    if new != account.username:
        state.crowd.put_account(content, replace(account, username=new))
        state.record("rename-account", account.username, new)


def _default_group(state: State) -> str | None:
    """The default group as stored; None where there is none."""
    name = state.settings.default_group
    return state.crowd.group(name) if name is not None else None
