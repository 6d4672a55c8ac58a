"""A simulated directory on HTTP: its API key is looked at first, then the SCIM library answers.

Refusals of the key have a body of their own; all others are SCIM errors.
"""

import re
from collections.abc import Callable
from typing import Any

from scim2_models import NotFoundException, SCIMException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.sandbox.answers import Json
from core.sandbox.cloud.service import Service
from core.sandbox.cloud.state import State
from core.sandbox.cloud.storage import Storage

_DIRECTORY = re.compile(r"^/scim/directory/([^/]+)(/.*)?$")
_ID = re.compile(r"^(/(?:Users|Groups))/[^/]+$")
_TRACE = "0af7651916cd43dd8448eb211c80319c"
_WRONG = "The API key is not valid for this directory"


def cloud_app(state: State, storage: Storage) -> ASGIApp:
    """The ASGI application of one directory."""
    service = Service(state)
    handler = ScimHandler(service, storage)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        body = await request.body()
        with state.lock:
            response = _answer(state, request, body, handler.handle, service)
        await response(scope, receive, send)

    return app


def _answer(
    state: State, request: Request, body: bytes, handle: Callable[[ScimRequest], Any], service: Service
) -> Response:
    placed = _DIRECTORY.match(request.url.path)
    path = (placed.group(2) or "/") if placed else request.url.path
    state.requests[request.method, _ID.sub(r"\1/{id}", path)] += 1
    state.method = request.method
    if (refused := _refused_key(state, request.headers)) is not None:
        return refused
    asked = ScimRequest(
        method=request.method,
        base_url=f"{request.url.scheme}://{request.url.netloc}{state.context}",
        path=path,
        query=dict(request.query_params),
        headers=list(request.headers.items()),
        body=body,
    )
    try:
        if placed is None or placed.group(1) != state.directory:
            raise NotFoundException(detail="Directory does not exist")
        answer = handle(asked)
        if (
            state.quirks.user_groups == "shown"
            and not {"attributes", "excludedAttributes"} & request.query_params.keys()
        ):
            _say_that_there_are_no_groups(answer.body)
    except SCIMException as refusal:
        answer = service.error_response(refusal)
    if answer.status in (401, 403):
        return _failure(int(answer.status), str((answer.body or {}).get("detail", "")))
    return _response(answer)


def _say_that_there_are_no_groups(body: Any) -> None:
    """Atlassian writes an empty list where the library, as the RFC lets it, writes nothing."""
    documents = [body, *body.get("Resources", ())] if isinstance(body, dict) else ()
    for document in documents:
        if "userName" in document:
            document.setdefault("groups", [])


def _response(answer: Any) -> Response:
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-type"}
    if answer.body is None:
        return Response(status_code=int(answer.status), headers=headers)
    return Json(answer.body, int(answer.status), headers, media_type=answer.headers["Content-Type"])


def _refused_key(state: State, headers: Headers) -> Response | None:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        return _failure(401, "Missing authorization header")
    known = state.keys.get(key.strip())
    if known is None or (known.expires is not None and state.now() >= known.expires):
        return _failure(state.quirks.bad_key, _WRONG)
    if known.directory != state.directory:
        return _failure(403, "You are not authorized to call the API")
    return None


def _failure(status: int, text: str) -> Response:
    return Json({"error": text, "traceId": _TRACE}, status)
