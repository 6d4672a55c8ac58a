"""A simulated product on HTTP: from the raw path to the endpoint that this version has there, counted on the way.

The order is that of the Data Center products: the servlet container judges the path, the REST framework finds the
resource, and only then does the resource look at the request.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from core.sandbox.answers import Instead, null_for_uri, page
from core.sandbox.endpoint import ProductEndpoint
from core.sandbox.filters import path_below_context
from core.sandbox.instance import Served

NOWHERE = "(none)"
"""The route under which requests are counted that no endpoint took."""

EndpointT = TypeVar("EndpointT", bound=ProductEndpoint[Any, Any])
Answer = Callable[[EndpointT, Request, bytes], Response]
"""Answers a request, with its body, for the endpoint that it is for. It is called with the instance's lock held."""


class PathHabits(Protocol):
    """What the documentation leaves open about paths."""

    @property
    def encoded_slashes(self) -> bool:
        """Tomcat lets an encoded slash in a path pass."""
        ...

    @property
    def absent_endpoint(self) -> Literal["json", "html"]:
        """How a path is answered that this version lacks."""
        ...


def product_app(
    instance: Served[Any],
    habits: PathHabits,
    endpoints: Iterable[EndpointT],
    answer: Answer[EndpointT],
    *,
    aliases: Mapping[str, str] = MappingProxyType({}),
) -> ASGIApp:
    """The ASGI application for those of the endpoints that the instance's version has.

    `aliases` are parts of paths that stand for others, such as `/rest/api/latest/` for `/rest/api/2/`.
    """
    present = [endpoint for endpoint in endpoints if endpoint.since <= instance.version]
    routes = [Route(each.path, _answering(instance, each, answer), methods=[each.method]) for each in present]
    router = Router(routes, redirect_slashes=False, default=_absent(habits))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            raw_path = scope["raw_path"].decode("latin-1")
            path = path_below_context(raw_path, instance.context, encoded_slashes=habits.encoded_slashes)
            for alias, meant in aliases.items():
                path = path.replace(alias, meant, 1)
            await router({**scope, "path": path, "app": router}, receive, send)
        except Instead as instead:
            await _nowhere(instance, scope["method"], instead)(scope, receive, send)
        except HTTPException:
            method_not_allowed = page(405, "HTTP Status 405 – Method Not Allowed")
            await _nowhere(instance, scope["method"], method_not_allowed)(scope, receive, send)

    return app


def _nowhere(instance: Served[Any], method: str, instead: Instead) -> Response:
    with instance.lock:
        instance.requests[method, NOWHERE] += 1
    return instead.response


def _absent(habits: PathHabits) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    async def absent(scope: Scope, receive: Receive, send: Send) -> None:
        if habits.absent_endpoint == "html":
            raise page(404, "HTTP Status 404 – Not Found")
        raise null_for_uri(str(Request(scope).url))

    return absent


def _answering(
    instance: Served[Any], endpoint: EndpointT, answer: Answer[EndpointT]
) -> Callable[[Request], Awaitable[Response]]:
    async def answering(request: Request) -> Response:
        content = await request.body()
        with instance.lock:
            instance.requests[endpoint.method, endpoint.path] += 1
            try:
                return answer(endpoint, request, content)
            except Instead as instead:
                return instead.response

    return answering
