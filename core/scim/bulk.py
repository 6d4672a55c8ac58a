"""Bulk requests (RFC 7644 §3.7): many writes in one, each done as the request that it stands for.

All run in the writer's one transaction, so the answer is durable; each in a savepoint of its own, so what fails leaves
nothing and the rest goes on. The order, and what `bulkId:…` refers to, is the protocol library's to work out.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from scim2_models import BulkOperation, SCIMException
from scim2_server.bulk import BulkPlan, BulkStep
from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE

from core.scim import answers
from core.scim.answers import Answer, Refused
from core.scim.models import MODELS, User
from core.scim.routing import canonical
from core.scim.service import MAX_OPERATIONS, scim_service

_PLANNED: Any = BulkOperation.__class_getitem__(MODELS["User"])
"""An operation for the library's plan, which wants a type; its data stays a document, whatever it is about."""
_REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
_TEXTS = ("method", "bulkId", "version", "path")

Document = dict[str, Any]
Strict = Callable[[str, str, Document], Document]
"""Makes the document of one request strict, given its method and path; raises `Refused`."""
Perform = Callable[[ScimRequest, Document | None], Answer]
"""Does one request, its document apart, in a savepoint of its own: 400 or above means that nothing of it is left."""


def is_bulk(request: ScimRequest) -> bool:
    """Whether it is a bulk request; its path is as the standard writes it."""
    return request.method == "POST" and request.path == "/Bulk"


def strict_bulk(document: Document, strict: Strict) -> Document:
    """The request with every operation in strict form; one that cannot be done holds the error as its `response`.

    :raises Refused: 400 where it is no bulk request, 413 where it has more than `MAX_OPERATIONS` (RFC 7644 §3.7.4).
    """
    schemas, limit, operations = (_value(document, name) for name in ("schemas", "failOnErrors", "Operations"))
    if not isinstance(schemas, list) or _REQUEST.lower() not in [str(urn).lower() for urn in schemas]:
        raise _refused(f"schemas: a bulk request names {_REQUEST!r} there", "invalidSyntax")
    if not isinstance(operations, list) or not operations:
        raise _refused("Operations: a bulk request needs a list of at least one operation", "invalidSyntax")
    if limit is not None and (type(limit) is not int or limit < 1):
        raise _refused("failOnErrors: send a whole number of at least 1, or leave it out", "invalidValue")
    if len(operations) > MAX_OPERATIONS:
        detail = f"{len(operations)} operations are more than maxOperations ({MAX_OPERATIONS}): send them in parts"
        raise Refused(answers.error(413, detail))
    return {"failOnErrors": limit, "Operations": [_strict_operation(each, strict) for each in operations]}


def run_bulk(request: ScimRequest, document: Document | None, perform: Perform) -> Answer:
    """Do a strict bulk request: 200 with what came of each operation that ran, in the order they were sent."""
    if document is None:
        raise _refused("the body is no object: a bulk request is one, with Operations", "invalidSyntax")
    operations: list[Document] = document["Operations"]
    plan = BulkPlan([_planned(operation) for operation in operations], document["failOnErrors"])
    for step in plan:
        operation = operations[step.index]
        answer = _known_error(operation) or _done(request, plan, step, perform)
        outcome = _outcome(request, operation, answer)
        result = {"status": answer.status, "bulk_id": operation.get("bulkId"), "outcome": outcome}
        plan.record(step, result, _created(operation, answer))
    results = [result["outcome"] for result in plan.outcomes()]
    body = orjson.dumps({"schemas": [_RESPONSE], "Operations": results})
    return Answer(HTTPStatus.OK, body, {"Content-Type": SCIM_MEDIA_TYPE})


def _strict_operation(sent: object, strict: Strict) -> Document:
    given = {name: _value(sent, name) for name in (*_TEXTS, "data")} if isinstance(sent, dict) else {}
    wrong = [name for name in _TEXTS if not isinstance(given.get(name), str | None)]
    operation: Document = {name: value for name, value in given.items() if value is not None and name not in wrong}
    try:
        if wrong or not operation:
            detail = f"{wrong[0]}: it must be a text" if wrong else "an operation is an object with method and path"
            raise _refused(detail, "invalidSyntax")
        operation["method"] = operation.get("method", "").upper()
        operation["path"] = canonical(operation.get("path", ""))
        _check(operation)
        if operation["method"] == "DELETE":
            operation.pop("data", None)
        else:
            operation["data"] = strict(operation["method"], operation["path"], operation["data"])
    except Refused as refused:
        operation["response"] = orjson.loads(refused.answer.body)
    return operation


def _check(operation: Document) -> None:
    """Refuse an operation that lacks what RFC 7644 §3.7 requires of it."""
    method, path = operation["method"], operation["path"]
    if method not in ("POST", "PUT", "PATCH", "DELETE"):
        raise _refused(f"method: {method!r} is none of POST, PUT, PATCH and DELETE", "invalidValue")
    place = path.split("/")[1:]
    if place[0] not in ("Users", "Groups") or len(place) > 2 or place[1:] == [".search"]:
        raise _refused(f"path: {path!r} takes no bulk operation: use /Users, /Groups or one in them", "invalidPath")
    if method == "POST" and not operation.get("bulkId"):
        raise _refused("bulkId: a POST needs one, by which other operations name what it creates", "invalidValue")
    if method != "DELETE" and not isinstance(operation.get("data"), dict):
        raise _refused(f"data: a {method} needs the object that it would send by itself", "invalidValue")


def _planned(operation: Document) -> Any:
    refused = "response" in operation
    return _PLANNED.model_construct(
        method=None if refused else BulkOperation.Method(operation["method"]),
        bulk_id=operation.get("bulkId"),
        version=operation.get("version"),
        path=operation.get("path"),
        data=None if refused else operation.get("data"),
    )


def _known_error(operation: Document) -> Answer | None:
    error = operation.get("response")
    return None if error is None else Answer(int(error["status"]), orjson.dumps(error))


def _done(request: ScimRequest, plan: BulkPlan, step: BulkStep, perform: Perform) -> Answer:
    try:
        operation = plan.resolve(step)
    except SCIMException as refused:  # what it refers to was not created, or refers back to it
        return answers.of(scim_service().error_response(refused))
    assert operation.method is not None
    assert operation.path is not None
    headers = {"if-match": operation.version} if operation.version else {}
    data: Any = operation.data
    answer = perform(ScimRequest(operation.method.value, request.base_url, operation.path, {}, headers), data)
    if operation.method == BulkOperation.Method.post:
        return answer
    return answer._replace(headers={**answer.headers, "Location": request.base_url + operation.path})


def _outcome(request: ScimRequest, operation: Document, answer: Answer) -> Document:
    """What the answer says of one operation (RFC 7644 §3.7.3)."""
    location = answer.headers.get("Location")
    if location is None and operation.get("method") != "POST":
        location = request.base_url + str(operation.get("path", ""))
    told = {
        "method": operation.get("method"),
        "bulkId": operation.get("bulkId"),
        "version": answer.headers.get("ETag"),
        "location": location,
        "status": str(int(answer.status)),
        "response": orjson.loads(answer.body) if answer.status >= 400 else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _created(operation: Document, answer: Answer) -> User[Any] | None:
    """Under which id the others find what this operation created; None where it created nothing."""
    location = answer.headers.get("Location") if operation.get("method") == "POST" else None
    return None if location is None else User.model_construct(id=location.rsplit("/", 1)[-1])


def _value(document: Document, name: str) -> Any:
    """The value of a key, whatever its case (RFC 7643 §2.1)."""
    return next((value for key, value in document.items() if key.lower() == name.lower()), None)


def _refused(detail: str, scim_type: str) -> Refused:
    return Refused(answers.error(400, detail, scim_type=scim_type))
