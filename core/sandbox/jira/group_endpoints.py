"""Groups and memberships.

Source: Jira Data Center REST API reference, sections Group and Groups; JRASERVER-38898 (inactive members).
"""

from html import escape

from starlette.responses import Response

from core.sandbox.answers import Json
from core.sandbox.jira import group_mutations
from core.sandbox.jira.editing import existing_account, existing_group
from core.sandbox.jira.endpoint import Access, Call, Endpoint
from core.sandbox.jira.nesting import all_members
from core.sandbox.jira.paging import paged
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.representations import group, user_named

_GROUP = "/rest/api/2/group"
_MEMBER = f"{_GROUP}/member"
_LARGEST_PAGE = 50
_DEFAULT_PICKER = 20
"""`jira.ajax.autocomplete.limit`."""


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about groups."""
    known, admin = Access.KNOWN, Access.ADMINISTRATOR
    return [
        Endpoint("GET", "/rest/api/2/groups/picker", _picker, known),
        Endpoint("POST", _GROUP, _create, admin, takes_json=True),
        Endpoint("DELETE", _GROUP, _delete, admin),
        Endpoint("GET", _MEMBER, _members, admin),
        Endpoint("POST", f"{_GROUP}/user", _add, admin, takes_json=True),
        Endpoint("DELETE", f"{_GROUP}/user", _remove, admin),
    ]


def _picker(call: Call) -> Response:
    query, state = call.query.get("query", "").lower(), call.state
    found = [key for key in state.crowd.groups() if query in key]
    size = min(call.number("maxResults", _DEFAULT_PICKER), state.quirks.picker_cap or len(found))
    names = [state.crowd.group(key) or key for key in found[:size]]
    return Json(
        {
            "header": f"Showing {len(names)} of {len(found)} matching groups",
            "total": len(found),
            "groups": [{"name": name, "html": escape(name), "labels": []} for name in names],
        }
    )


def _create(call: Call) -> Response:
    stored = group_mutations.create_group(call)
    return Json(group(call, stored) | {"users": {"size": 0, "items": []}, "expand": "users"}, 201)


def _delete(call: Call) -> Response:
    group_mutations.delete_group(call, call.query.get("groupname", ""))
    return Response(status_code=200)


def _members(call: Call) -> Response:
    state, stored = call.state, existing_group(call.state, call.query.get("groupname", ""))
    names = all_members(state.crowd, stored)
    if not call.flag("includeInactiveUsers", default=False):
        names = [name for name in names if (account := state.crowd.account(name)) and account.active]
    return paged(call, f"{call.base}{_MEMBER}?groupname={stored}&", names, user_named, largest=_LARGEST_PAGE)


def _add(call: Call) -> Response:
    stored = existing_group(call.state, call.query.get("groupname", ""))
    group_mutations.add_member(call, stored, call.text("name"))
    return Json(group(call, stored) | {"expand": "users"}, 201)


def _remove(call: Call) -> Response:
    stored = existing_group(call.state, call.query.get("groupname", ""))
    account = existing_account(call.state, call.query.get("username", ""))
    group_mutations.remove_member(call, stored, account.username)
    return Response(status_code=200)
