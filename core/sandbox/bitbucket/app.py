"""The endpoints of the simulated Bitbucket on HTTP, and what a request goes through before its endpoint looks at it.

The order is the product's: the XSRF filter and the login judge the client, and only then is the body looked at.
"""

from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from core.sandbox.asked import asked, json_of
from core.sandbox.bitbucket import group_endpoints, instance_endpoints, permission_endpoints, user_endpoints
from core.sandbox.bitbucket.access import authenticate, authorize
from core.sandbox.bitbucket.answers import invalid
from core.sandbox.bitbucket.endpoint import Call, Endpoint
from core.sandbox.bitbucket.state import State
from core.sandbox.filters import check_xsrf
from core.sandbox.product_app import product_app

_LATEST = {"/rest/api/latest/": "/rest/api/1.0/"}


def bitbucket_app(state: State) -> ASGIApp:
    """The ASGI application for the endpoints that `state.version` has."""
    endpoints = [
        *user_endpoints.endpoints(),
        *group_endpoints.endpoints(),
        *permission_endpoints.endpoints(),
        *instance_endpoints.endpoints(state.quirks),
    ]
    return product_app(state, state.quirks, endpoints, partial(_answer, state), aliases=_LATEST)


def _answer(state: State, endpoint: Endpoint, request: Request, content: bytes) -> Response:
    check_xsrf(request)
    caller = authenticate(state, request.headers)
    call = Call(
        state,
        caller,
        *asked(request, state.settings.base_url, state.context),
        access=authorize(state, caller, endpoint, request.headers),
        body=_object(request, content) if endpoint.takes_json else {},
    )
    response = endpoint.handler(call)
    if caller is not None and state.quirks.tells_user != "not":
        told = quote(caller.username) if state.quirks.tells_user == "encoded" else caller.username
        response.headers["X-AUSERNAME"] = told.encode().decode("latin-1")
    return response


def _object(request: Request, content: bytes) -> dict[str, object]:
    document = json_of(request, content, invalid("The request body is not valid JSON."))
    if not isinstance(document, dict):
        raise invalid("The request body is no JSON object.")
    return document
