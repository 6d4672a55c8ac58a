"""What a caller may change about groups and memberships, and what then happens."""

from collections.abc import Sequence

from core.sandbox.bitbucket.answers import Refusal, clash, forbidden
from core.sandbox.bitbucket.editing import (
    existing_account,
    existing_group,
    first_writable,
    refuse_above,
    refuse_to_lower_oneself,
    refuse_without_seats,
)
from core.sandbox.bitbucket.endpoint import Call
from core.sandbox.bitbucket.names import check_group_name
from core.sandbox.bitbucket.permissions import NO_PERMISSION
from core.sandbox.bitbucket.state import State
from core.sandbox.embedded_crowd import Account, DirectoryContent, name_key


def create_group(call: Call) -> str:
    """Create a group and answer its name as stored."""
    state, name = call.state, call.asked("name")
    check_group_name(name)
    if state.crowd.group(name) is not None:
        raise clash(f"The group {name} exists already.", "name")
    state.crowd.put_group(first_writable(state), name)
    state.record("create-group", name)
    return name


def delete_group(call: Call) -> str:
    """Delete a group from every writable directory, with what it was granted."""
    state, stored = call.state, existing_group(call.state, call.asked("name"))
    refuse_above(call, _level(state, stored), stored)
    refuse_to_lower_oneself(call, without_group=stored)
    if not state.crowd.delete_group(stored):
        raise forbidden(f"The directory of the group {stored} is read-only.")
    if state.crowd.group(stored) is None:
        state.grants.groups.pop(name_key(stored), None)
        state.record("delete-group", stored)
    state.crowd.reassess_all()
    return stored


def add_members(call: Call, users: Sequence[str], groups: Sequence[str]) -> None:
    """Make all of these users members of all of these groups; one that is refused stops all, where bulk is atomic."""
    if call.state.quirks.bulk_is_atomic:
        for user in users:
            for group in groups:
                _check_addition(call, user, group)
    for user in users:
        for group in groups:
            _add(call, user, group)


def remove_member(call: Call, user: str, group: str) -> None:
    """End a membership, in every directory where it counts."""
    state = call.state
    account, stored = existing_account(state, user), existing_group(state, group)
    if name_key(stored) not in state.crowd.groups_of(account.username):
        if state.quirks.remove_non_member_status == 404:
            raise Refusal(404, f"{account.username} is not in {stored}.", "NoSuchEntityException")
        return
    refuse_above(call, _level(state, stored), stored)
    if call.caller and call.caller.user_key == account.user_key:
        refuse_to_lower_oneself(call, without_group=stored)
    for content in _contents(state, account):
        state.crowd.leave(content, account.username, stored)
    if name_key(stored) not in state.crowd.groups_of(account.username):
        state.record("remove-member", account.username, stored)


def _check_addition(call: Call, user: str, group: str) -> tuple[Account, str, list[DirectoryContent]]:
    state = call.state
    account, stored = existing_account(state, user), existing_group(state, group)
    refuse_above(call, _level(state, stored), stored)
    refuse_without_seats(state, account, [name_key(stored)])
    if name_key(stored) in state.crowd.groups_of(account.username) and state.quirks.add_member_again_status == 409:
        raise clash(f"{account.username} is in {stored} already.")
    return account, stored, _contents(state, account)


def _add(call: Call, user: str, group: str) -> None:
    account, stored, contents = _check_addition(call, user, group)
    if name_key(stored) not in call.state.crowd.groups_of(account.username):
        call.state.crowd.join(contents[0], account.username, stored)
        call.state.record("add-member", account.username, stored)


def _level(state: State, group: str) -> int:
    return state.grants.groups.get(name_key(group), NO_PERMISSION)


def _contents(state: State, account: Account) -> list[DirectoryContent]:
    contents = state.crowd.taking_memberships(account.username)
    if not contents:
        raise forbidden(f"The groups of {account.username} cannot be changed: the directory is read-only.")
    return contents
