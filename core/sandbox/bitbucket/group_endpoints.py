"""Groups and their members.

Source: Bitbucket Data Center REST API reference (8.14, 9.5), section Permission Management.
"""

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.bitbucket import group_mutations
from core.sandbox.bitbucket.editing import existing_group
from core.sandbox.bitbucket.endpoint import Access, Call, Endpoint
from core.sandbox.bitbucket.paging import paged
from core.sandbox.bitbucket.representations import detailed_user_named, group, group_name
from core.sandbox.bitbucket.user_endpoints import matching

_GROUPS = "/rest/api/1.0/groups"
_ADMIN = "/rest/api/1.0/admin/groups"


def endpoints() -> list[Endpoint]:
    """The endpoints about groups."""
    licensed, admin = Access.LICENSED, Access.ADMINISTRATOR
    return [
        Endpoint("GET", _GROUPS, _names, licensed),
        Endpoint("GET", _ADMIN, _list, admin),
        Endpoint("POST", _ADMIN, _create, admin),
        Endpoint("DELETE", _ADMIN, _delete, admin),
        Endpoint("GET", f"{_ADMIN}/more-members", _members, admin),
        Endpoint("GET", f"{_ADMIN}/more-non-members", _others, admin),
        Endpoint("POST", f"{_ADMIN}/add-users", _add_users, admin, takes_json=True),
        Endpoint("POST", f"{_ADMIN}/remove-user", _remove_user, admin, takes_json=True),
    ]


def _names(call: Call) -> Response:
    return paged(call, _matching(call), group_name)


def _list(call: Call) -> Response:
    return paged(call, _matching(call), group)


def _matching(call: Call) -> list[str]:
    wanted = call.query.get("filter", "").lower()
    return [key for key in call.state.crowd.groups() if wanted in key]


def _create(call: Call) -> Response:
    stored = group_mutations.create_group(call)
    return Json(group(call, stored.lower()), call.state.quirks.group_created_status)


def _delete(call: Call) -> Response:
    shown = group(call, existing_group(call.state, call.asked("name")).lower())
    group_mutations.delete_group(call)
    return Json(shown)


def _members(call: Call) -> Response:
    return paged(call, matching(call.state, _members_of(call), call.query.get("filter", "")), detailed_user_named)


def _others(call: Call) -> Response:
    inside = set(_members_of(call))
    names = [name for name in call.state.crowd.accounts() if name not in inside]
    return paged(call, matching(call.state, names, call.query.get("filter", "")), detailed_user_named)


def _members_of(call: Call) -> list[str]:
    name = call.asked("context")
    if call.state.quirks.members_of_nobody == "404":
        existing_group(call.state, name)
    return call.state.crowd.members(name)


def _add_users(call: Call) -> Response:
    group_mutations.add_members(call, call.texts("users"), [call.text("group")])
    return Response(status_code=200)


def _remove_user(call: Call) -> Response:
    group_mutations.remove_member(call, call.text("itemName"), call.text("context"))
    return Response(status_code=200)
