"""Taking in one request: its query and body within limits of size, time and depth, and in strict form.

What is refused here never reaches the protocol, whose own error would be no help to the IdP's admin, or none at all.
"""

import asyncio
from collections.abc import Collection
from time import perf_counter_ns
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from scim2_server.requests import ScimRequest
from starlette.types import Receive, Scope

from core.scim import answers
from core.scim.answers import CLOSE, Refused
from core.scim.bulk import is_bulk, strict_bulk
from core.scim.filter_limits import check_filter
from core.scim.service import MAX_BODY
from core.scim.strict_bodies import strict_body
from core.scim.strict_filters import strict_filter
from core.scim.tolerances import Tolerance, in_order
from core.store.clock import now_ms

BODY_SECONDS = 30.0
"""How long a body may take to arrive: Entra gives up after about as long, and a slower one holds a connection."""
DEEPEST = 64
"""Levels of JSON at most; no IdP nests deeper than ten."""
_JSON = frozenset(("application/scim+json", "application/json"))
_NAMES = ("filter", "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count", "cursor")
_PARAMETERS = {name.lower(): name for name in _NAMES}
"""A query is read in any case: a `Filter` that is overlooked would give everybody, a `startindex` the first page."""
_SWALLOWED = 2 * MAX_BODY
"""Bytes of a body that are read, so that the client comes to hear of the refusal; then the connection is cut."""


class ClientGone(Exception):
    """The client hung up before its request was whole."""


class Received(NamedTuple):
    """One request as it came in."""

    provider: str
    at: int
    started: int
    client: str
    request: ScimRequest
    """Its query is in strict form; its body is as sent."""
    query: bytes
    """As sent."""
    body: bytes = b""
    """As sent."""
    tolerances: tuple[Tolerance, ...] = ()
    document: dict[str, Any] | None = None
    """The body in strict form; `None` where it is no object, for the library to refuse."""


def begun(scope: Scope, provider: str, path: str, base_url: str) -> Received:
    """A request of which only the head is there."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.lower().decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    request = ScimRequest(scope["method"].upper(), base_url, path, {}, headers)
    client = scope["client"][0] if scope.get("client") else ""
    return Received(provider, now_ms(), perf_counter_ns(), client, request, scope["query_string"])


def header(request: ScimRequest, name: str) -> str | None:
    """The value of a header, its name in lower case; of a repeated one all values (RFC 9110 §5.3)."""
    assert isinstance(request.headers, dict)
    value: str | None = request.headers.get(name)
    return value


def may_have_body(request: ScimRequest) -> bool:
    """Whether a body may follow the head: one of a method that needs none is announced (RFC 9112 §6.3)."""
    if request.method not in ("GET", "HEAD", "DELETE"):
        return True
    return header(request, "content-length") is not None or header(request, "transfer-encoding") is not None


async def with_body(received: Received, receive: Receive, seconds: float = BODY_SECONDS) -> Received:
    """The request with its body, as sent.

    :raises Refused: 408 where it takes longer than `seconds`, 413 where it is larger than `MAX_BODY`.
    :raises ClientGone: when the client hung up meanwhile.
    """
    if not may_have_body(received.request):
        return received
    try:
        async with asyncio.timeout(seconds):
            body = await _body(receive)
    except TimeoutError:
        late = answers.error(408, f"the body did not arrive within {seconds:.0f} s: send the request again", CLOSE)
        raise Refused(late) from None
    if body is None:
        too_large = f"the body is larger than {MAX_BODY} bytes: send fewer members or operations (maxPayloadSize)"
        raise Refused(answers.error(413, too_large, CLOSE))
    head = received
    return Received(head.provider, head.at, head.started, head.client, head.request, head.query, body)


def made_strict(received: Received, tolerances: Collection[Tolerance] = ()) -> Received:
    """The request with its query and body in strict form, and the tolerances that this took, beside those before.

    :raises Refused: 400 where the query is not UTF-8, a filter is too long or the JSON nests too deep; 415 where the
        body is compressed.
    """
    if not (received.query or received.body or tolerances):
        return received
    head, used = received.request, set[Tolerance]()
    query, document = _strict_query(received.query, used), _strict_body(head, received.body, used)
    request = ScimRequest(head.method, head.base_url, head.path, query, head.headers, received.body)
    taken = in_order(used | set(tolerances)) if used or tolerances else ()
    whole = (received.provider, received.at, received.started, received.client, request, received.query, received.body)
    return Received(*whole, taken, document)


def is_public(request: ScimRequest) -> bool:
    """Whether it needs no token: what this server can do, which clients ask before they have one (RFC 7644 §4)."""
    return request.method in ("GET", "HEAD") and request.path.strip("/").lower() == "serviceproviderconfig"


def is_search(request: ScimRequest) -> bool:
    """Whether it is a search by POST (RFC 7644 §3.4.3), which only reads."""
    return request.method == "POST" and request.path.rstrip("/").lower().endswith("/.search")


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is larger than `MAX_BODY`, which is then not kept."""
    chunks: list[bytes] = []
    size = 0
    while size <= _SWALLOWED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BODY:
            chunks.append(chunk)
        if not message.get("more_body", False):
            break
    return b"".join(chunks) if size <= MAX_BODY else None


def _strict_query(query: bytes, used: set[Tolerance]) -> dict[str, str]:
    if not query:
        return {}
    try:
        parameters = dict(parse_qsl(query.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        detail = "the query is not UTF-8: encode its characters as UTF-8 before percent-encoding them"
        raise Refused(answers.error(400, detail, scim_type="invalidValue")) from None
    named = {_PARAMETERS.get(key.lower(), key): value for key, value in parameters.items()}
    return {key: _filter(value, used) if key == "filter" else value for key, value in named.items()}


def _filter(text: str, used: set[Tolerance]) -> str:
    check_filter(text)
    return strict_filter(text, used)


def _strict_body(request: ScimRequest, body: bytes, used: set[Tolerance]) -> dict[str, Any] | None:
    """The body in strict form; one that is no object is left for the protocol to refuse."""
    if not body or request.method not in ("POST", "PUT", "PATCH"):
        return None
    kind = (header(request, "content-type") or "application/json").partition(";")[0].strip().lower()
    if kind not in _JSON:
        detail = f"the body is {kind!r}: send it as application/scim+json or application/json"
        raise Refused(answers.error(415, detail))
    encoding = header(request, "content-encoding") or "identity"
    if encoding.lower() != "identity":
        raise Refused(answers.error(415, f"the body is encoded as {encoding!r}: send it as plain JSON"))
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        detail = f"the body is not JSON in UTF-8: {error}"
        raise Refused(answers.error(400, detail, scim_type="invalidSyntax")) from None
    if not isinstance(parsed, dict) or not parsed:
        return None
    document: dict[str, Any] = parsed
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_deep(document):
        detail = f"the JSON nests deeper than {DEEPEST} levels: no SCIM attribute does"
        raise Refused(answers.error(400, detail, scim_type="invalidSyntax"))
    return _strict_document(request, document, used)


def _strict_document(request: ScimRequest, document: dict[str, Any], used: set[Tolerance]) -> dict[str, Any]:
    if is_search(request):
        return {
            key: _filter(value, used) if key.lower() == "filter" and isinstance(value, str) else value
            for key, value in document.items()
        }
    if is_bulk(request):
        return strict_bulk(document, lambda method, path, inner: strict_body(method, path, inner, used))
    return strict_body(request.method, request.path, document, used)


def _is_deep(document: object) -> bool:
    level = [document]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True
