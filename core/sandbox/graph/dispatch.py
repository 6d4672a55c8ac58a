"""From what was asked to its answer: the endpoint, the permissions, the load, and errors in Graph's words.

A request by HTTP and one inside a batch go the same way.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.sandbox.graph import (
    application_endpoints,
    directory_endpoints,
    group_endpoints,
    organisation_endpoints,
    provisioning_endpoints,
    user_endpoints,
)
from core.sandbox.graph.call import Call, Reply, split_path, split_query
from core.sandbox.graph.delta import selects
from core.sandbox.graph.endpoint import Endpoint
from core.sandbox.graph.errors import Refusal, denied, no_segment, permission_missing
from core.sandbox.graph.state import Seen, State
from core.sandbox.graph.throttle import REPORTS_PER_WINDOW, cost, share_told, units_for
from core.sandbox.graph.tokens import Grant

NOWHERE = "(none)"
"""The route under which requests are counted that no endpoint took."""
_MODULES = (
    user_endpoints,
    group_endpoints,
    application_endpoints,
    directory_endpoints,
    organisation_endpoints,
    provisioning_endpoints,
)
_ROUTES: dict[tuple[str, int], list[tuple[tuple[str, ...], Endpoint]]] = {}
for _endpoint in (each for module in _MODULES for each in module.endpoints()):
    _parts = tuple(_endpoint.path.split("/"))
    _ROUTES.setdefault((_endpoint.method, len(_parts)), []).append((_parts, _endpoint))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, by HTTP or inside a batch."""

    method: str
    base: str
    """What links begin with, the version included."""
    target: str
    """Path below the version, and query, as they were sent."""
    headers: Mapping[str, str]
    """Names in small letters."""
    body: object = None


def dispatch(state: State, grant: Grant, asked: Asked) -> Reply:
    """Answer a request of a client that is let in."""
    route, reply = _answer(state, grant, asked)
    state.requests[asked.method, route] += 1
    headers = {name: value for name, value in asked.headers.items() if name != "authorization"}
    state.seen.append(Seen(asked.method, route, asked.target, headers, reply.status))
    return reply


def _answer(state: State, grant: Grant, asked: Asked) -> tuple[str, Reply]:
    """The endpoint's path, and what it answers."""
    path, _, query = asked.target.partition("?")
    route = NOWHERE
    try:
        endpoint, keys = _find(asked.method, split_path(path))
        route = endpoint.path
        sent = path.strip("/").replace("()", "")
        call = Call(state, grant, asked.method, asked.base, sent, split_query(query), asked.headers, asked.body, keys)
        headers = _charge(call, endpoint)
        _check_permission(grant, endpoint)
        reply = endpoint.handler(call)
    except Refusal as refusal:
        return route, refused(state, refusal, asked.headers)
    return route, Reply(reply.document, reply.status, {**ids(asked.headers), **headers, **reply.headers})


def refused(state: State, refusal: Refusal, headers: Mapping[str, str]) -> Reply:
    """The answer that an error is."""
    named = ids(headers)
    date = datetime.fromtimestamp(state.tenant.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S")
    document = refusal.document(date, named["request-id"], named["client-request-id"])
    return Reply(document, refusal.status, {**named, **refusal.headers})


def ids(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers by which a request is found again; a client may name its own."""
    request_id = str(uuid.uuid4())
    return {"request-id": request_id, "client-request-id": headers.get("client-request-id", request_id)}


def _find(method: str, segments: tuple[str, ...]) -> tuple[Endpoint, dict[str, str]]:
    for parts, endpoint in _ROUTES.get((method, len(segments)), ()):
        keys = _match(parts, segments)
        if keys is not None:
            return endpoint, keys
    raise no_segment(segments[-1] if segments else "")


def _match(parts: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    keys: dict[str, str] = {}
    for part, segment in zip(parts, segments, strict=True):
        if part.startswith("{"):
            keys[part[1:-1]] = segment
        elif part.lower() != segment.lower():
            return None
    return keys


def _check_permission(grant: Grant, endpoint: Endpoint) -> None:
    if endpoint.permissions and not any(grant.includes(each) for each in endpoint.permissions):
        raise permission_missing(endpoint.permissions) if endpoint.report else denied()


def _charge(call: Call, endpoint: Endpoint) -> dict[str, str]:
    """Charge the request, and tell how much that was and how near the limit is.

    :raises Refusal: 429.
    """
    state = call.state
    tenant_id, limit = state.settings.tenant_id, state.quirks.units_per_10_seconds
    query = {**call.query, "$select": ""} if selects(call) else call.query
    units = 1 if endpoint.report else cost(endpoint.units, query)
    details = {}
    if state.quirks.tells_throttle_details:
        scope = f"Tenant_Application/Read/{tenant_id}/{call.grant.client_id}"
        details = {"x-ms-throttle-scope": scope, "x-ms-throttle-information": "ResourceUnitLimitExceeded"}
    if endpoint.report:
        state.throttle.charge("reports", units, REPORTS_PER_WINDOW, details)
        return {}
    share = state.throttle.charge("directory", units, limit or units_for(len(state.tenant.users)), details)
    return {"x-ms-resource-unit": str(units), **share_told(share)}
