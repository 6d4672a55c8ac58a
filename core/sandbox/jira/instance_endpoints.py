"""What the instance tells about itself: version, user directories, and the login page.

Source: Jira Data Center REST API reference; Embedded Crowd's directory resource, XML unless JSON is asked for.
"""

from xml.sax.saxutils import escape

from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.sandbox.answers import Json
from core.sandbox.embedded_crowd import Directory
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
    documents = [_document(content.directory) for content in call.state.crowd.contents]
    if "application/json" in call.accept:
        return Json({"directories": documents})
    elements = "".join(f"<directory>{_fields(document)}</directory>" for document in documents)
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return Response(f"{declaration}<directories>{elements}</directories>", media_type="application/xml")


def _document(directory: Directory) -> dict[str, object]:
    return {"id": directory.id, "name": directory.name, "active": directory.active, "type": directory.type}


def _fields(document: dict[str, object]) -> str:
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in document.items())


def _home(call: Call) -> Response:
    return RedirectResponse(f"{call.state.context}/login.jsp", 302)


def _login_page(call: Call) -> Response:
    return HTMLResponse("<!doctype html><html><head><title>Log in - Jira</title></head><body></body></html>")
