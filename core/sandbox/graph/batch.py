"""`$batch`: up to twenty requests in one, answered in any order, each with its own status, permissions and load.

Source: Microsoft Graph, "Combine multiple HTTP requests using JSON batching".
"""

from collections.abc import Mapping
from typing import Any

from core.sandbox.graph.call import Reply
from core.sandbox.graph.dispatch import Asked, dispatch, ids, refused
from core.sandbox.graph.errors import Refusal, bad_request
from core.sandbox.graph.state import State
from core.sandbox.graph.tokens import Grant

MOST_REQUESTS = 20
_FIRST_ERROR = 400


def batch(state: State, grant: Grant, asked: Asked) -> Reply:
    """Answer all requests of a batch; only a batch that is malformed as a whole is refused."""
    state.requests["POST", "$batch"] += 1
    try:
        requests = _requests(asked.body)
    except Refusal as refusal:
        return refused(state, refusal, asked.headers)
    statuses: dict[str, int] = {}
    responses = []
    for request in requests:
        reply = _one(state, grant, asked, request, statuses)
        statuses[request["id"]] = reply.status
        headers = {"Content-Type": "application/json", **reply.headers}
        responses.append({"id": request["id"], "status": reply.status, "headers": headers, "body": reply.document})
    if state.quirks.batch_shuffles:
        state.rng.shuffle(responses)
    return Reply({"responses": responses}, headers=ids(asked.headers))


def _one(state: State, grant: Grant, asked: Asked, request: Mapping[str, Any], statuses: Mapping[str, int]) -> Reply:
    if any(statuses[each] >= _FIRST_ERROR for each in request.get("dependsOn") or ()):
        message = "The request could not be performed because a request that it depends on failed."
        return refused(state, Refusal(424, "FailedDependency", message), {})
    target = request["url"]
    if "://" in target and state.quirks.batch_absolute_urls:
        target = target.partition("/v1.0")[2]
    if "://" in target:
        return refused(state, bad_request(f"Invalid request url '{target}': a relative url is expected."), {})
    headers = {name.lower(): str(value) for name, value in (request.get("headers") or {}).items()}
    inner = Asked(request["method"].upper(), asked.base, target, headers, request.get("body"))
    return dispatch(state, grant, inner)


def _requests(body: object) -> list[dict[str, Any]]:
    """The requests of a batch.

    :raises Refusal: 400 for too many, for ids that repeat, for what is no request, and for unknown dependencies.
    """
    requests = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list) or not all(isinstance(each, dict) for each in requests) or not requests:
        raise bad_request("Invalid batch payload format.")
    if len(requests) > MOST_REQUESTS:
        raise bad_request(f"Number of batch request steps exceeds max value of {MOST_REQUESTS}.")
    known: set[str] = set()
    for request in requests:
        if not all(isinstance(request.get(name), str) for name in ("id", "method", "url")):
            raise bad_request("Batch request steps must have an id, a method and a url.")
        if request["id"] in known:
            raise bad_request("Request Id has to be unique in a batch.")
        if not known.issuperset(request.get("dependsOn") or ()):
            raise bad_request("The dependsOn property refers to a request that does not come before.")
        known.add(request["id"])
    return requests
