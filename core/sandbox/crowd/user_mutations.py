"""What an application may change about users, and what then happens.

Each function either changes something and records it, finds nothing to change and records nothing, or raises
`Refusal` and changes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import re2

from core.sandbox.crowd.answers import Refusal
from core.sandbox.crowd.applications import Permission
from core.sandbox.crowd.directories import CrowdDirectory, User
from core.sandbox.crowd.endpoint import Call
from core.sandbox.crowd.names import check_length, check_name, populated
from core.sandbox.embedded_crowd import name_key


def create_user(call: Call) -> User:
    """Create a user in the first directory where the application may (CWD-4608)."""
    name, quirks = call.text("name"), call.state.quirks
    if not quirks.permission_before_values:
        check_name(name, "INVALID_USER")
    if call.seen.home(name) is not None:
        raise Refusal(400, "INVALID_USER", f"User already exists: {name}")
    call.seen.require(Permission.ADD_USER)
    directory = next(call.seen.allowing(Permission.ADD_USER))
    check_name(name, "INVALID_USER")
    password = _password(call, call.body.get("password"))
    attributes = _attributes(call) if quirks.attributes_at_creation else {}
    user = replace(_user_of(call, directory.new_key(), name), attributes=MappingProxyType(attributes))
    directory.put_account(user)
    call.state.passwords[user.user_key] = password
    call.state.record("create-account", name, f"{user.full_name} <{user.email}>")
    return user


def update_user(call: Call, username: str) -> None:
    """Put all fields of a user; those that are left out become blank."""
    directory, user = _editable(call, username, Permission.MODIFY_USER)
    if name_key(call.text("name")) != name_key(username):
        raise Refusal(400, "INVALID_USER", "The username in the body does not match that in the URL")
    changed = replace(_user_of(call, user.user_key, user.username), attributes=user.attributes)
    directory.put_account(changed)
    _record_update(call, user, changed)


def rename_user(call: Call, username: str) -> User:
    """Give a user another name; key and memberships stay, and so does an alias, by which it goes on to be shown."""
    directory, user = _editable(call, username, Permission.MODIFY_USER)
    name = call.text("new-name")
    check_name(name, "INVALID_USER")
    if name_key(name) != name_key(user.username) and call.seen.home(name) is not None:
        text = f"User {name} already exists."
        if call.state.quirks.rename_clash == "500":
            raise Refusal(500, "OPERATION_FAILED", text)
        raise Refusal(400, "INVALID_USER", text)
    renamed = replace(user, username=name)
    directory.rename(user, renamed)
    if name != user.username:
        call.state.record("rename-account", user.username, name)
    return renamed


def delete_user(call: Call, username: str) -> None:
    """Delete a user."""
    directory, user = _editable(call, username, Permission.REMOVE_USER)
    directory.remove_account(name_key(user.username))
    call.state.passwords.pop(user.user_key, None)
    call.state.record("delete-account", user.username)


def set_password(call: Call, username: str) -> None:
    """Set a password."""
    _, user = _editable(call, username, Permission.MODIFY_USER)
    call.state.passwords[user.user_key] = _password(call, call.body)
    call.state.record("set-password", user.username)


def set_attributes(call: Call, username: str) -> None:
    """Put the values of some attributes; the others stay."""
    directory, user = _editable(call, username, Permission.MODIFY_USER_ATTRIBUTES)
    _put_attributes(call, directory, user, {**user.attributes, **_attributes(call)})


def delete_attribute(call: Call, username: str, name: str) -> None:
    """Remove an attribute; one that is not there is no error."""
    directory, user = _editable(call, username, Permission.MODIFY_USER_ATTRIBUTES)
    kept = {each: values for each, values in user.attributes.items() if each != name}
    _put_attributes(call, directory, user, kept)


def _put_attributes(
    call: Call, directory: CrowdDirectory, user: User, attributes: Mapping[str, tuple[str, ...]]
) -> None:
    if attributes != user.attributes:
        directory.put_account(replace(user, attributes=MappingProxyType(dict(attributes))))
        call.state.record("update-account", user.username, "attributes")


def _editable(call: Call, username: str, permission: Permission) -> tuple[CrowdDirectory, User]:
    """The user and the directory that he is in, where the application may do that."""
    if call.state.quirks.permission_before_existence:
        call.seen.require(permission)
    directory, user = call.user(username)
    call.seen.require(permission, (directory,))
    return directory, user


def _user_of(call: Call, key: str, name: str) -> User:
    """The user whom the body describes."""
    email = call.text("email")
    if not email.strip() and call.state.quirks.refuses_blank_email:
        raise Refusal(400, "INVALID_EMAIL", "The email address is blank")
    active = call.body.get("active")
    active = call.state.quirks.left_out_active if active is None else active is True
    described = User(
        key, name, call.text("display-name"), email, active, call.text("first-name"), call.text("last-name")
    )
    user = populated(described)
    for text in (user.full_name, user.email, user.first_name, user.last_name):
        check_length(text, "INVALID_USER")
    return user


def _password(call: Call, document: object) -> str:
    value = document.get("value") if isinstance(document, Mapping) else None
    pattern = call.state.quirks.password_pattern
    if not isinstance(value, str) or not value:
        raise Refusal(400, "INVALID_CREDENTIAL", "Password must not be blank")
    if pattern and not re2.search(pattern, value):
        raise Refusal(400, "INVALID_CREDENTIAL", "The new password does not meet the directory's requirements")
    return value


def _attributes(call: Call) -> dict[str, tuple[str, ...]]:
    """The attributes in the body: a list, which is wrapped once more in a user."""
    listed: object = call.body.get("attributes")
    if isinstance(listed, Mapping):
        listed = listed.get("attributes")
    entries = listed if isinstance(listed, list) else []
    found = ((entry.get("name"), entry.get("values")) for entry in entries if isinstance(entry, Mapping))
    return {str(name): tuple(map(str, values)) for name, values in found if name and isinstance(values, list)}


def _record_update(call: Call, user: User, changed: User) -> None:
    if replace(changed, active=user.active) != user:
        call.state.record("update-account", user.username, f"{changed.full_name} <{changed.email}>")
    if changed.active != user.active:
        call.state.record("reactivate-account" if changed.active else "deactivate-account", user.username)
