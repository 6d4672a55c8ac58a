"""Administering users: create, update, deactivate, activate, delete, set a password, list who is licensed.

Source: Confluence Data Center REST API reference, sections Admin User and Admin Users.
"""

from starlette.responses import Response

from core.sandbox.answers import Json, no_content
from core.sandbox.confluence import mutations
from core.sandbox.confluence.answers import Invalid, Refusal, invalid
from core.sandbox.confluence.endpoint import Access, Call, Endpoint
from core.sandbox.confluence.paging import paged
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.confluence.representations import licensed_user, licensed_user_named
from core.sandbox.version import Version

_USER = "/rest/api/admin/user/{username}"


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints below `/rest/api/admin/user`."""
    admin, system = Access.ADMINISTRATOR, Access.SYSTEM_ADMINISTRATOR
    update_since = Version.parse(quirks.update_since)
    return [
        Endpoint("POST", "/rest/api/admin/user", _create, admin, Version(8, 4), anonymous=401, takes_json=True),
        Endpoint("PUT", _USER, _update, admin, update_since, anonymous=401, takes_json=True),
        Endpoint("PUT", f"{_USER}/disable", _disable, admin, Version(8, 2), anonymous=401),
        Endpoint("PUT", f"{_USER}/enable", _enable, admin, Version(8, 2), anonymous=401),
        Endpoint("DELETE", _USER, _delete, admin, Version(8, 2), anonymous=401),
        Endpoint("POST", f"{_USER}/password", _set_password, system, Version(8, 4), takes_json=True),
        Endpoint("GET", quirks.active_list_path, _list_licensed, admin, Version(9, 3)),
        Endpoint("GET", "/rest/api/longtask/{id}", _long_task, Access.KNOWN),
    ]


def _create(call: Call) -> Response:
    password, notify = call.text("password"), call.flag("notifyViaEmail")
    if bool(password) == notify:
        raise invalid(
            [Invalid("password.or.notify", "Give either a password or notifyViaEmail, not both and not none.")]
        )
    account = mutations.create_account(
        call.state, call.text("userName"), call.text("fullName"), call.text("email"), password
    )
    return Json({"userKey": account.user_key}, 201)


def _update(call: Call) -> Response:
    mutations.existing_account(call.state, call.path["username"])
    mutations.update_account(call.state, call.path["username"], call.text("fullName"), call.text("email"))
    return Response(status_code=call.state.quirks.update_status)


def _disable(call: Call) -> Response:
    mutations.set_active(call.state, call.path["username"], False)
    return no_content()


def _enable(call: Call) -> Response:
    mutations.set_active(call.state, call.path["username"], True)
    return no_content()


def _delete(call: Call) -> Response:
    task = mutations.start_deletion(call.state, call.path["username"])
    status = f"/rest/api/longtask/{task}"
    return Json({"id": task, "links": {"result": status, "status": status}}, 202)


def _set_password(call: Call) -> Response:
    mutations.set_password(call.state, call.path["username"], call.text("password"))
    return no_content()


def _list_licensed(call: Call) -> Response:
    state = call.state
    if state.quirks.active_list_lags:
        return paged(call, state.quirks.active_list_path, state.search_index, licensed_user)
    return paged(call, state.quirks.active_list_path, state.seats.accounts(), licensed_user_named)


def _long_task(call: Call) -> Response:
    task = call.state.tasks.poll(call.path["id"])
    if task is None:
        raise Refusal(404, f"No long task found with id : {call.path['id']}")
    return Json(task)
