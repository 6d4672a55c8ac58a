"""The SCIM listener: an ASGI application that takes what an IdP sends, and answers after the commit.

A write runs whole inside the one writer: effect, pending keys and the exchange's log row are one transaction, so an
answer that was sent is durable (design, section 3 point 4). Reads run on a snapshot; their log rows follow with the
next commit. Nothing towards a target ever happens here.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from pydantic import ValidationError
from scim2_models import SCIMException, UnauthorizedException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE, ScimResponse
from starlette.types import Message, Receive, Scope, Send

from core.exchange import Exchange
from core.redaction import Bodies, redact_body, redact_headers, redact_path
from core.scim.normalising import normalise_group, normalise_patch, normalise_user
from core.scim.service import MAX_BODY, scim_service
from core.scim.storage import IdentityStorage
from core.store import Store, StoreError, Transaction, pending, tokens
from core.store.clock import now_ms

_log = logging.getLogger(__name__)
_READS = frozenset(("GET", "HEAD", "OPTIONS"))


@dataclass(frozen=True, slots=True)
class Served:
    """One provider that may push: its name, and the targets that follow it."""

    name: str
    targets: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Received:
    """One request as it came in."""

    provider: str
    at: int
    started: int
    client: str
    request: ScimRequest
    query: str
    body: bytes
    """As sent; the request's own body is in strict form."""
    tolerances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Listener:
    """Serves `/scim/<provider>/v2/…` and `/healthz`. `public_url` is what locations in answers begin with."""

    def __init__(self, store: Store, providers: Sequence[Served], public_url: str, bodies: Bodies = "redacted") -> None:
        self._store = store
        self._providers = {provider.name: provider for provider in providers}
        self._public_url = public_url.rstrip("/")
        self._bodies: Bodies = bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            return
        path = "/" + "/".join(part for part in scope["path"].split("/") if part)
        if path == "/healthz":
            await _send(await self._health(), send)
            return
        parts = path.split("/", 4)
        if len(parts) < 4 or parts[1] != "scim" or parts[3] != "v2" or parts[2] not in self._providers:
            await _send(
                _plain(404, "no SCIM provider has this address: compare the base URL with `manciple status`"), send
            )
            return
        provider, rest = parts[2], "/" + (parts[4] if len(parts) > 4 else "")
        await _send(await self._serve(provider, rest, scope, receive), send)

    async def _serve(self, provider: str, path: str, scope: Scope, receive: Receive) -> _Answer:
        at, started = now_ms(), time.perf_counter_ns()
        query = scope["query_string"].decode("latin-1")
        request = ScimRequest(
            method=scope["method"],
            base_url=f"{self._public_url}/scim/{provider}/v2",
            path=path,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
        )
        client = scope["client"][0] if scope.get("client") else ""
        body = await _body(receive)
        if body is None:
            received = _Received(provider, at, started, client, request, query, b"")
            return self._logged(received, _error(413, f"the body is larger than {MAX_BODY} bytes: send fewer members"))
        request.body, tolerances = _strict(request, body)
        received = _Received(provider, at, started, client, request, query, body, tolerances)
        try:
            return await self._act(received)
        except StoreError as error:
            _log.error("a SCIM request could not be stored: %s", error)
            return _error(503, "the identity store takes no writes at the moment: try again", {"Retry-After": "5"})
        except Exception:  # noqa: BLE001 - the IdP must get an answer whatever is wrong here, and the admin the trace
            _log.exception("a SCIM request met a fault of manciple")
            return self._logged(received, _error(500, "a fault of manciple: see the engine's log, and report it"))

    async def _act(self, received: _Received) -> _Answer:
        request = received.request
        discovery = request.path.strip("/").lower() == "serviceproviderconfig"
        token = None if discovery else self._token(received)
        if token is None and not discovery:
            refused = scim_service().error_response(
                UnauthorizedException(detail="the bearer token is missing, wrong, expired or revoked: issue a new one")
            )
            return self._logged(received, _of(refused))
        if request.method in _READS or request.path.lower().endswith("/.search"):
            with self._store.read() as connection:
                answer = _handle(IdentityStorage(received.provider, connection), request)
            return self._logged(received, answer)
        return await self._store.writer.write(lambda tx: self._write(tx, received, token))

    def _write(self, tx: Transaction, received: _Received, token: int | None) -> _Answer:
        """The whole of a write: effect, pending keys, log row. Runs in the writer."""
        number = tx.number_exchange()
        storage = IdentityStorage(received.provider, tx.connection, tx, number)
        answer = _attempt(tx, storage, received.request)
        if answer.status < 400:
            targets = self._providers[received.provider].targets
            pending.touch(tx, targets, "user", sorted(storage.touched["User"]), number)
            pending.touch(tx, targets, "group", sorted(storage.touched["Group"]), number)
        if token is not None:
            tokens.note_use(tx, token)
        tx.log(self._exchange(received, answer), number)
        return answer

    def _token(self, received: _Received) -> int | None:
        scheme, _, secret = (received.request.header("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return None
        with self._store.read() as connection:
            token = tokens.find(connection, received.provider, secret.strip(), received.at)
        return token.id if token else None

    def _logged(self, received: _Received, answer: _Answer) -> _Answer:
        self._store.writer.log(self._exchange(received, answer))
        return answer

    def _exchange(self, received: _Received, answer: _Answer) -> Exchange:
        request = received.request
        path = request.path + (f"?{received.query}" if received.query else "")
        headers = request.headers.items() if isinstance(request.headers, Mapping) else request.headers
        return Exchange(
            direction="in",
            party=received.provider,
            at=received.at,
            duration=(time.perf_counter_ns() - received.started) // 1000,
            method=request.method,
            path=redact_path(path),
            status=answer.status,
            subject=_subject(request, answer),
            outcome=_outcome(answer),
            client=received.client,
            request_headers=redact_headers(headers),
            request_body=redact_body(received.body, self._bodies),
            response_headers=dict(answer.headers) | _tolerated(received),
            response_body=redact_body(answer.body, self._bodies),
        )

    async def _health(self) -> _Answer:
        """200 when the store accepts writes (design, section 5)."""
        try:
            await self._store.writer.write(lambda tx: None)
        except StoreError as error:
            return _plain(503, str(error))
        return _plain(200, "ok")


def _strict(request: ScimRequest, body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The body in strict form, and the tolerances it needed; one that is no object is left for the core to refuse."""
    document = _object(body)
    if not document or request.method not in ("POST", "PUT", "PATCH"):
        return body, ()
    group = request.path.strip("/").lower().startswith("groups")
    if request.path.rstrip("/").lower().endswith(".search"):
        return body, ()
    if request.method == "PATCH":
        normalised = normalise_patch(document, "Group" if group else "User")
    else:
        normalised = normalise_group(document) if group else normalise_user(document)
    return orjson.dumps(normalised.document), normalised.tolerances


def _tolerated(received: _Received) -> dict[str, str]:
    """The liberties of the IdP that this request needed, for whoever opens it in the log."""
    return {"x-manciple-tolerances": ", ".join(received.tolerances)} if received.tolerances else {}


def _attempt(tx: Transaction, storage: IdentityStorage, request: ScimRequest) -> _Answer:
    """Handle a write in a part of its own: a refused one leaves nothing, and is logged all the same."""
    answer: _Answer | None = None
    try:
        with tx.savepoint():
            answer = _handle(storage, request)
            if answer.status >= 400:
                raise _Undo
    except _Undo:
        pass
    assert answer is not None
    return answer


class _Undo(Exception):
    """Leaves the savepoint of a refused write."""


def _handle(storage: IdentityStorage, request: ScimRequest) -> _Answer:
    service = scim_service()
    try:
        return _of(ScimHandler(service, storage).handle(request))
    except (SCIMException, ValidationError) as refused:
        return _of(service.error_response(refused))


def _of(response: ScimResponse) -> _Answer:
    body = b"" if response.body is None else orjson.dumps(response.body)
    return _Answer(int(response.status), body, response.headers)


def _error(status: int, detail: str, headers: Mapping[str, str] | None = None) -> _Answer:
    """An error as RFC 7644 §3.12 has it."""
    document = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status), "detail": detail}
    return _Answer(status, orjson.dumps(document), {"Content-Type": SCIM_MEDIA_TYPE, **(headers or {})})


def _plain(status: int, text: str) -> _Answer:
    return _Answer(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})


def _subject(request: ScimRequest, answer: _Answer) -> str:
    """Whom or what an exchange was about: the name in the answer, else in the request, else the path's last part."""
    for body in (answer.body, request.body):
        document = _object(body)
        name = document.get("userName") or document.get("displayName")
        if isinstance(name, str):
            return name
    return request.query.get("filter") or request.path.rsplit("/", 1)[-1]


def _outcome(answer: _Answer) -> str:
    document = _object(answer.body)
    if answer.status >= 400:
        return str(document.get("scimType") or document.get("detail") or answer.status)[:80]
    if "totalResults" in document:
        return f"{document['totalResults']} found" if document["totalResults"] else "no match"
    return {201: "created", 204: "done"}.get(answer.status, "ok")


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


async def _body(receive: Receive) -> bytes | None:
    """The whole body; `None` where it is larger than `MAX_BODY`, which is then read but not kept."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(chunks)
        size += len(message.get("body", b""))
        if size <= MAX_BODY:
            chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks) if size <= MAX_BODY else None


async def _send(answer: _Answer, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
