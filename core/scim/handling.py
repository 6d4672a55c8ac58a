"""One request answered: by the typed path where it understands it whole, else by search, else by the library.

The library carries the breadth of the protocol (discovery, odd PATCHes, every error); what is shown of a resource is
the same whoever did the work.
"""

from typing import Any

import orjson
from pydantic import ValidationError
from scim2_models import NotFoundException, SCIMException, UniquenessException
from scim2_server.errors import MethodNotAllowedException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.service import scim_exception_of
from sqlalchemy import Connection

from core.scim import answers
from core.scim.answers import Answer
from core.scim.routing import PLACES, resource_at
from core.scim.search.answering import search
from core.scim.search.projection import Projection
from core.scim.service import scim_service
from core.scim.storage import IdentityStorage
from core.scim.typed import reading, writing
from core.scim.typed.showing import created_answer, patched_answer, resource_answer
from core.scim.writes import Writes

Document = dict[str, Any]


def glance(connection: Connection, provider: str, request: ScimRequest) -> Answer | None:
    """The answer where it takes no longer than reading a few rows; `None` where it may."""
    try:
        return reading.glance(connection, provider, request)
    except SCIMException as refused:
        return refusal(refused)


def read(connection: Connection, provider: str, request: ScimRequest, document: Document | None = None) -> Answer:
    """The answer to a request that changes nothing; of a search by POST, `document` is the body in strict form."""
    try:
        found = reading.read(connection, provider, request) or search(connection, provider, request, document)
        return found or _by_library(IdentityStorage(provider, connection), request)
    except SCIMException as refused:
        return refusal(refused)


class Undone(Exception):
    """A write that is refused, with the answer; whoever runs the write undoes what it did."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def write(writes: Writes, request: ScimRequest, document: Document | None) -> Answer:
    """Do a write whose body, in strict form, is `document`.

    :raises Undone: where it is refused.
    """
    try:
        answer = _written(writes, request, document)
    except SCIMException as refused:
        answer = refusal(refused)
    if answer.status >= 400:
        raise Undone(answer)
    return answer


def write_part(writes: Writes, request: ScimRequest, document: Document | None) -> Answer:
    """The same as one of several writes: one that is refused leaves nothing, of `touched` either."""
    touched = {kind: set(ids) for kind, ids in writes.touched.items()}
    try:
        with writes.tx.savepoint():
            return write(writes, request, document)
    except Undone as undone:
        writes.touched = touched
        return undone.answer


def refusal(refused: SCIMException) -> Answer:
    """The error that the client sees: one line for the IdP's admin."""
    cause = refused.__cause__  # where it is the validator's, the library's text of it is several lines of Python
    if isinstance(cause, ValidationError):
        return answers.of(scim_service().error_response(scim_exception_of(cause)))
    if type(refused) in (NotFoundException, UniquenessException):
        return answers.error(refused.status, str(refused.detail), scim_type=refused.scim_type or None)
    return answers.of(scim_service().error_response(refused))


def _written(writes: Writes, request: ScimRequest, document: Document | None) -> Answer:
    Projection.of(request.query)  # a contradictory one is refused before anything is done
    answer = writing.write(writes, request, document)
    if answer is not None:
        return answer
    if document is not None:
        body = orjson.dumps(document)
        request = ScimRequest(request.method, request.base_url, request.path, request.query, request.headers, body)
    answer = _by_library(IdentityStorage(writes.provider, writes.connection, writes), request)
    return answer if answer.status >= 300 else _shown(writes, request, answer)


def _shown(writes: Writes, request: ScimRequest, answer: Answer) -> Answer:
    """The library's answer to a write, with the resource as all answers show it."""
    if kind := PLACES.get(request.path):
        return created_answer(writes.connection, request, kind, writes.find(kind, orjson.loads(answer.body)["id"]))
    place = resource_at(request.path)
    if place is None or request.method == "DELETE":
        return answer
    show = patched_answer if request.method == "PATCH" else resource_answer
    return show(writes.connection, request, place[0], writes.find(*place))


def _by_library(storage: IdentityStorage, request: ScimRequest) -> Answer:
    try:
        return answers.of(ScimHandler(scim_service(), storage).handle(request))
    except MethodNotAllowedException as refused:
        detail = f"{request.method} is not served at {request.path}: use {', '.join(refused.allowed)}"
        return refusal(MethodNotAllowedException(allowed=refused.allowed, detail=detail))
