"""What an application may change about groups, and what then happens."""

from core.sandbox.crowd.answers import Refusal
from core.sandbox.crowd.applications import Permission
from core.sandbox.crowd.directories import CrowdDirectory
from core.sandbox.crowd.endpoint import Call
from core.sandbox.crowd.names import check_name
from core.sandbox.embedded_crowd import name_key


def create_group(call: Call) -> str:
    """Create a group in every directory where the application may (CWD-3047), and answer its name."""
    name, quirks = call.text("name"), call.state.quirks
    if not quirks.permission_before_values:
        check_name(name, "INVALID_GROUP")
    if call.seen.group(name) is not None:
        raise Refusal(400, "INVALID_GROUP", f"Group already exists: {name}")
    call.seen.require(Permission.ADD_GROUP)
    check_name(name, "INVALID_GROUP")
    _check_type(call)
    for directory in call.seen.allowing(Permission.ADD_GROUP):
        directory.groups[name_key(name)] = name
        directory.descriptions[name_key(name)] = call.text("description")
    call.state.record("create-group", name)
    return name


def describe_group(call: Call, name: str) -> str:
    """Put a group's description, in every directory that has it; its name cannot be changed."""
    holders, stored = _editable(call, name, Permission.MODIFY_GROUP)
    if name_key(call.text("name")) != name_key(stored):
        raise Refusal(400, "INVALID_GROUP", "The group name in the body does not match that in the URL")
    _check_type(call)
    for directory in holders:
        directory.descriptions[name_key(stored)] = call.text("description")
    return stored


def delete_group(call: Call, name: str) -> None:
    """Delete a group from every directory where the application may."""
    holders, stored = _editable(call, name, Permission.REMOVE_GROUP)
    for directory in holders:
        directory.drop_group(name_key(stored))
    call.state.record("delete-group", stored)


def _editable(call: Call, name: str, permission: Permission) -> tuple[list[CrowdDirectory], str]:
    """Those directories that have the group where the application may do that, and the group's name."""
    if call.state.quirks.permission_before_existence:
        call.seen.require(permission)
    stored = call.group(name)
    holders = [each for each in call.seen.directories if name_key(stored) in each.groups]
    call.seen.require(permission, holders)
    return [each for each in holders if call.seen.may(each, permission)], stored


def _check_type(call: Call) -> None:
    if call.text("type") != "GROUP":
        raise Refusal(400, "INVALID_GROUP", "The group type must be GROUP")
