"""The SCIM listener: an ASGI application that takes what an IdP sends, and answers after the commit.

A write runs whole inside the one writer: effect, pending keys and the exchange's log row are one transaction, so an
answer that was sent is durable (design, section 3 point 4). Reads run on a snapshot; their log rows follow with the
next commit. Nothing towards a target ever happens here.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from pydantic import ValidationError
from scim2_models import SCIMException, UnauthorizedException
from scim2_server.errors import MethodNotAllowedException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.service import scim_exception_of
from starlette.types import Receive, Scope, Send

from core.config.settings import IpNetwork
from core.redaction import Bodies
from core.scim import answers
from core.scim.answers import Answer, Refused, send_answer
from core.scim.member_patch import member_patch
from core.scim.receiving import BODY_SECONDS, ClientGone, Received, begun, is_public, is_search, made_strict, with_body
from core.scim.recording import exchange_of
from core.scim.service import scim_service
from core.scim.storage import IdentityStorage
from core.store import Store, StoreError, Transaction, pending, tokens

_log = logging.getLogger(__name__)
_WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))


@dataclass(frozen=True, slots=True)
class Served:
    """One provider that may push: its name, and the targets that follow it."""

    name: str
    targets: Sequence[str] = ()


class Listener:
    """Serves `/scim/<provider>/v2/…` and `/healthz`. `public_url` is what locations in answers begin with.

    Requests from addresses outside `allow` are answered 403; a body may take `body_seconds` to arrive.
    """

    def __init__(
        self,
        store: Store,
        providers: Sequence[Served],
        public_url: str,
        bodies: Bodies = "redacted",
        *,
        allow: Sequence[IpNetwork],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._store = store
        self._providers = {provider.name: provider for provider in providers}
        self._public_url = public_url.rstrip("/")
        self._bodies: Bodies = bodies
        self._allow = tuple(allow)
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            return
        parts = [part for part in scope["path"].split("/") if part]
        if len(parts) >= 3 and parts[0] == "scim" and parts[2] == "v2" and parts[1] in self._providers:
            answer = await self._serve(parts[1], "/" + "/".join(parts[3:]), scope, receive)
        else:
            answer = await self._elsewhere(parts, scope)
        if answer is not None:
            await send_answer(answer, send)

    async def _elsewhere(self, parts: list[str], scope: Scope) -> Answer:
        if (refusal := self._refusal(scope)) is not None:
            return answers.plain(403, refusal)
        if parts == ["healthz"]:
            return await self._health()
        detail = "no SCIM provider has this address: compare the base URL with `manciple status`"
        return answers.error(404, detail) if parts[:1] == ["scim"] else answers.plain(404, detail)

    async def _serve(self, provider: str, path: str, scope: Scope, receive: Receive) -> Answer | None:
        """The answer to a provider, logged; None where the client is gone."""
        received = begun(scope, provider, path, f"{self._public_url}/scim/{provider}/v2")
        try:
            if (refusal := self._refusal(scope)) is not None:
                return self._logged(received, answers.error(403, refusal, answers.CLOSE))
            token = self._token(received)
            if token is None and not is_public(received.request):
                return self._logged(received, _unauthorized())
            received = await with_body(received, receive, self._body_seconds)
            return await self._act(made_strict(received), token)
        except Refused as refused:
            return self._logged(received, refused.answer)
        except ClientGone:
            self._store.writer.log(exchange_of(received, None, self._bodies))
            return None
        except StoreError as error:
            _log.error("a SCIM request could not be stored: %s", error)
            detail = "the identity store takes no writes at the moment: try again"
            return answers.error(503, detail, {"Retry-After": "5"})
        except Exception:  # noqa: BLE001 - the IdP must get an answer whatever is wrong here, and the admin the trace
            _log.exception("a SCIM request met a fault of manciple")
            fault = answers.error(500, "a fault of manciple: see the engine's log, and report it")
            return self._logged(received, fault)

    async def _act(self, received: Received, token: int | None) -> Answer:
        request = received.request
        if request.method in _WRITES and not is_search(request):
            return await self._store.writer.write(lambda tx: self._write(tx, received, token))
        # In a thread: a filter without an index looks at everybody, and nobody else waits for it.
        return self._logged(received, await asyncio.to_thread(self._read, received))

    def _read(self, received: Received) -> Answer:
        with self._store.read() as connection:
            return _handle(IdentityStorage(received.provider, connection), received.request)

    def _write(self, tx: Transaction, received: Received, token: int | None) -> Answer:
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
        tx.log(exchange_of(received, answer, self._bodies), number)
        return answer

    def _token(self, received: Received) -> int | None:
        scheme, _, secret = (received.request.header("Authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return None
        with self._store.read() as connection:
            token = tokens.find(connection, received.provider, secret.strip(), received.at)
        return token.id if token else None

    def _refusal(self, scope: Scope) -> str | None:
        """Why the client's address may send nothing, with the remedy; None where it may."""
        client = scope["client"][0] if scope.get("client") else ""
        try:
            address = ip_address(client)
        except ValueError:
            return f"the address {client!r} is no IP address, and so not in listener.allow"
        # A socket of both families shows an IPv4 client as ::ffff:192.0.2.1.
        address = (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
        if any(address in network for network in self._allow):
            return None
        return f"the address {address} may not send requests: add it to listener.allow"

    def _logged(self, received: Received, answer: Answer) -> Answer:
        self._store.writer.log(exchange_of(received, answer, self._bodies))
        return answer

    async def _health(self) -> Answer:
        """200 when the store accepts writes (design, section 5): the last one was kept, and another one can begin."""
        trouble = self._store.writer.trouble
        try:
            await self._store.writer.write(lambda tx: None)
        except StoreError as error:
            trouble = error
        return answers.plain(503, str(trouble)) if trouble else answers.plain(200, "ok")


def _unauthorized() -> Answer:
    detail = "the bearer token is missing, wrong, expired or revoked: issue a new one"
    return answers.of(scim_service().error_response(UnauthorizedException(detail=detail)))


def _attempt(tx: Transaction, storage: IdentityStorage, request: ScimRequest) -> Answer:
    """Handle a write in a part of its own: a refused one leaves nothing, and is logged all the same."""
    answer: Answer | None = None
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


def _handle(storage: IdentityStorage, request: ScimRequest) -> Answer:
    service = scim_service()
    try:
        if (patch := member_patch(request)) and (version := storage.patch_members(patch)):
            return answers.Answer(204, b"", {"ETag": version})
        return answers.of(ScimHandler(service, storage).handle(request))
    except MethodNotAllowedException as refused:
        detail = f"{request.method} is not served at {request.path}: use {', '.join(refused.allowed)}"
        return answers.of(service.error_response(MethodNotAllowedException(allowed=refused.allowed, detail=detail)))
    except SCIMException as refused:
        cause = refused.__cause__  # where it is the validator's, the library's text of it is several lines of Python
        readable = scim_exception_of(cause) if isinstance(cause, ValidationError) else refused
        return answers.of(service.error_response(readable))
