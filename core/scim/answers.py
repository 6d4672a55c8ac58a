"""What the listener answers, as a value, and how it goes out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import orjson
from scim2_server.responses import SCIM_MEDIA_TYPE, ScimResponse
from starlette.types import Send

_BODILESS = frozenset((204, 304))

CLOSE: Mapping[str, str] = {"Connection": "close"}
"""The header of an answer that ends the connection, because the rest of the request is not worth waiting for."""


class Answer(NamedTuple):
    """One HTTP response."""

    status: int
    body: bytes
    headers: Mapping[str, str] = MappingProxyType({})
    is_stored: bool = False
    """Whether the body is resources as they are stored, which hold no secret, and nothing personal but at their top."""
    logged: bytes | None = None
    """What the log is to keep where the body is long: a list whose resources are mostly ids."""


class Refused(Exception):
    """A request that is answered before it reaches the protocol."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def of(response: ScimResponse) -> Answer:
    """The answer that the protocol library worked out."""
    return Answer(int(response.status), b"" if response.body is None else orjson.dumps(response.body), response.headers)


def error(
    status: int, detail: str, headers: Mapping[str, str] | None = None, *, scim_type: str | None = None
) -> Answer:
    """An error as RFC 7644 §3.12 has it; the IdP shows `detail` to its admin."""
    document = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status)}
    document |= {"scimType": scim_type} if scim_type else {}
    body = orjson.dumps(document | {"detail": detail})
    return Answer(status, body, {"Content-Type": SCIM_MEDIA_TYPE, **(headers or {})})


def plain(status: int, text: str) -> Answer:
    """A sentence, for whoever is no SCIM client."""
    return Answer(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def as_accepted(answer: Answer, accept: str) -> Answer:
    """The answer under a media type of the `Accept` header: SCIM's own, or `application/json` where only that is."""
    wanted = accept.lower()
    if not wanted or "scim+json" in wanted:
        return answer
    scim_will_do = "*/*" in wanted or "application/*" in wanted
    if scim_will_do or "application/json" not in wanted or answer.headers.get("Content-Type") != SCIM_MEDIA_TYPE:
        return answer
    return answer._replace(headers={**answer.headers, "Content-Type": "application/json"})


async def send_answer(answer: Answer, send: Send) -> None:
    """Send it; 204 and 304 go without a body and what describes one (RFC 9110 §8.6)."""
    bodiless = answer.status in _BODILESS
    headers = [
        (name.lower().encode(), value.encode("latin-1", "replace"))
        for name, value in answer.headers.items()
        if not (bodiless and name.lower() == "content-type")
    ]
    if not bodiless:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if bodiless else answer.body})
