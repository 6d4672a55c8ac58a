"""Verifying what a request presents against the tokens in the store, and saying of a refusal what to do about it.

Each call reads the store; `core.scim.admission` remembers what it said.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.scim.presented import Basic, Bearer, Unreadable, presented
from core.scim.served import Served
from core.scim.tolerances import Tolerance
from core.store import Store, tokens
from core.store.tokens import Known, Token


@dataclass(frozen=True, slots=True)
class Verified:
    """A credential that opens the provider."""

    token: int
    expires_at: int | None
    """Milliseconds since 1970; None: never."""
    last_used_at: int | None
    """As the store has it, milliseconds since 1970."""
    tolerances: tuple[Tolerance, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A credential that does not."""

    status: int
    """401, or 403 for another provider's."""
    detail: str
    presented: bool = True
    """Whether there was one at all."""
    basic: bool = False
    """Whether HTTP Basic would have been accepted."""


class Credentials:
    """The credentials of all providers. `now` gives milliseconds since 1970."""

    def __init__(self, store: Store, providers: Sequence[Served], public_url: str, now: Callable[[], int]) -> None:
        self._store = store
        self._basic = {provider.name: provider.basic for provider in providers}
        self._public_url = public_url
        self._now = now

    def verify(self, provider: str, authorization: str) -> Verified | Refusal:
        """What the value of an Authorization header amounts to.

        :raises StoreError: when the store cannot be read.
        """
        takes_basic = self._basic.get(provider, False)
        remedy = f"send `Authorization: Bearer` and a token of `manciple token issue {provider}`"
        match presented(authorization):
            case Unreadable(detail):
                return Refusal(401, f"{detail}: {remedy}", presented=bool(authorization), basic=takes_basic)
            case Bearer(secret, tolerances):
                return self._judged(provider, secret, ("bearer", "access"), tolerances)
            case Basic() if not takes_basic:
                detail = f"this provider takes no HTTP Basic: {remedy}, or set basic = true in its configuration"
                return Refusal(401, detail)
            case Basic(user, password) if user == provider:
                return self._judged(provider, password, ("bearer",), ())
            case Basic():
                detail = f"the user name of HTTP Basic is not the provider's: use {provider}, with a token as password"
                return Refusal(401, detail, basic=True)

    def _judged(
        self, provider: str, secret: str, kinds: Iterable[tokens.Kind], tolerances: tuple[Tolerance, ...]
    ) -> Verified | Refusal:
        found = self._token(secret)
        if found is not None and found.provider == provider and found.kind in kinds and found.is_live(self._now()):
            return Verified(found.id, found.expires_at, found.last_used_at, tolerances)
        status, detail = self._reason(provider, found)
        return Refusal(status, detail, basic=self._basic.get(provider, False))

    def _token(self, secret: str) -> Token | None:
        """The token of this secret, whatever its kind and state. All are compared, each in constant time."""
        digest = tokens.digest_of(secret)
        found: Known | None = None
        with self._store.read() as connection:
            for each in tokens.known(connection):
                if each.has(digest):
                    found = each
        return found.token if found else None

    def _reason(self, provider: str, found: Token | None) -> tuple[int, str]:
        """Status and detail of a refusal. Whoever has the secret may know what became of it."""
        issue = f"enter a new one of `manciple token issue {provider}` at the identity provider"
        if found is None:
            return 401, f"the token is not known here: {issue}"
        if found.provider != provider:
            return 403, "this token belongs to another provider: compare the base URL with `manciple status`"
        if found.kind == "client":
            endpoint = f"{self._public_url}/scim/{provider}/oauth/token"
            return 401, f"this is an OAuth client's secret: exchange it for an access token at {endpoint}"
        if found.kind == "access":
            return 401, "the access token has ended, by time or with its client: get another at the token endpoint"
        if not found.is_live(self._now()):
            return 401, f"the token {'was revoked' if found.revoked_at is not None else 'has expired'}: {issue}"
        return 401, f"this kind of token is not accepted like this: {issue}"
