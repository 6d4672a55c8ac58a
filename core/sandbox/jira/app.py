"""The endpoints of the simulated Jira on HTTP, and what a request goes through before its endpoint looks at it.

The order is the product's: the XSRF filter and the login judge the client, and only then is the body looked at.
"""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from core.sandbox.asked import asked, json_of
from core.sandbox.filters import check_xsrf
from core.sandbox.jira import (
    access_endpoints,
    component_endpoints,
    duplicate_endpoints,
    group_endpoints,
    instance_endpoints,
    listing_endpoints,
    project_endpoints,
    user_endpoints,
)
from core.sandbox.jira.access import authenticate, authorize
from core.sandbox.jira.answers import Refusal
from core.sandbox.jira.endpoint import Call, Endpoint
from core.sandbox.jira.state import State
from core.sandbox.product_app import product_app

_MODULES = (
    listing_endpoints,
    user_endpoints,
    duplicate_endpoints,
    access_endpoints,
    group_endpoints,
    project_endpoints,
    component_endpoints,
    instance_endpoints,
)
_LATEST = {"/rest/api/latest/": "/rest/api/2/"}


def jira_app(state: State) -> ASGIApp:
    """The ASGI application for the endpoints that `state.version` has."""
    endpoints = [endpoint for module in _MODULES for endpoint in module.endpoints(state.quirks)]
    return product_app(state, state.quirks, endpoints, partial(_answer, state), aliases=_LATEST)


def _answer(state: State, endpoint: Endpoint, request: Request, content: bytes) -> Response:
    check_xsrf(request)
    caller = authenticate(state, request.headers)
    call = Call(
        state,
        caller,
        *asked(request, state.settings.base_url, state.context),
        access=authorize(state, caller, endpoint),
        body=_object(request, content) if endpoint.takes_json else {},
    )
    return endpoint.handler(call)


def _object(request: Request, content: bytes) -> dict[str, object]:
    malformed = Refusal(400, "Unexpected character: the request body is not valid JSON.")
    document = json_of(request, content, malformed)
    if not isinstance(document, dict):
        raise Refusal(400, "The request body is no JSON object.")
    return document
