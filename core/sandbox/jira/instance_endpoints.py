"""What the instance tells about itself: version, user directories, and the login page.

Source: Jira Data Center REST API reference.
"""

from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.sandbox.answers import Json
from core.sandbox.directory_resource import all_directories, document_of
from core.sandbox.jira.endpoint import Access, Call, Endpoint
from core.sandbox.jira.quirks import Quirks


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about the instance."""
    system = Access.SYSTEM_ADMINISTRATOR
    return [
        Endpoint("GET", "/rest/api/2/serverInfo", _server, Access.PUBLIC),
        Endpoint("GET", "/rest/crowd/latest/directory", _directories, system),
        Endpoint("GET", "/rest/crowd/1/directory", _directories, system),
        Endpoint("GET", "/", _home, Access.PUBLIC),
        Endpoint("GET", "/login.jsp", _login_page, Access.PUBLIC),
    ]


def _server(call: Call) -> Response:
    version = call.state.version
    return Json(
        {
            "baseUrl": call.base,
            "version": str(version),
            "versionNumbers": list(version),
            "deploymentType": "Server",
            # The product's own numbers follow no rule.
            "buildNumber": version.major * 100000 + version.minor * 1000 + version.patch,
            "serverTitle": "Jira",
        }
    )


def _directories(call: Call) -> Response:
    documents = [document_of(content.directory) for content in call.state.crowd.contents]
    return all_directories(documents, call.accept, key="directories")


def _home(call: Call) -> Response:
    return RedirectResponse(f"{call.state.context}/login.jsp", 302)


def _login_page(call: Call) -> Response:
    return HTMLResponse("<!doctype html><html><head><title>Log in - Jira</title></head><body></body></html>")
