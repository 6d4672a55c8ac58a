"""An inbound exchange as the log keeps it: redacted, and with what it was about and what came of it in a few words."""

from collections.abc import Mapping
from time import perf_counter_ns

import orjson

from core.exchange import Exchange
from core.redaction import Bodies, redact_body, redact_headers, redact_path
from core.scim.answers import Answer
from core.scim.receiving import Received, json_object

_LONGEST = 200
"""Characters of a subject or an outcome."""


def exchange_of(received: Received, answer: Answer | None, bodies: Bodies) -> Exchange:
    """The exchange; without an answer where the client did not wait for one."""
    request = received.request
    query = received.query.decode("utf-8", "backslashreplace")
    headers = request.headers.items() if isinstance(request.headers, Mapping) else request.headers
    return Exchange(
        direction="in",
        party=received.provider,
        at=received.at,
        duration=(perf_counter_ns() - received.started) // 1000,
        method=request.method,
        path=redact_path(request.path + (f"?{query}" if query else "")),
        status=None if answer is None else answer.status,
        subject=_subject(received, answer)[:_LONGEST],
        outcome=_outcome(answer)[:_LONGEST],
        client=received.client,
        request_headers=redact_headers(headers),
        request_body=_kept(received.body, bodies),
        response_headers=({} if answer is None else dict(answer.headers)) | _tolerated(received),
        response_body=b"" if answer is None else redact_body(answer.body, bodies),
    )


def _kept(body: bytes, bodies: Bodies) -> bytes:
    """The body as the log keeps it. What is no JSON is never kept: no secret in it could be found and masked."""
    try:
        orjson.loads(body or b"null")
    except orjson.JSONDecodeError:
        return b"" if bodies == "none" else f"[{len(body)} bytes, not JSON: not kept]".encode()
    return redact_body(body, bodies)


def _tolerated(received: Received) -> dict[str, str]:
    """The liberties of the IdP that this request needed, for whoever opens it in the log."""
    return {"x-manciple-tolerances": ", ".join(received.tolerances)} if received.tolerances else {}


def _subject(received: Received, answer: Answer | None) -> str:
    """Whom or what an exchange was about: the name in the answer, else in the request, else the path's last part."""
    for body in (b"" if answer is None else answer.body, received.body):
        document = json_object(body)
        name = document.get("userName") or document.get("displayName")
        if isinstance(name, str):
            return name
    request = received.request
    return request.query.get("filter") or request.path.rsplit("/", 1)[-1]


def _outcome(answer: Answer | None) -> str:
    if answer is None:
        return "hung up"
    document = json_object(answer.body)
    if answer.status >= 400:
        return str(document.get("scimType") or document.get("detail") or answer.status)
    if "totalResults" in document:
        return f"{document['totalResults']} found" if document["totalResults"] else "no match"
    return {201: "created", 204: "done"}.get(answer.status, "ok")
