"""The endpoints of the simulated Crowd on HTTP, and what a request goes through before its endpoint looks at it.

Every answer carries the version, from which Crowd's own clients know that they speak to a Crowd.
"""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from core.sandbox.answers import Instead
from core.sandbox.asked import asked, json_of
from core.sandbox.crowd import (
    group_endpoints,
    instance_endpoints,
    membership_endpoints,
    nesting_endpoints,
    search_endpoints,
    user_endpoints,
)
from core.sandbox.crowd.access import authorize
from core.sandbox.crowd.answers import Refusal, answer
from core.sandbox.crowd.endpoint import Call, Endpoint
from core.sandbox.crowd.seen import Seen
from core.sandbox.crowd.state import State
from core.sandbox.product_app import product_app

_MODULES = (search_endpoints, user_endpoints, group_endpoints, membership_endpoints, nesting_endpoints)
_LATEST = {"/rest/usermanagement/latest/": "/rest/usermanagement/1/"}
_DISPLAY_NAME = {"crowd": "Crowd", "jira": "JIRA"}


def crowd_app(state: State) -> ASGIApp:
    """The ASGI application for the endpoints that `state.version` has."""
    endpoints = [endpoint for module in _MODULES for endpoint in module.endpoints()]
    endpoints += instance_endpoints.endpoints(state.quirks)
    return product_app(state, state.quirks, endpoints, partial(_versioned, state), aliases=_LATEST)


def _versioned(state: State, endpoint: Endpoint, request: Request, content: bytes) -> Response:
    try:
        response = _answer(state, endpoint, request, content)
    except Instead as instead:
        response = instead.response
    response.headers["X-Embedded-Crowd-Version"] = f"{_DISPLAY_NAME[state.quirks.host]}/{state.version}"
    return response


def _answer(state: State, endpoint: Endpoint, request: Request, content: bytes) -> Response:
    application = authorize(state, endpoint, request)
    told = asked(request, state.settings.base_url, state.context)
    try:
        body = _object(request, content) if endpoint.takes_json else {}
        seen = Seen(state, application)
        return endpoint.handler(Call(state, seen, told.base, told.query, told.accept, body))
    except Refusal as refusal:
        return answer("error", refusal.document, told.accept, refusal.status)


def _object(request: Request, content: bytes) -> dict[str, object]:
    """The body, of which this simulator reads JSON only, while Crowd reads XML too."""
    malformed = Instead(Response("Unexpected character: the body is not valid JSON.", 400, media_type="text/plain"))
    document = json_of(request, content, malformed)
    if not isinstance(document, dict):
        raise malformed
    return document
