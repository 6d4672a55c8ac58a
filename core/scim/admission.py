"""Who a request is from, and whether it may go on: address, credential, rate.

A credential that was verified is remembered under a keyed digest of its header, so that the next request with it costs
a few microseconds. What the store says of tokens is read anew once it is `LOOK_SECONDS` old: a read per 100 ms costs
nothing beside 8,000 requests a second, knows no more of other processes than the table itself, and so a token that
`manciple token revoke` ended is refused within 0.1 s, and at once by a listener that was idle.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

from core.config.settings import IpNetwork
from core.scim import answers
from core.scim.addresses import Addresses
from core.scim.answers import CLOSE, Answer, Refused
from core.scim.credentials import Credentials, Refusal, Verified
from core.scim.rate import Rate
from core.scim.served import Served
from core.scim.slowing import Slowing
from core.scim.tolerances import Tolerance
from core.store import Store, tokens
from core.store.clock import now_ms
from core.store.tokens import USE_NOTED_EVERY

LOOK_SECONDS = 0.1
"""How old may be what is known of tokens."""
REMEMBERED = 1024
"""Verified headers kept; there are a few per provider."""


class Admitted(NamedTuple):
    """A request that may go on."""

    token: int | None = None
    """The token that it came with; None where it needs none."""
    tolerances: tuple[Tolerance, ...] = ()
    """The liberties that its credential took."""


class Admission:
    """Decides for the requests of all providers. `public_url` is what the token endpoint's address begins with."""

    def __init__(
        self,
        store: Store,
        providers: Sequence[Served],
        allow: Sequence[IpNetwork],
        public_url: str,
        *,
        slowing: Slowing | None = None,
        clock: Callable[[], float] = monotonic,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self.slowing = Slowing() if slowing is None else slowing
        self._addresses = Addresses(allow, {each.name: each.allow for each in providers})
        self._rates = {each.name: Rate(each.rate, clock) for each in providers if each.rate is not None}
        self._credentials = Credentials(store, providers, public_url, now)
        self._store = store
        self._verified: dict[tuple[str, bytes], Verified] = {}
        self._noted: dict[int, int] = {}
        self._looked_at: float | None = None
        self._clock = clock
        self._now = now
        self._key = secrets.token_bytes(32)

    def refusal(self, client: str) -> str | None:
        """Why the address may send nothing at all, with the remedy; None where it may."""
        return self._addresses.refusal(client)

    async def admit_address(self, client: str, provider: str) -> None:
        """Let an address through.

        :raises Refused: 403 where it may send nothing for this provider.
        """
        refusal = self._addresses.refusal(client, provider)
        if refusal is not None:
            await self.slowing.failed(client)
            raise Refused(answers.error(403, refusal, CLOSE))

    async def admit(self, provider: str, client: str, authorization: str, *, public: bool = False) -> Admitted:
        """Let a request through; one to a public place needs no credential, and counts for no rate.

        :raises Refused: 401 without a live credential; 403 from an address that is not allowed, or with a credential
            of another provider; 429 where too many come. All but the last wait where the address has failed often.
        :raises StoreError: when the store cannot be read.
        """
        await self.admit_address(client, provider)
        found = self._found(provider, authorization)
        if isinstance(found, Verified):
            self._note_use(found)
            if not public:
                self._take(provider)
            return Admitted(found.token, found.tolerances)
        if public:
            return Admitted()
        await self.slowing.failed(client)
        raise Refused(_answer(found))

    def _found(self, provider: str, authorization: str) -> Verified | Refusal:
        """What the credential amounts to: from memory where it was verified since the last look at the store."""
        clock = self._clock()
        if self._looked_at is None or clock - self._looked_at >= LOOK_SECONDS:
            self._verified.clear()
            self._looked_at = clock
        # Keyed, so that how long the look-up takes tells nothing of a secret.
        digest = hashlib.blake2b(authorization.encode("utf-8", "surrogatepass"), key=self._key).digest()
        known = self._verified.get((provider, digest))
        if known is not None and (known.expires_at is None or known.expires_at > self._now()):
            return known
        found = self._credentials.verify(provider, authorization)
        if isinstance(found, Verified):
            if len(self._verified) >= REMEMBERED:
                self._verified.clear()
            self._verified[provider, digest] = found
        return found

    def _take(self, provider: str) -> None:
        rate = self._rates.get(provider)
        if rate is None or (seconds := rate.take()) is None:
            return
        detail = f"more than {rate.per_second} requests a second: send slower, or raise this provider's rate"
        raise Refused(answers.error(429, detail, {"Retry-After": str(seconds)}))

    def _note_use(self, found: Verified) -> None:
        """Have it noted when a token was used, once a minute, with a commit that is made for others anyhow."""
        now, token = self._now(), found.token
        if now - self._noted.get(token, found.last_used_at or 0) < USE_NOTED_EVERY:
            return
        if len(self._noted) >= REMEMBERED:
            self._noted.clear()
        self._noted[token] = now
        self._store.writer.later(lambda tx: tokens.note_use(tx, token))


def _answer(refusal: Refusal) -> Answer:
    if refusal.status != 401:
        return answers.error(refusal.status, refusal.detail)
    challenge = 'Bearer realm="manciple"' + (', error="invalid_token"' if refusal.presented else "")
    if refusal.basic:
        challenge += ', Basic realm="manciple", charset="UTF-8"'
    return answers.error(401, refusal.detail, {"WWW-Authenticate": challenge})
