"""What the instance tells about itself: version, access mode, counts, seats, and the login page.

Source: Confluence Data Center REST API reference; CONFSERVER-37100 for the licence.
"""

from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.sandbox.answers import Json
from core.sandbox.confluence.endpoint import Access, Call, Endpoint
from core.sandbox.confluence.quirks import Quirks
from core.sandbox.version import Version

_LICENSE = "/rest/license/1.0/license"
_BUILD_DATE = 1740787200000


def endpoints(quirks: Quirks) -> list[Endpoint]:
    """The endpoints about the instance."""
    since, admin = Version.parse(quirks.server_information_since), Access.ADMINISTRATOR
    return [
        Endpoint("GET", "/rest/api/server-information", _server, Access.KNOWN, since, anonymous=401),
        Endpoint("GET", "/rest/api/instance-metrics", _metrics, Access.KNOWN, since),
        Endpoint("GET", "/rest/api/accessmode", _access_mode, Access.ANYONE),
        Endpoint("GET", "/rest/applinks/1.0/manifest", _manifest, Access.PUBLIC),
        Endpoint("GET", f"{_LICENSE}/userCount", _user_count, admin),
        Endpoint("GET", f"{_LICENSE}/remainingSeats", _remaining_seats, admin),
        Endpoint("GET", f"{_LICENSE}/maxUsers", _max_users, admin),
        Endpoint("GET", f"{_LICENSE}/details", _license_details, admin, Version(7, 1)),
        Endpoint("GET", "/", _home, Access.PUBLIC),
        Endpoint("GET", "/login.action", _login_page, Access.PUBLIC),
    ]


def _server(call: Call) -> Response:
    return Json(
        {
            "baseUrl": call.base,
            "version": str(call.state.version),
            "buildNumber": _build_number(call),
            "marketplaceBuildNumber": _build_number(call),
            "buildDate": _BUILD_DATE,
        }
    )


def _manifest(call: Call) -> Response:
    facts = {"typeId": "confluence", "version": str(call.state.version), "buildNumber": _build_number(call)}
    if "application/json" in call.accept:
        return Json(facts | {"name": "Confluence", "url": call.base})
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in facts.items())
    return Response(f"<manifest>{fields}</manifest>", media_type="application/xml")


def _metrics(call: Call) -> Response:
    return Json({"pages": 0, "spaces": 0, "users": len(call.state.crowd.accounts())})


def _access_mode(call: Call) -> Response:
    return Json(call.state.settings.access_mode)


def _user_count(call: Call) -> Response:
    return Json({"count": len(call.state.seats)})


def _remaining_seats(call: Call) -> Response:
    free = call.state.seats.free(call.state.settings)
    return Json({"count": call.state.quirks.unlimited_seats if free is None else free})


def _max_users(call: Call) -> Response:
    return Json({"count": _seats(call)})


def _license_details(call: Call) -> Response:
    return Json({"licenseType": "COMMERCIAL", "maxUsers": _seats(call), "dataCenter": True})


def _home(call: Call) -> Response:
    return RedirectResponse(f"{call.state.context}/login.action", 302)


def _login_page(call: Call) -> Response:
    version = f'<meta name="ajs-version-number" content="{call.state.version}">'
    return HTMLResponse(f"<!doctype html><html><head>{version}<title>Log In</title></head><body></body></html>")


def _seats(call: Call) -> int:
    seats = call.state.settings.seats
    return call.state.quirks.unlimited_seats if seats is None else seats


def _build_number(call: Call) -> int:
    """A number that grows with the version; the product's own numbers follow no rule."""
    major, minor, patch = call.state.version
    return major * 1000 + minor * 10 + patch
