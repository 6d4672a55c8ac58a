"""What an application may change about memberships, and what then happens."""

from core.sandbox.crowd.answers import Refusal
from core.sandbox.crowd.applications import Permission
from core.sandbox.crowd.directories import CrowdDirectory, User
from core.sandbox.crowd.endpoint import Call
from core.sandbox.crowd.nesting import inside
from core.sandbox.embedded_crowd import name_key


def add_member(call: Call, found: tuple[CrowdDirectory, User], group: str) -> None:
    """Make a user a member, in the directory that he is in; one that is a member already is refused."""
    directory, user = found
    call.seen.require(Permission.MODIFY_GROUP, (directory,))
    if name_key(group) in call.seen.groups_of(user):
        raise _exists(call, user.username, group)
    if name_key(group) not in directory.groups:  # the group is only in others
        call.seen.require(Permission.ADD_GROUP, (directory,))
        directory.groups[name_key(group)] = group
    directory.join(name_key(user.username), name_key(group))
    call.state.record("add-member", user.username, group)


def remove_member(call: Call, found: tuple[CrowdDirectory, User], group: str) -> None:
    """End a membership, wherever it counts; one that is not there is refused."""
    _, user = found
    name, key = name_key(user.username), name_key(group)
    holders = [each for each in call.seen.counting(user) if key in each.groups_of.get(name, ())]
    call.seen.require(Permission.MODIFY_GROUP, holders or call.seen.counting(user))
    if not holders:
        raise Refusal(404, "MEMBERSHIP_NOT_FOUND", f"User <{user.username}> is not a member of <{group}>")
    for directory in holders:
        if call.seen.may(directory, Permission.MODIFY_GROUP):
            directory.leave(name, key)
    call.state.record("remove-member", user.username, group)


def add_child(call: Call, child: str, parent: str) -> None:
    """Put a group into another, in every directory that has both."""
    holders = _holders(call, child, parent)
    call.seen.require(Permission.MODIFY_GROUP, holders)
    if not call.state.settings.nested_groups:
        raise Refusal(400, "NESTED_GROUPS_NOT_SUPPORTED", "The directory does not support nested groups")
    if name_key(child) in call.seen.children(parent):
        raise _exists(call, child, parent)
    if name_key(parent) in inside(call.seen, child):
        raise Refusal(400, "ILLEGAL_ARGUMENT", f"Cannot add group {child} to {parent}: they would contain each other")
    for directory in holders:
        directory.nested[name_key(parent)].add(name_key(child))


def remove_child(call: Call, child: str, parent: str) -> None:
    """Take a group out of another."""
    holders = _holders(call, child, parent)
    call.seen.require(Permission.MODIFY_GROUP, holders)
    if name_key(child) not in call.seen.children(parent):
        raise Refusal(404, "MEMBERSHIP_NOT_FOUND", f"Group <{child}> is not a member of <{parent}>")
    for directory in holders:
        directory.nested[name_key(parent)].discard(name_key(child))


def _holders(call: Call, child: str, parent: str) -> list[CrowdDirectory]:
    return [each for each in call.seen.directories if {name_key(child), name_key(parent)} <= each.groups.keys()]


def _exists(call: Call, member: str, group: str) -> Refusal:
    status = call.state.quirks.membership_exists_status
    return Refusal(status, "MEMBERSHIP_ALREADY_EXISTS", f"Membership already exists: <{member}> in <{group}>")
