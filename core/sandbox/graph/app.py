"""The simulated Graph on HTTP: tokens at the authority's paths, everything else below `/v1.0`."""

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.sandbox.answers import Json
from core.sandbox.graph import authority
from core.sandbox.graph.batch import batch
from core.sandbox.graph.call import Reply
from core.sandbox.graph.dispatch import Asked, dispatch, refused
from core.sandbox.graph.errors import Refusal, bad_request, no_segment
from core.sandbox.graph.state import State
from core.sandbox.graph.tokens import Grant

_VERSION = "/v1.0"


class _Json(Json):
    """JSON as Graph declares it."""

    media_type = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false"


def graph_app(state: State) -> ASGIApp:
    """The ASGI application."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        content = await request.body()
        with state.lock:
            reply = _reply(state, request, content)
        await _response(reply)(scope, receive, send)

    return app


def _reply(state: State, request: Request, content: bytes) -> Reply:
    base = f"{request.url.scheme}://{request.url.netloc}"
    path = request.scope["raw_path"].decode("latin-1").partition("?")[0]
    query = request.scope["query_string"].decode("latin-1")
    if not path.startswith(f"{_VERSION}/"):
        issued = authority.answer(state, authority.Sent(request.method, base, path, query, request.headers, content))
        return issued or refused(state, no_segment(path.strip("/")), request.headers)
    try:
        grant = _grant(state, request.headers)
        body = _body(request.headers, content)
    except Refusal as refusal:
        return refused(state, refusal, request.headers)
    target = path.removeprefix(_VERSION) + (f"?{query}" if query else "")
    asked = Asked(request.method, f"{state.settings.base_url or base}{_VERSION}", target, request.headers, body)
    if path == f"{_VERSION}/$batch" and request.method == "POST":
        return batch(state, grant, asked)
    return dispatch(state, grant, asked)


def _grant(state: State, headers: Headers) -> Grant:
    if state.settings.anonymous and "authorization" not in headers:
        return Grant(state.settings.client_id, state.settings.permissions)
    return state.tokens.read(headers.get("authorization", ""))


def _body(headers: Headers, content: bytes) -> object:
    if not content:
        return None
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refusal(415, "UnsupportedMediaType", "The content type of the request is not supported.")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise bad_request("Unable to read JSON request payload.") from error


def _response(reply: Reply) -> Response:
    if isinstance(reply.document, str):
        return Response(reply.document, reply.status, dict(reply.headers), media_type="text/plain")
    return _Json(reply.document, reply.status, dict(reply.headers))
