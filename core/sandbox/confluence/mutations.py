"""What a caller may change and what then happens: the rules behind both REST and JSON-RPC.

Each function either changes something and records one effect, finds nothing to change and records none, or raises
`Refusal` and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.sandbox.confluence.answers import Invalid, Refusal, invalid
from core.sandbox.confluence.names import email_errors, full_name_errors, group_name_errors, username_errors
from core.sandbox.confluence.state import State
from core.sandbox.embedded_crowd import Account, DirectoryContent, name_key


def create_account(state: State, username: str, full_name: str, email: str, password: str) -> Account:
    """Create an active user in the first writable directory and let him join the default group."""
    errors = [
        *username_errors(username, state.quirks),
        *full_name_errors(full_name),
        *_email_errors(state, email),
    ]
    _refuse(errors)
    if state.crowd.account(username):
        raise Refusal(409, f"A user with the name {username} already exists.")
    content = _first_writable(state)
    if state.seats.free(state.settings) == 0:
        raise _full()
    account = Account(state.crowd.user_keys.of(username), username, full_name, email)
    state.crowd.put_account(content, account)
    if password:
        state.passwords[account.user_key] = password
    state.record("create-account", username, f"{full_name} <{email}>")
    default_group = state.crowd.group(state.settings.default_group)
    if default_group is not None:
        state.crowd.join(content, username, default_group)
        state.record("join-default-group", username, default_group)
    return account


def update_account(state: State, username: str, full_name: str, email: str) -> None:
    """Set full name and e-mail address."""
    content, account = _editable(state, username)
    email_changes = name_key(email) != name_key(account.email)
    _refuse([*full_name_errors(full_name), *(_email_errors(state, email) if email_changes else email_errors(email))])
    changed = replace(account, full_name=full_name, email=email)
    if changed != account:
        state.crowd.put_account(content, changed)
        state.record("update-account", account.username, f"{full_name} <{email}>")


def set_active(state: State, username: str, active: bool) -> bool:
    """Activate or deactivate a user and answer whether that changed anything."""
    content, account = _editable(state, username)
    if account.active == active:
        return False
    if active and state.quirks.reactivation_without_seats == "refuse" and _needs_seat(state, username):
        raise _full()
    state.crowd.put_account(content, replace(account, active=active))
    state.record("reactivate-account" if active else "deactivate-account", account.username)
    return True


def set_password(state: State, username: str, password: str) -> None:
    """Set a password."""
    _, account = _editable(state, username)
    _refuse([] if password else [Invalid("password.required", "Password is required.")])
    state.passwords[account.user_key] = password
    state.record("set-password", account.username)


def start_deletion(state: State, username: str) -> str:
    """Accept the deletion of a user and answer the id of the long task that will do it."""
    _, account = _editable(state, username)

    def delete() -> bool:
        still_there = state.crowd.account_with_key(account.user_key)
        try:
            if still_there:
                delete_account(state, still_there.username)
        except Refusal:
            return False
        return True

    return state.tasks.start("user.delete", delete)


def delete_account(state: State, username: str) -> None:
    """Delete a user from the directory that counts."""
    content, account = _editable(state, username)
    state.crowd.remove_account(content, username)
    state.passwords.pop(account.user_key, None)
    state.record("delete-account", account.username)


def create_group(state: State, name: str) -> str:
    """Create a group and answer its name as stored."""
    _refuse(group_name_errors(name, state.quirks))
    if state.crowd.group(name) is not None:
        raise Refusal(409, f"A group with the name {name} already exists.")
    stored = name.lower() if state.quirks.lower_group_names else name
    state.crowd.put_group(_first_writable(state), stored)
    state.record("create-group", stored)
    return stored


def delete_group(state: State, name: str) -> None:
    """Delete a group from every writable directory."""
    stored = existing_group(state, name)
    admin_groups = {name_key(group) for group in state.settings.system_administrator_groups}
    if name_key(name) in admin_groups and len(admin_groups & set(state.crowd.groups())) == 1:
        raise Refusal(400, f"The group {stored} is the last one with system administrators; it cannot be deleted.")
    if not state.crowd.delete_group(name):
        raise _read_only(state, stored)
    if state.crowd.group(name) is None:
        state.record("delete-group", stored)


def add_member(state: State, username: str, group: str) -> None:
    """Make a user a direct member of a group, in the directory that the user is from."""
    account, stored, contents = _membership(state, username, group)
    if name_key(stored) not in state.crowd.groups_of(username):
        state.crowd.join(contents[0], username, stored)
        state.record("add-member", account.username, stored)


def remove_member(state: State, username: str, group: str) -> None:
    """End a membership, in every directory where it counts."""
    account, stored, contents = _membership(state, username, group)
    if name_key(stored) not in state.crowd.groups_of(username):
        return
    for content in contents:
        state.crowd.leave(content, username, stored)
    if name_key(stored) not in state.crowd.groups_of(username):
        state.record("remove-member", account.username, stored)


def existing_account(state: State, username: str) -> Account:
    """The account of that name.

    :raises Refusal: 404 when there is none.
    """
    account = state.crowd.account(username)
    if account is None:
        raise Refusal(404, f"No user found with name : {username}")
    return account


def existing_group(state: State, name: str) -> str:
    """The name of a group as stored.

    :raises Refusal: 404 when there is none.
    """
    stored = state.crowd.group(name)
    if stored is None:
        raise Refusal(404, f"No group found with name : {name}")
    return stored


def _membership(state: State, username: str, group: str) -> tuple[Account, str, list[DirectoryContent]]:
    account, stored = existing_account(state, username), existing_group(state, group)
    contents = state.crowd.taking_memberships(username)
    if not contents:
        raise _read_only(state, username)
    return account, stored, contents


def _editable(state: State, username: str) -> tuple[DirectoryContent, Account]:
    account = existing_account(state, username)
    content = state.crowd.home(username)
    if content is None or not content.directory.writable:
        raise _read_only(state, username)
    return content, account


def _first_writable(state: State) -> DirectoryContent:
    content = state.crowd.first_writable()
    if content is None:
        raise Refusal(state.quirks.read_only_directory_status, "There is no user directory that can be written.")
    return content


def _read_only(state: State, subject: str) -> Refusal:
    return Refusal(
        state.quirks.read_only_directory_status,
        f"{subject} is in a read-only user directory and cannot be changed here.",
    )


def _needs_seat(state: State, username: str) -> bool:
    """Whether this user, once active, would take a seat that is not there."""
    use_groups = {name_key(group) for group in state.settings.use_groups}
    return state.seats.free(state.settings) == 0 and bool(use_groups & state.crowd.groups_of(username))


def _full() -> Refusal:
    return Refusal(402, "Your license does not allow any more users.")


def _email_errors(state: State, email: str) -> list[Invalid]:
    errors = email_errors(email)
    if not errors and not state.quirks.duplicate_emails and state.crowd.has_email(email):
        errors = [Invalid("email.duplicate", "Another user has this e-mail address.")]
    return errors


def _refuse(errors: Sequence[Invalid]) -> None:
    if errors:
        raise invalid(errors)
