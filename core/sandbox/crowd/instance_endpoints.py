"""What the instance tells about itself, and its login page.

Source: the admin API of Crowd (full since 4.1, CWD-5598), which takes a user's credentials and no application's.
"""

from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.sandbox.answers import Json
from core.sandbox.crowd.endpoint import Access, Call, Endpoint
from core.sandbox.crowd.quirks import Quirks

_TITLE = {"crowd": "Atlassian Crowd - Login", "jira": "Log in - Jira"}


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about the instance; Jira has no admin API of Crowd."""
    found = [
        Endpoint("GET", "/", _home, Access.PUBLIC),
        Endpoint("GET", "/console/login.action", _login_page, Access.PUBLIC),
    ]
    if quirks.host == "crowd":
        found.append(Endpoint("GET", "/rest/admin/1.0/server-info", _server_info, Access.ADMINISTRATOR))
    return found


def _server_info(call: Call) -> Response:
    return Json(
        {
            "baseUrl": call.base,
            "version": str(call.state.version),
            "deploymentTitle": "Crowd",
            "deploymentType": "Server",
        }
    )


def _home(call: Call) -> Response:
    return RedirectResponse(f"{call.state.context}/console/login.action", 302)


def _login_page(call: Call) -> Response:
    title = _TITLE[call.state.quirks.host]
    return HTMLResponse(f"<!doctype html><html><head><title>{title}</title></head><body></body></html>")
