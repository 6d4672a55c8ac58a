"""The endpoints of the simulated Confluence on HTTP, and what a request goes through before its endpoint looks at it.

The order is the product's: the XSRF filter and the login judge the client, and only then is the body looked at.
"""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.sandbox.asked import asked, json_of
from core.sandbox.confluence import (
    admin_user_endpoints,
    directory_endpoints,
    group_endpoints,
    instance_endpoints,
    jsonrpc_endpoints,
    user_endpoints,
)
from core.sandbox.confluence.access import authenticate, authorize
from core.sandbox.confluence.answers import Refusal
from core.sandbox.confluence.endpoint import Call, Endpoint
from core.sandbox.confluence.state import State
from core.sandbox.filters import check_xsrf
from core.sandbox.product_app import product_app

_MODULES = (
    user_endpoints,
    admin_user_endpoints,
    group_endpoints,
    directory_endpoints,
    instance_endpoints,
    jsonrpc_endpoints,
)


def confluence_app(state: State) -> ASGIApp:
    """The ASGI application for the endpoints that `state.version` has; long tasks that are due are done first."""
    endpoints = [endpoint for module in _MODULES for endpoint in module.endpoints(state.quirks)]
    product = product_app(state, state.quirks, endpoints, partial(_answer, state))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with state.lock:
            state.tasks.settle()
        await product(scope, receive, send)

    return app


def _answer(state: State, endpoint: Endpoint, request: Request, content: bytes) -> Response:
    check_xsrf(request)
    caller = authenticate(state, request.headers)
    authorize(state, caller, endpoint)
    malformed = Refusal(400, "The request body is not valid JSON.")
    call = Call(
        state,
        caller,
        *asked(request, state.settings.base_url, state.context),
        body=json_of(request, content, malformed) if endpoint.takes_json else None,
    )
    response = endpoint.handler(call)
    if state.quirks.tells_user:
        response.headers["X-AUSERNAME"] = (caller.username if caller else "anonymous").encode().decode("latin-1")
    return response
