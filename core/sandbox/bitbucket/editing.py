"""What must hold before an account or a group is changed: it is there, its directory can be written, one may."""

from collections.abc import Collection

from core.sandbox.bitbucket.answers import clash, forbidden, no_such_group, no_such_user
from core.sandbox.bitbucket.endpoint import Call
from core.sandbox.bitbucket.state import State
from core.sandbox.embedded_crowd import Account, DirectoryContent, name_key

LICENCE = "The operation would exceed the number of users that your license allows."


def existing_account(state: State, name: str) -> Account:
    """The account of that name.

    :raises Refusal: 404 when there is none.
    """
    account = state.crowd.account(name)
    if account is None:
        raise no_such_user(name)
    return account


def existing_group(state: State, name: str) -> str:
    """The name of a group as stored.

    :raises Refusal: 404 when there is none.
    """
    stored = state.crowd.group(name)
    if stored is None:
        raise no_such_group(name)
    return stored


def editable(state: State, name: str) -> tuple[DirectoryContent, Account]:
    """The account with the directory that it counts from.

    :raises Refusal: 404 when it is not there, 403 when its directory cannot be written.
    """
    account = existing_account(state, name)
    content = state.crowd.home(name)
    if content is None or not content.directory.writable:
        raise forbidden(f"The directory of the user {account.username} is read-only.")
    return content, account


def first_writable(state: State) -> DirectoryContent:
    """Where a new user or group lands.

    :raises Refusal: 403 when no directory can be written.
    """
    content = state.crowd.first_writable()
    if content is None:
        raise forbidden("All user directories are read-only.")
    return content


def refuse_above(call: Call, level: int, what: str) -> None:
    """Refuse what concerns somebody with a higher permission than the caller has.

    :raises Refusal: 403.
    """
    if level > call.access:
        raise forbidden(f"{what} has a higher level of permission than you.")


def refuse_without_seats(state: State, account: Account, groups: Collection[str], *, granted: bool = False) -> None:
    """Refuse what would need a seat of a full licence: joining these groups (keys), or being granted a permission.

    :raises Refusal: 403.
    """
    gives = granted or any(group in state.grants.groups for group in groups)
    if gives and account.active and state.is_full() and not state.seats.has(account.username):
        raise forbidden(LICENCE)


def refuse_to_lower_oneself(call: Call, *, without_group: str | None = None, own_level: int | None = None) -> None:
    """Refuse to take a group away, or to change the caller's own grant to this, where the caller loses by it.

    :raises Refusal: 409.
    """
    state, caller = call.state, call.caller
    if caller is None:
        return
    groups = state.groups_of(caller.username) - ({name_key(without_group)} if without_group else set())
    if own_level is None:
        left = state.grants.level(caller.user_key, groups)
    else:
        left = max([own_level, *(state.grants.groups[group] for group in groups if group in state.grants.groups)])
    if left < state.level_of(caller.username):
        raise clash("You cannot reduce your own level of permission.")
