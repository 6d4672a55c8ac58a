"""Groups and memberships.

Source: Confluence Data Center REST API reference, sections Group, User Group and Admin Group.
"""

from urllib.parse import quote

from starlette.responses import Response

from core.sandbox.answers import Json, no_content
from core.sandbox.confluence import mutations
from core.sandbox.confluence.endpoint import Access, Call, Endpoint
from core.sandbox.confluence.paging import paged
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.representations import group, group_named, user_named
from core.sandbox.version import Version

_GROUPS = "/rest/api/group"
_GROUP = "/rest/api/group/{group}"
_MEMBERSHIP = "/rest/api/user/{username}/group/{group}"


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints of groups and memberships."""
    viewer, admin = Access.VIEWER, Access.ADMINISTRATOR
    writes_since = Version.parse(quirks.group_writes_since)
    return [
        Endpoint("GET", _GROUPS, _list, viewer),
        Endpoint("GET", _GROUP, _group, viewer),
        Endpoint("GET", f"{_GROUP}/member", _members, viewer),
        Endpoint("GET", f"{_GROUP}/groupmember", _nested_groups, viewer),
        Endpoint("POST", "/rest/api/admin/group", _create, admin, writes_since, takes_json=True),
        Endpoint("DELETE", "/rest/api/admin/group/{group}", _delete, admin, writes_since),
        Endpoint("PUT", _MEMBERSHIP, _add_member, admin, writes_since),
        Endpoint("DELETE", _MEMBERSHIP, _remove_member, admin, writes_since),
    ]


def _list(call: Call) -> Response:
    return paged(call, _GROUPS, call.state.crowd.groups(), group_named)


def _group(call: Call) -> Response:
    return Json(group(call, mutations.existing_group(call.state, call.path["group"])))


def _members(call: Call) -> Response:
    stored = mutations.existing_group(call.state, call.path["group"])
    path = f"{_GROUPS}/{quote(stored, safe='')}/member"
    return paged(call, path, call.state.crowd.members(stored), user_named)


def _nested_groups(call: Call) -> Response:
    stored = mutations.existing_group(call.state, call.path["group"])
    path = f"{_GROUPS}/{quote(stored, safe='')}/groupmember"
    return paged(call, path, call.state.crowd.nested_groups(stored), group_named)


def _create(call: Call) -> Response:
    return Json(group(call, mutations.create_group(call.state, call.text("name"))), 201)


def _delete(call: Call) -> Response:
    mutations.delete_group(call.state, call.path["group"])
    return no_content()


def _add_member(call: Call) -> Response:
    mutations.add_member(call.state, call.path["username"], call.path["group"])
    return no_content()


def _remove_member(call: Call) -> Response:
    mutations.remove_member(call.state, call.path["username"], call.path["group"])
    return no_content()
