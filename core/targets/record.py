"""The log's record of one attempt at an outward call. What may not be kept is masked here, on the way in."""

import httpx

from core.exchange import NOT_THERE, PROBED, Exchange, current_attribution
from core.redaction import MASK, Bodies, redact_body, redact_headers
from core.targets.answer import Answer, NoAnswer

_OUTCOMES = {
    401: "not authenticated",
    402: "no seats",
    403: "forbidden",
    404: "not found",
    405: "not offered",
    409: "exists already",
    429: "throttled",
}
_PROBED = frozenset({400, 404, 409})
"""How a call answers that is there and was asked for nothing."""


def recorded(
    sent: httpx.Request, result: Answer | NoAnswer, *, party: str, path: str, subject: str, at: float,
    duration: float, bodies: Bodies, probe: bool = False, secret: str = "",
) -> Exchange:  # fmt: skip
    """The exchange as the log keeps it. `path` is already masked; `at` is seconds UTC, `duration` seconds.

    `secret` is masked wherever it stands in the request's body, which must hold it as it is.
    """
    content = sent.content.replace(secret.encode(), MASK.encode()) if secret else sent.content
    answer = result if isinstance(result, Answer) else None
    attribution = current_attribution()
    return Exchange(
        direction="out",
        party=party,
        at=int(at * 1000),
        duration=int(duration * 1_000_000),
        method=sent.method,
        path=path,
        status=answer.status if answer else None,
        subject=subject,
        outcome=_outcome(result, sent.method, probe),
        run=attribution.run,
        change=attribution.change,
        cause=attribution.cause,
        request_headers=redact_headers(sent.headers.multi_items()),
        request_body=redact_body(content, bodies),
        response_headers=redact_headers(answer.headers.items()) if answer else {},
        response_body=redact_body(answer.body, bodies) if answer else b"",
    )


def _outcome(result: Answer | NoAnswer, method: str, probe: bool) -> str:
    if isinstance(result, NoAnswer):
        return result.outcome
    if probe and result.status in _PROBED:
        return PROBED
    if result.status == 404 and method == "GET":
        return NOT_THERE
    if result.status in _OUTCOMES:
        return _OUTCOMES[result.status]
    if result.status >= 400:
        return "failed" if result.status >= 500 else "refused"
    if result.status >= 300:
        return "redirected"
    return "created" if result.status == 201 else "ok"
