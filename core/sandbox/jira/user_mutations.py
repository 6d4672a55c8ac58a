"""What a caller may change about users, and what then happens.

Each function either changes something and records it, finds nothing to change and records nothing, or raises
`Refusal` and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.sandbox.embedded_crowd import Account, DirectoryContent, name_key
from core.sandbox.jira.answers import Refusal, refuse_if
from core.sandbox.jira.application_roles import ApplicationRole
from core.sandbox.jira.editing import editable, first_writable, managed_here, refuse_while_leading
from core.sandbox.jira.endpoint import Call
from core.sandbox.jira.names import email_errors, full_name_errors, username_errors
from core.sandbox.jira.state import State
from core.sandbox.version import Version

_ACTIVE_SINCE = Version(8, 3)
_TAKEN = {"username": "A user with that username already exists."}
_FIELDS = ("name", "displayName", "emailAddress", "active")


def create_account(call: Call) -> Account:
    """Create an active user in the first writable directory, with access to the applications asked for."""
    state, username = call.state, call.text("name")
    managed_here(state)
    content = first_writable(state)  # before any field is looked at, as DefaultUserService does
    full_name, email = call.text("displayName"), call.text("emailAddress")
    errors = username_errors(username, state.quirks) | full_name_errors(full_name) | email_errors(email)
    if "username" not in errors and state.crowd.is_taken(username):
        errors |= _TAKEN
    refuse_if(errors)
    roles = _with_seats(state, _roles(call))
    account = Account(state.crowd.user_keys.of(username), name_key(username), full_name, email)
    state.crowd.put_account(content, account)
    if password := call.text("password"):
        state.passwords[account.user_key] = password
    state.record("create-account", account.username, f"{full_name} <{email}>")
    for role in roles:
        join_defaults(state, content, account, role)
    return account


def update_account(call: Call, username: str) -> Account:
    """Set those of name, full name, e-mail address and activity that are given."""
    state = call.state
    content, account = editable(call, username)
    fields = [field for field in _FIELDS if field in call.body]
    if state.version < _ACTIVE_SINCE and "active" in fields:
        fields.remove("active")
        fields = [field for field in fields if field != "name" or name_key(call.text("name")) != name_key(username)]
    if not fields:
        raise Refusal(400, "error.no.value.found.to.be.changed")
    changed = _changed(call, account, fields)
    if not changed.active:  # whatever is changed: a user who leads cannot be, or stay, inactive
        if call.caller and call.caller.user_key == account.user_key:
            raise Refusal(400, "You cannot deactivate the currently logged in user.")
        refuse_while_leading(state, account)
    if changed.active and not account.active:
        _check_seats_to_return(state, account)
    _put(state, content, account, changed)
    return changed


def delete_account(call: Call, username: str) -> None:
    """Delete a user who left no traces; the components that he led fall to the lead of their project."""
    state = call.state
    content, account = editable(call, username)
    if call.caller and call.caller.user_key == account.user_key:
        raise Refusal(400, "You cannot delete the currently logged in user.")
    projects, components = state.projects.led_by(account.user_key)
    if projects:
        raise Refusal(400, f"Cannot delete user '{account.username}' because they lead {len(projects)} project(s).")
    if account.user_key in state.busy:
        raise Refusal(400, f"Cannot delete user '{account.username}' because they have reported or commented issues.")
    for component in components:
        state.projects.put_component(replace(component, lead=None))
    state.crowd.remove_account(content, username)
    state.passwords.pop(account.user_key, None)
    state.record("delete-account", account.username)


def set_password(call: Call, username: str) -> None:
    """Set a password."""
    _, account = editable(call, username)
    refuse_if({} if call.text("password") else {"password": "You must specify a password."})
    call.state.passwords[account.user_key] = call.text("password")
    call.state.record("set-password", account.username)


def join_defaults(state: State, content: DirectoryContent, account: Account, role: ApplicationRole) -> None:
    """Give access to an application by its default groups."""
    for group in role.default_groups:
        stored = state.crowd.group(group)
        if stored is not None and name_key(stored) not in state.crowd.groups_of(account.username):
            state.crowd.join(content, account.username, stored)
            state.record("join-default-group", account.username, stored)


def role_of(state: State, key: str) -> ApplicationRole:
    """The application of that key.

    :raises Refusal: 400 when there is none.
    """
    found = next((role for role in state.settings.applications if role.key == key), None)
    if found is None:
        raise Refusal(400, errors={"applicationKeys": f"The application {key} is not licensed."})
    return found


def no_seat(role: ApplicationRole) -> Refusal:
    """The refusal for an application without a free seat."""
    return Refusal(400, errors={"applicationKeys": f"There are no seats left for {role.name}."})


def _roles(call: Call) -> list[ApplicationRole]:
    keys = call.body.get("applicationKeys")
    if keys is None:
        return [role for role in call.state.settings.applications if role.selected_by_default]
    if not isinstance(keys, list):
        raise Refusal(400, "Can not deserialize instance of java.util.List out of the field applicationKeys")
    return [role_of(call.state, str(key)) for key in keys]


def _with_seats(state: State, roles: Sequence[ApplicationRole]) -> list[ApplicationRole]:
    full = [role for role in roles if state.seats.free(role) == 0]
    if full and state.quirks.create_without_seats == "refuse":
        raise no_seat(full[0])
    return [role for role in roles if role not in full]


def _changed(call: Call, account: Account, fields: Sequence[str]) -> Account:
    errors: dict[str, str] = {}
    if "name" in fields and name_key(call.text("name")) != name_key(account.username):
        errors |= _rename_errors(call.state, account, call.text("name"))
    if "displayName" in fields:
        errors |= full_name_errors(call.text("displayName"))
    if "emailAddress" in fields:
        errors |= email_errors(call.text("emailAddress"))
    refuse_if(errors)
    return replace(
        account,
        username=name_key(call.text("name")) if "name" in fields else account.username,
        full_name=call.text("displayName") if "displayName" in fields else account.full_name,
        email=call.text("emailAddress") if "emailAddress" in fields else account.email,
        active=call.body["active"] is True if "active" in fields else account.active,
    )


def _rename_errors(state: State, account: Account, new: str) -> dict[str, str]:
    """Why a user cannot get this name; users in several directories cannot be renamed at all."""
    if sum(name_key(account.username) in content.accounts for content in state.crowd.contents) > 1:
        raise Refusal(400, "The user cannot be renamed due to the configuration of the user directories.")
    errors = username_errors(new, state.quirks)
    return errors or (_TAKEN if state.crowd.is_taken(new) else {})


def _check_seats_to_return(state: State, account: Account) -> None:
    if state.quirks.reactivation_without_seats == "allow":
        return
    groups = state.groups_of(account.username)
    for role in state.settings.applications:
        if groups & {name_key(group) for group in role.groups} and state.seats.free(role) == 0:
            raise Refusal(400, errors={"active": f"There are no seats left for {role.name}."})


def _put(state: State, content: DirectoryContent, account: Account, changed: Account) -> None:
    name = account.username
    if name_key(changed.username) != name_key(name):
        state.crowd.rename(content, name, changed.username)
        state.record("rename-account", name, changed.username)
    if changed != replace(account, username=changed.username):
        state.crowd.put_account(content, changed)
    if (changed.full_name, changed.email) != (account.full_name, account.email):
        state.record("update-account", changed.username, f"{changed.full_name} <{changed.email}>")
    if changed.active != account.active:
        state.record("reactivate-account" if changed.active else "deactivate-account", changed.username)
