"""Global permissions of users and groups.

Source: Bitbucket Data Center REST API reference (8.14, 9.5), section Permission Management.
"""

from starlette.responses import Response

from core.sandbox.answers import no_content
from core.sandbox.bitbucket.answers import forbidden, invalid, no_such_group, no_such_user, not_permitted
from core.sandbox.bitbucket.editing import (
    LICENCE,
    existing_account,
    existing_group,
    refuse_above,
    refuse_to_lower_oneself,
    refuse_without_seats,
)
from core.sandbox.bitbucket.endpoint import Access, Call, Endpoint
from core.sandbox.bitbucket.paging import paged
from core.sandbox.bitbucket.permissions import NO_PERMISSION, Permission, permission_named
from core.sandbox.bitbucket.representations import group_permission, user_permission
from core.sandbox.bitbucket.state import State
from core.sandbox.embedded_crowd import name_key

_USERS = "/rest/api/1.0/admin/permissions/users"
_GROUPS = "/rest/api/1.0/admin/permissions/groups"


def endpoints() -> list[Endpoint]:
    """The endpoints about global permissions."""
    admin = Access.ADMINISTRATOR
    return [
        Endpoint("GET", _USERS, _of_users, admin),
        Endpoint("PUT", _USERS, _grant_user, admin),
        Endpoint("DELETE", _USERS, _revoke_user, admin),
        Endpoint("GET", _GROUPS, _of_groups, admin),
        Endpoint("PUT", _GROUPS, _grant_group, admin),
        Endpoint("DELETE", _GROUPS, _revoke_group, admin),
    ]


def _of_users(call: Call) -> Response:
    state, wanted = call.state, call.query.get("filter", "").lower()
    found = {}
    for user_key, permission in state.grants.users.items():
        account = state.crowd.account_with_key(user_key)
        if account and (wanted in account.username.lower() or wanted in account.full_name.lower()):
            found[name_key(account.username)] = permission
    return paged(call, sorted(found.items()), user_permission)


def _grant_user(call: Call) -> Response:
    state, permission = call.state, _permission(call)
    account = existing_account(state, call.asked("name"))
    if call.caller and call.caller.user_key == account.user_key:
        refuse_to_lower_oneself(call, own_level=permission)
    refuse_without_seats(state, account, (), granted=True)
    if state.grants.users.get(account.user_key) != permission:
        state.grants.users[account.user_key] = permission
        state.reassess_seats([account.username])
        state.record("grant-permission", account.username, permission.name)
    return no_content()


def _revoke_user(call: Call) -> Response:
    state = call.state
    account = existing_account(state, call.asked("name"))
    permission = state.grants.users.get(account.user_key)
    if permission is None:
        raise no_such_user(account.username)
    if permission > call.access:
        raise not_permitted()
    if call.caller and call.caller.user_key == account.user_key:
        refuse_to_lower_oneself(call, own_level=NO_PERMISSION)
    del state.grants.users[account.user_key]
    state.reassess_seats([account.username])
    state.record("revoke-permission", account.username, permission.name)
    return no_content()


def _of_groups(call: Call) -> Response:
    wanted = call.query.get("filter", "").lower()
    found = {group: level for group, level in call.state.grants.groups.items() if wanted in group}
    return paged(call, sorted(found.items()), group_permission)


def _grant_group(call: Call) -> Response:
    state, permission = call.state, _permission(call)
    stored = existing_group(state, call.asked("name"))
    key = name_key(stored)
    seats = state.settings.seats
    if seats is not None and _needed(state, key) > seats - state.seats.taken:
        raise forbidden(LICENCE)
    if state.grants.groups.get(key) != permission:
        state.grants.groups[key] = permission
        state.reassess_members(stored)
        state.record("grant-permission", stored, permission.name)
    return no_content()


def _revoke_group(call: Call) -> Response:
    state = call.state
    stored = existing_group(state, call.asked("name"))
    permission = state.grants.groups.get(name_key(stored))
    if permission is None:
        raise no_such_group(stored)
    if permission > call.access:
        raise not_permitted()
    refuse_to_lower_oneself(call, without_group=stored)
    del state.grants.groups[name_key(stored)]
    state.reassess_members(stored)
    state.record("revoke-permission", stored, permission.name)
    return no_content()


def _permission(call: Call) -> Permission:
    """The permission that is asked for.

    :raises Refusal: 400 when there is none of that name, 403 when it is above the caller's own.
    """
    permission = permission_named(call.asked("permission"))
    if permission is None:
        raise invalid("There is no such permission.", "permission")
    refuse_above(call, permission, "What you grant")
    return permission


def _needed(state: State, group: str) -> int:
    """How many seats the members of a group would take anew."""
    members = (state.crowd.account(name) for name in state.crowd.members(group))
    return sum(1 for account in members if account and account.active and not state.seats.has(account.username))
