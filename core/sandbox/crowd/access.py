"""Which application is calling, and whether it may: its name and password, and the address that it calls from.

Source: Crowd REST resources; the words for a wrong address are Crowd's own.
"""

from html import escape

from starlette.requests import Request

from core.sandbox.answers import Instead, page
from core.sandbox.credentials import basic
from core.sandbox.crowd.applications import Application
from core.sandbox.crowd.endpoint import Access, Endpoint
from core.sandbox.crowd.state import State

ADMINISTRATOR = ("admin", "admin")
"""Name and password of the user who administers Crowd: known to the admin API only."""
NOBODY = Application("", "", directories=())
"""Stands for the application where none is needed."""

_REALM = {"WWW-Authenticate": 'BASIC realm="Crowd REST Service"'}


def authorize(state: State, endpoint: Endpoint, request: Request) -> Application:
    """The application that calls.

    :raises Instead: 401 for a wrong name or password, 403 for an address that is not in the application's list, or a
        sign-on's login page.
    """
    if endpoint.access is Access.PUBLIC:
        return NOBODY
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    said = basic(credential.strip()) if scheme.lower() == "basic" else None
    if endpoint.access is Access.ADMINISTRATOR:
        if said != ADMINISTRATOR:
            raise _not_let_in(state)
        return NOBODY
    application = state.application(said[0]) if said else None
    if said is None or application is None or application.password != said[1]:
        raise _not_let_in(state)
    address = request.client.host if request.client else ""
    if not application.may_call_from(address):
        text = f'Client with address "{address}" is forbidden from making requests to the application, '
        raise page(403, f"HTTP Status 403 – {escape(text)}{escape(application.name)}.")
    return application


def _not_let_in(state: State) -> Instead:
    if state.quirks.unauthenticated == "redirect":
        return page(302, "Log in", {"Location": f"{state.context}/console/login.action"})
    return page(401, "HTTP Status 401 – Application failed to authenticate", _REALM)
