"""The SCIM listener: an ASGI application that takes what an IdP sends, and answers after the commit.

A write runs whole inside the one writer: effect, pending keys and the exchange's log row are one transaction, so an
answer that was sent is durable (design, section 3 point 4). Reads run on a snapshot; their log rows follow with the
next commit. Nothing towards a target ever happens here.
"""

import asyncio
import logging
from collections.abc import Awaitable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter_ns

from starlette.types import Receive, Scope, Send

from core.config.settings import IpNetwork
from core.redaction import KEPT_BODY, Bodies
from core.scim import answers, handling, token_endpoint
from core.scim.admission import Admission
from core.scim.answers import Answer, Refused, as_accepted, send_answer
from core.scim.bulk import is_bulk, run_bulk
from core.scim.receiving import (
    BODY_SECONDS,
    ClientGone,
    Received,
    begun,
    header,
    is_public,
    is_search,
    made_strict,
    with_body,
)
from core.scim.recording import exchange_of
from core.scim.routing import VERSION, Place, place_of
from core.scim.schemes import announced
from core.scim.served import Served
from core.scim.token_endpoint import TokenEndpoint
from core.scim.touching import touch_keys
from core.scim.writes import Writes
from core.store import Store, StoreError, Transaction

__all__ = ["Listener", "Served"]

_log = logging.getLogger(__name__)
_WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))


@dataclass(slots=True)
class _Turn:
    """One request on its way through the listener."""

    received: Received
    """As far as it is there."""
    logged: bool = False
    """Whether its exchange is in the log: a write's is, together with its effect."""


class Listener:
    """Serves `/scim/<provider>/v2/…` and `/healthz`. `public_url` is what locations in answers begin with.

    Requests from addresses outside `allow` are answered 403; a body may take `body_seconds` to arrive. What providers
    of the names `pulled` send is refused: they are read over Microsoft Graph, and have one source.
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
        pulled: Collection[str] = (),
    ) -> None:
        self._store = store
        self._pulled = frozenset(pulled)
        self._providers = {provider.name: provider for provider in providers}
        self._public_url = public_url.rstrip("/")
        self._bodies: Bodies = bodies
        self._admission = Admission(store, providers, allow, self._public_url)
        self._tokens = TokenEndpoint(store, self._admission.slowing, bodies, body_seconds)
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            return
        place = place_of(scope["path"])
        if place is not None and place.provider in self._providers:
            base_url = f"{self._public_url}/scim/{place.provider}/{VERSION}"
            turn = _Turn(begun(scope, place.provider, place.path, base_url))
            await self._take(turn, self._serve(place, turn, receive), send)
        elif (provider := token_endpoint.provider_of(scope["path"])) in self._providers:
            turn = _Turn(begun(scope, provider, f"/{token_endpoint.PATH}", f"{self._public_url}/scim/{provider}"))
            await self._take(turn, self._give_token(turn, receive), send)
        else:
            await send_answer(await self._elsewhere(scope), send)

    async def _take(self, turn: "_Turn", answering: Awaitable[Answer], send: Send) -> None:
        """Answer a provider, then log what is not in the log yet: the IdP need not wait for that."""
        answer = await self._guarded(turn, answering)
        if answer is not None:
            await send_answer(as_accepted(answer, header(turn.received.request, "accept") or ""), send)
        if not turn.logged:
            self._log(turn.received, answer)

    def _log(self, received: Received, answer: Answer | None) -> None:
        """Have an exchange logged; the writer makes it, save where it would have to keep a large body until then."""
        if answer is not None and answer.logged is not None:
            answer = answer._replace(body=b"")  # what the log keeps is much smaller, and the writer may be behind
        making = partial(exchange_of, received, answer, self._bodies, perf_counter_ns())
        size = len(received.body) + (0 if answer is None else len(answer.body))
        self._store.writer.log(making if size <= KEPT_BODY else making())

    async def _elsewhere(self, scope: Scope) -> Answer:
        if (refusal := self._admission.refusal(_client(scope))) is not None:
            return answers.plain(403, refusal)
        parts = [part for part in scope["path"].split("/") if part]
        if parts == ["healthz"]:
            return await self._health()
        if parts[:1] == ["scim"] and len(parts) > 1 and parts[1] in self._pulled:
            detail = f"provider {parts[1]!r} is read over Microsoft Graph and takes no SCIM: stop provisioning it here"
            return answers.error(403, detail)
        detail = "no SCIM provider has this address: compare the base URL with `manciple status`"
        return answers.error(404, detail) if parts[:1] == ["scim"] else answers.plain(404, detail)

    async def _serve(self, place: Place, turn: "_Turn", receive: Receive) -> Answer:
        request, client = turn.received.request, turn.received.client
        authorization, public = header(request, "authorization") or "", is_public(request)
        admitted = await self._admission.admit(place.provider, client, authorization, public=public)
        if not place.is_served:
            detail = f"version {place.version!r} of SCIM is not served: end the base URL in /{VERSION}"
            raise Refused(answers.error(400, detail, scim_type="invalidVers"))
        turn.received = await with_body(turn.received, receive, self._body_seconds)
        turn.received = made_strict(turn.received, admitted.tolerances)
        return await self._act(turn)

    async def _give_token(self, turn: "_Turn", receive: Receive) -> Answer:
        await self._admission.admit_address(turn.received.client, turn.received.provider)
        answer = await self._tokens.answer(turn.received, receive)
        turn.logged = True
        return answer

    async def _guarded(self, turn: "_Turn", answering: Awaitable[Answer]) -> Answer | None:
        """The answer to a provider, whatever happens; None where the client is gone."""
        try:
            return await answering
        except Refused as refused:
            return refused.answer
        except ClientGone:
            return None
        except StoreError as error:
            _log.error("a SCIM request could not be stored: %s", error)
            turn.logged = True  # as far as it can be: the store takes nothing
            detail = "the identity store takes no writes at the moment: try again"
            return answers.error(503, detail, {"Retry-After": "5"})
        except Exception:  # noqa: BLE001 - the IdP must get an answer whatever is wrong here, and the admin the trace
            _log.exception("a SCIM request met a fault of manciple")
            return answers.error(500, "a fault of manciple: see the engine's log, and report it")

    async def _act(self, turn: "_Turn") -> Answer:
        received, request = turn.received, turn.received.request
        if request.method in _WRITES and not is_search(request):
            return await self._written(turn)
        with self._store.glance() as connection:
            answer = handling.glance(connection, received.provider, request)
        if answer is None:  # in a thread, what may look at everybody: nobody else waits for it
            answer = await asyncio.to_thread(self._read, received)
        return answer

    async def _written(self, turn: "_Turn") -> Answer:
        try:
            answer = await self._store.writer.write(lambda tx: self._write(tx, turn.received))
        except handling.Undone as undone:
            return undone.answer
        turn.logged = True
        return answer

    def _read(self, received: Received) -> Answer:
        with self._store.read() as connection:
            answer = handling.read(connection, received.provider, received.request, received.document)
        return announced(answer, self._providers[received.provider]) if is_public(received.request) else answer

    def _write(self, tx: Transaction, received: Received) -> Answer:
        """The whole of a write: effect, pending keys, log row. Runs in the writer."""
        number = tx.number_exchange()
        writes = Writes(received.provider, tx, number)
        if is_bulk(received.request):
            answer = run_bulk(received.request, received.document, partial(handling.write_part, writes))
        else:
            answer = handling.write(writes, received.request, received.document)
        touch_keys(tx, self._providers[received.provider], writes.touched, number)
        tx.log(exchange_of(received, answer, self._bodies), number)
        return answer

    async def _health(self) -> Answer:
        """200 when the store accepts writes (design, section 5): the last one was kept, and another one can begin."""
        trouble = self._store.writer.trouble
        try:
            await self._store.writer.write(lambda tx: None)
        except StoreError as error:
            trouble = error
        return answers.plain(503, str(trouble)) if trouble else answers.plain(200, "ok")


def _client(scope: Scope) -> str:
    """The client's address; empty where the server knows none."""
    return scope["client"][0] if scope.get("client") else ""
