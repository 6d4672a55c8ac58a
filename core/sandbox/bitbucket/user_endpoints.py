"""Users: for everybody, and for administrators.

Source: Bitbucket Data Center REST API reference (8.14, 9.5), sections System Maintenance and Permission Management.
"""

from starlette.responses import Response

from core.sandbox.answers import Json, no_content
from core.sandbox.bitbucket import group_mutations, user_mutations
from core.sandbox.bitbucket.answers import invalid, no_such_user
from core.sandbox.bitbucket.editing import existing_account
from core.sandbox.bitbucket.endpoint import Access, Call, Endpoint
from core.sandbox.bitbucket.names import slug_of
from core.sandbox.bitbucket.paging import paged
from core.sandbox.bitbucket.permissions import NO_PERMISSION, permission_named
from core.sandbox.bitbucket.representations import (
    detailed_user,
    detailed_user_named,
    group,
    user_named,
)
from core.sandbox.bitbucket.state import State
from core.sandbox.embedded_crowd import name_key

_USERS = "/rest/api/1.0/users"
_ADMIN = "/rest/api/1.0/admin/users"


def endpoints() -> list[Endpoint]:
    """The endpoints about users."""
    licensed, admin = Access.LICENSED, Access.ADMINISTRATOR
    return [
        Endpoint("GET", _USERS, _light_list, licensed),
        Endpoint("GET", f"{_USERS}/{{slug}}", _one, licensed),
        Endpoint("GET", _ADMIN, _list, admin),
        Endpoint("POST", _ADMIN, _create, admin),
        Endpoint("PUT", _ADMIN, _update, admin, takes_json=True),
        Endpoint("DELETE", _ADMIN, _delete, admin),
        Endpoint("POST", f"{_ADMIN}/rename", _rename, admin, takes_json=True),
        Endpoint("PUT", f"{_ADMIN}/credentials", _set_password, admin, takes_json=True),
        Endpoint("DELETE", f"{_ADMIN}/captcha", _clear_captcha, admin),
        Endpoint("GET", f"{_ADMIN}/more-members", _groups, admin),
        Endpoint("GET", f"{_ADMIN}/more-non-members", _other_groups, admin),
        Endpoint("POST", f"{_ADMIN}/add-groups", _add_groups, admin, takes_json=True),
        Endpoint("POST", f"{_ADMIN}/remove-group", _remove_group, admin, takes_json=True),
    ]


def matching(state: State, names: list[str], text: str) -> list[str]:
    """Those of these users (name keys) whose username, full name or e-mail address has the text in it."""
    wanted = text.lower()
    if not wanted:
        return names
    found = []
    for name in names:
        account = state.crowd.account(name)
        if account and any(wanted in each.lower() for each in (account.username, account.full_name, account.email)):
            found.append(name)
    return found


def _light_list(call: Call) -> Response:
    state = call.state
    names = matching(state, state.crowd.accounts(), call.query.get("filter", ""))
    if "group" in call.query:
        inside = set(state.crowd.members(call.query["group"]))
        names = [name for name in names if name in inside]
    if "permission" in call.query and state.quirks.light_list_filters:
        wanted = permission_named(call.query["permission"])
        if wanted is None:
            raise invalid("There is no such permission.", "permission")
        names = [name for name in names if state.level_of(name) >= wanted > NO_PERMISSION]
    return paged(call, names, user_named)


def _one(call: Call) -> Response:
    names = call.state.crowd.accounts()
    found = next((name for name in names if slug_of(name) == call.path["slug"].lower()), None)
    if found is None:
        raise no_such_user(call.path["slug"])
    return Json(user_named(call, found))


def _list(call: Call) -> Response:
    return paged(
        call, matching(call.state, call.state.crowd.accounts(), call.query.get("filter", "")), detailed_user_named
    )


def _create(call: Call) -> Response:
    user_mutations.create_account(call)
    return no_content()


def _update(call: Call) -> Response:
    return Json(detailed_user(call, user_mutations.update_account(call)))


def _rename(call: Call) -> Response:
    return Json(detailed_user(call, user_mutations.rename_account(call)))


def _delete(call: Call) -> Response:
    account = existing_account(call.state, call.asked("name"))
    shown = detailed_user(call, account)
    user_mutations.delete_account(call)
    return Json(shown)


def _set_password(call: Call) -> Response:
    user_mutations.set_password(call)
    return no_content()


def _clear_captcha(call: Call) -> Response:
    account = existing_account(call.state, call.asked("name"))
    call.state.failed_logins.pop(name_key(account.username), None)
    return no_content()


def _groups(call: Call) -> Response:
    return paged(call, _matching_groups(call, _groups_of(call)), group)


def _other_groups(call: Call) -> Response:
    own = _groups_of(call)
    return paged(call, _matching_groups(call, set(call.state.crowd.groups()) - own), group)


def _groups_of(call: Call) -> set[str]:
    name = call.asked("context")
    if call.state.quirks.members_of_nobody == "404":
        existing_account(call.state, name)
    return call.state.crowd.groups_of(name)


def _matching_groups(call: Call, keys: set[str]) -> list[str]:
    wanted = call.query.get("filter", "").lower()
    return sorted(key for key in keys if wanted in key)


def _add_groups(call: Call) -> Response:
    group_mutations.add_members(call, [call.text("user")], call.texts("groups"))
    return Response(status_code=200)


def _remove_group(call: Call) -> Response:
    group_mutations.remove_member(call, call.text("context"), call.text("itemName"))
    return Response(status_code=200)
