"""The simulated Jira on HTTP: from the raw path to the endpoint that this version has there.

The order is the product's: the servlet container judges the path, the filters judge the client, the REST framework
finds the resource, and only then does the resource look at the body.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import unquote

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from core.sandbox.answers import Instead, null_for_uri, page
from core.sandbox.filters import check_xsrf, path_below_context
from core.sandbox.jira import (
    access_endpoints,
    component_endpoints,
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

NOWHERE = "(none)"
"""The route under which requests are counted that no endpoint took."""

_MODULES = (
    listing_endpoints,
    user_endpoints,
    access_endpoints,
    group_endpoints,
    project_endpoints,
    component_endpoints,
    instance_endpoints,
)


def jira_app(state: State) -> ASGIApp:
    """The ASGI application for the endpoints that `state.version` has."""
    present = [
        endpoint
        for module in _MODULES
        for endpoint in module.endpoints(state.quirks)
        if endpoint.since <= state.version
    ]
    routes = [Route(each.path, _answering(state, each), methods=[each.method]) for each in present]
    router = Router(routes, redirect_slashes=False, default=_absent(state))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            raw_path = scope["raw_path"].decode("latin-1")
            path = path_below_context(raw_path, state.context, encoded_slashes=state.quirks.encoded_slashes)
            path = path.replace("/rest/api/latest/", "/rest/api/2/", 1)
            await router({**scope, "path": path, "app": router}, receive, send)
        except Instead as instead:
            await _nowhere(state, scope["method"], instead)(scope, receive, send)
        except HTTPException:
            method_not_allowed = page(405, "HTTP Status 405 – Method Not Allowed")
            await _nowhere(state, scope["method"], method_not_allowed)(scope, receive, send)

    return app


def _nowhere(state: State, method: str, instead: Instead) -> Response:
    with state.lock:
        state.requests[method, NOWHERE] += 1
    return instead.response


def _absent(state: State) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    async def absent(scope: Scope, receive: Receive, send: Send) -> None:
        if state.quirks.absent_endpoint == "html":
            raise page(404, "HTTP Status 404 – Not Found")
        raise null_for_uri(str(Request(scope).url))

    return absent


def _answering(state: State, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        content = await request.body()
        with state.lock:
            state.requests[endpoint.method, endpoint.path] += 1
            try:
                return _answer(state, endpoint, request, content)
            except Instead as instead:
                return instead.response

    return answer


def _answer(state: State, endpoint: Endpoint, request: Request, content: bytes) -> Response:
    check_xsrf(request)
    caller = authenticate(state, request.headers)
    call = Call(
        state=state,
        caller=caller,
        access=authorize(state, caller, endpoint),
        base=state.settings.base_url or f"{request.url.scheme}://{request.url.netloc}{state.context}",
        path={name: unquote(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        accept=request.headers.get("accept", ""),
        body=_json(request, content) if endpoint.takes_json else {},
    )
    return endpoint.handler(call)


def _json(request: Request, content: bytes) -> dict[str, object]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise page(415, "HTTP Status 415 – Unsupported Media Type")
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "Unexpected character: the request body is not valid JSON.") from error
    if not isinstance(document, dict):
        raise Refusal(400, "The request body is no JSON object.")
    return document
