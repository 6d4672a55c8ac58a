"""What the instance tells about itself: version, licence, user directories, who one is, and the login page.

Source: Bitbucket Data Center REST API reference (8.14, 9.5), section System Maintenance.
"""

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from core.sandbox.answers import Json
from core.sandbox.bitbucket.answers import Refusal
from core.sandbox.bitbucket.endpoint import Access, Call, Endpoint
from core.sandbox.bitbucket.paging import paged
from core.sandbox.bitbucket.quirks import Quirks
from core.sandbox.bitbucket.representations import directory
from core.sandbox.directory_resource import all_directories, document_of

_API = "/rest/api/1.0"


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about the instance."""
    admin, system, public = Access.ADMINISTRATOR, Access.SYSTEM_ADMINISTRATOR, Access.PUBLIC
    whoami = [Endpoint("GET", "/plugins/servlet/applinks/whoami", _whoami, public)] if quirks.whoami else []
    return [
        Endpoint("GET", f"{_API}/application-properties", _properties, public),
        Endpoint("GET", f"{_API}/admin/license", _licence, admin),
        Endpoint("GET", f"{_API}/admin/user-directories", _own_directories, admin),
        Endpoint("GET", "/rest/crowd/latest/directory", _directories, system),
        Endpoint("GET", "/rest/crowd/1/directory", _directories, system),
        Endpoint("GET", "/rest/basicauth/latest/config", _basic, system),
        Endpoint("GET", "/", _home, public),
        Endpoint("GET", "/login", _login_page, public),
        *whoami,
    ]


def _properties(call: Call) -> Response:
    version = call.state.version
    return Json(
        {
            "version": str(version),
            # As 8019003 for 8.19.3.
            "buildNumber": str(version.major * 1_000_000 + version.minor * 1000 + version.patch),
            "buildDate": "1718000000000",
            "displayName": "Bitbucket",
        }
    )


def _licence(call: Call) -> Response:
    state = call.state
    if not state.settings.licensed:
        raise Refusal(404, "No license has been set.", "NoSuchEntityException")
    seats = state.settings.seats
    return Json(
        {
            "maximumNumberOfUsers": -1 if seats is None else seats,
            "unlimitedNumberOfUsers": seats is None,
            "status": {"serverId": "B000-0000-0000-0000", "currentNumberOfUsers": state.seats.taken},
        }
    )


def _own_directories(call: Call) -> Response:
    shown = [content.directory for content in call.state.crowd.contents]
    if not call.flag("includeInactive", default=False):
        shown = [each for each in shown if each.active]
    return paged(call, shown, directory)


def _directories(call: Call) -> Response:
    documents = [document_of(content.directory) for content in call.state.crowd.contents]
    return all_directories(documents, call.accept, key="directory")


def _basic(call: Call) -> Response:
    return Json({"block-requests": not call.state.takes_passwords, "show-warnings": True})


def _whoami(call: Call) -> Response:
    return PlainTextResponse(call.caller.username if call.caller else "")


def _home(call: Call) -> Response:
    return RedirectResponse(f"{call.state.context}/login", 302)


def _login_page(call: Call) -> Response:
    return HTMLResponse("<!doctype html><html><head><title>Log in - Bitbucket</title></head><body></body></html>")
