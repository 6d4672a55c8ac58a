"""What a caller may change about groups and memberships, and what then happens."""

from core.sandbox.embedded_crowd import Account, DirectoryContent, name_key
from core.sandbox.jira.answers import Refusal, refuse_if
from core.sandbox.jira.editing import existing_account, existing_group, first_writable, managed_here
from core.sandbox.jira.endpoint import Call
from core.sandbox.jira.names import group_name_errors
from core.sandbox.jira.state import State


def create_group(call: Call) -> str:
    """Create a group and answer its name as stored."""
    state, name = call.state, call.text("name")
    managed_here(state)
    refuse_if(group_name_errors(name))
    if state.crowd.group(name) is not None:
        raise Refusal(400, errors={"name": "A group with this name already exists."})
    state.crowd.put_group(first_writable(state), name)
    state.record("create-group", name)
    return name


def delete_group(call: Call, name: str) -> None:
    """Delete a group from every writable directory."""
    state, stored = call.state, existing_group(call.state, name)
    managed_here(state)
    if not state.crowd.delete_group(stored):
        raise Refusal(400, f"The group '{stored}' is in a read-only directory.")
    if state.crowd.group(stored) is None:
        state.record("delete-group", stored)


def add_member(call: Call, group: str, name: str) -> None:
    """Make a user a direct member of a group; one that is a member already is refused."""
    state = call.state
    if not name:
        raise Refusal(400, "The user name is required.")
    account = existing_account(state, name)
    managed_here(state)
    if name_key(group) in state.crowd.groups_of(account.username):
        raise Refusal(400, f"Cannot add user '{account.username}', user is already a member of '{group}'")
    content = _contents(state, account)[0]
    if state.quirks.membership_without_seats == "refuse":
        _check_seats(state, account, group)
    state.crowd.join(content, account.username, group)
    state.record("add-member", account.username, group)


def remove_member(call: Call, group: str, name: str) -> None:
    """End a direct membership, in every directory where it counts; one that is not there is refused."""
    state, account = call.state, existing_account(call.state, name)
    managed_here(state)
    if name_key(group) not in state.crowd.groups_of(account.username):
        status = state.quirks.remove_non_member_status
        raise Refusal(
            status, f"Cannot remove user '{account.username}' from group '{group}' since user is not a member of it"
        )
    for content in _contents(state, account):
        state.crowd.leave(content, account.username, group)
    if name_key(group) not in state.crowd.groups_of(account.username):
        state.record("remove-member", account.username, group)


def _contents(state: State, account: Account) -> list[DirectoryContent]:
    contents = state.crowd.taking_memberships(account.username)
    if not contents:
        raise Refusal(400, f"The user '{account.username}' is in a read-only directory.")
    return contents


def _check_seats(state: State, account: Account, group: str) -> None:
    for role in state.settings.applications:
        needs = name_key(group) in map(name_key, role.groups) and not state.seats.has(role, account.username)
        if needs and account.active and state.seats.free(role) == 0:
            raise Refusal(400, f"There are no seats left for {role.name}.")
