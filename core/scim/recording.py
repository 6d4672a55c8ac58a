"""An inbound exchange as the log keeps it: redacted, and with what it was about and what came of it in a few words."""

from time import perf_counter_ns
from typing import Any

import orjson
from scim2_server.requests import ScimRequest

from core.exchange import Exchange
from core.redaction import Bodies, redact_document, redact_filter, redact_headers, redact_path, redact_stored
from core.scim.answers import Answer
from core.scim.receiving import Received

_LONGEST = 200
"""Characters of a subject or an outcome."""


def exchange_of(received: Received, answer: Answer | None, bodies: Bodies, ended: int | None = None) -> Exchange:
    """The exchange; without an answer where the client did not wait for one.

    It ended at the reading `ended` of `perf_counter_ns`; now, where that is not given.
    """
    request = received.request
    assert isinstance(request.headers, dict)
    query = received.query.decode("utf-8", "backslashreplace")
    sent, told = _document(received.body), None if answer is None else _document(answer.logged or answer.body)
    name = _subject(request, sent, told)[:_LONGEST]
    outcome = _outcome(answer, told)[:_LONGEST]
    return Exchange(
        direction="in",
        party=received.provider,
        at=received.at,
        duration=((perf_counter_ns() if ended is None else ended) - received.started) // 1000,
        method=request.method,
        path=redact_path(request.path + (f"?{query}" if query else "")),
        status=None if answer is None else answer.status,
        subject=name,
        outcome=outcome,
        client=received.client,
        request_headers=redact_headers(request.headers.items()),
        request_body=_kept(received.body, sent, bodies),
        response_headers=({} if answer is None else dict(answer.headers)) | _tolerated(received),
        response_body=_told(answer, told, bodies),
        tolerances=received.tolerances,
    )


def _document(body: bytes) -> Any:
    """The body as JSON; `None` where it is empty or no JSON."""
    try:
        return orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return None


def _kept(body: bytes, document: Any, bodies: Bodies) -> bytes:
    """The body as the log keeps it. What is no JSON is never kept: no secret in it could be found and masked."""
    if document is not None or not body or body == b"null" or bodies == "none":
        return redact_document(document, bodies) if body else b""
    return f"[{len(body)} bytes, not JSON: not kept]".encode()


def _told(answer: Answer | None, document: Any, bodies: Bodies) -> bytes:
    if answer is None:
        return b""
    return redact_stored(document, bodies) if answer.is_stored else _kept(answer.body, document, bodies)


def _tolerated(received: Received) -> dict[str, str]:
    """The liberties of the IdP that this request needed, for whoever opens it in the log."""
    return {"x-manciple-tolerances": ", ".join(received.tolerances)} if received.tolerances else {}


def _subject(request: ScimRequest, sent: Any, told: Any) -> str:
    """Whom or what an exchange was about: the name in the answer, else in the request, else the path's last part."""
    for document in (told, sent):
        name = document.get("userName") or document.get("displayName") if isinstance(document, dict) else None
        if isinstance(name, str):
            return name
    return redact_filter(request.query.get("filter", "")) or request.path.rsplit("/", 1)[-1]


def _outcome(answer: Answer | None, told: Any) -> str:
    if answer is None:
        return "hung up"
    document = told if isinstance(told, dict) else {}
    if answer.status >= 400:
        return str(document.get("scimType") or document.get("error") or document.get("detail") or answer.status)
    if isinstance(results := document.get("Operations"), list):
        failed = sum(each["status"] >= "400" for each in results)
        return f"{len(results) - failed} done" + (f", {failed} failed" if failed else "")
    if "totalResults" in document:
        return f"{document['totalResults']} found" if document["totalResults"] else "no match"
    return {201: "created", 204: "done"}.get(answer.status, "ok")
