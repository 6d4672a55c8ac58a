"""Application access: the applications with their seats, and giving and taking access.

Source: Jira Data Center REST API reference, sections Application Role and User.
"""

from starlette.responses import Response

from core.sandbox.answers import Json, no_content
from core.sandbox.embedded_crowd import name_key
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.editing import editable
from core.sandbox.jira.endpoint import Access, Call, Endpoint
from core.sandbox.jira.quirks import Quirks
from core.sandbox.jira.representations import application, user
from core.sandbox.jira.user_mutations import join_defaults, no_seat, role_of

_ROLES = "/rest/api/2/applicationrole"
_ACCESS = "/rest/api/2/user/application"


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about access to applications."""
    admin = Access.ADMINISTRATOR
    return [
        Endpoint("GET", _ROLES, _list, admin),
        Endpoint("GET", f"{_ROLES}/{{key}}", _one, admin),
        Endpoint("POST", _ACCESS, _give, admin),
        Endpoint("DELETE", _ACCESS, _take, admin),
    ]


def _list(call: Call) -> Response:
    return Json([application(call, role) for role in call.state.settings.applications])


def _one(call: Call) -> Response:
    for role in call.state.settings.applications:
        if role.key == call.path["key"]:
            return Json(application(call, role))
    raise Refusal(404, f"There is no application role with the key {call.path['key']}.")


def _give(call: Call) -> Response:
    state, role = call.state, role_of(call.state, call.query.get("applicationKey", ""))
    content, account = editable(call, call.query.get("username", ""))
    if state.seats.free(role) == 0 and not state.seats.has(role, account.username):
        raise no_seat(role)
    join_defaults(state, content, account, role)
    return Json(user(call, account))


def _take(call: Call) -> Response:
    state, role = call.state, role_of(call.state, call.query.get("applicationKey", ""))
    content, account = editable(call, call.query.get("username", ""))
    for group in role.groups:
        if name_key(group) in state.crowd.groups_of(account.username):
            state.crowd.leave(content, account.username, group)
            state.record("leave-application-group", account.username, group)
    return no_content()
