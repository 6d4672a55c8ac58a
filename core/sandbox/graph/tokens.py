"""Access tokens of the simulated authority: JSON Web Tokens with the claims that a client looks at.

They are signed with a key of the simulator's own (HS256, where the real ones are RS256), because a client may read a
token and never has to check it.
"""

import base64
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

import orjson

from core.sandbox.graph.contents import Clock
from core.sandbox.graph.errors import unauthenticated
from core.sandbox.graph.settings import GRAPH_HOSTS, Settings


@dataclass(frozen=True, slots=True)
class Grant:
    """What a valid access token allows."""

    client_id: str
    permissions: frozenset[str]
    delegated: bool = False
    """Whether a person signed in, instead of the application by itself."""

    def includes(self, permission: str) -> bool:
        """Whether the permission is granted, by itself or by one that contains it."""
        writing = permission.replace(".Read.", ".ReadWrite.")
        return not self.permissions.isdisjoint({permission, writing})


class Tokens:
    """Issues access tokens and reads them back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._revoked: set[str] = set()

    def issue(self, settings: Settings, *, user: str | None = None, permissions: frozenset[str] | None = None) -> str:
        """A token with the permissions of the moment, or with those given; `user` is the object id of who signed in."""
        granted = sorted(settings.permissions if permissions is None else permissions)
        now = int(self._clock())
        claims: dict[str, Any] = {
            "aud": GRAPH_HOSTS[settings.cloud],
            "iss": f"https://sts.windows.net/{settings.tenant_id}/",
            "iat": now,
            "nbf": now,
            "exp": now + settings.token_seconds,
            "app_displayname": "manciple",
            "appid": settings.client_id,
            "idtyp": "user" if user else "app",
            "oid": user or settings.client_id,
            "tid": settings.tenant_id,
            "uti": uuid.uuid4().hex,
            "ver": "1.0",
        }
        return self.signed(claims | ({"scp": " ".join(granted)} if user else {"roles": granted}))

    def revoke(self, token: str) -> None:
        """End a token before its time, as a change of the account's credentials does."""
        self._revoked.add(token)

    def read(self, authorization: str) -> Grant:
        """What the `Authorization` header grants.

        :raises Refusal: 401 for none, a foreign, an expired or a revoked token.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated("Access token is empty.")
        claims = self._claims(token)
        if claims["exp"] <= self._clock():
            raise unauthenticated("Lifetime validation failed, the token is expired.")
        if token in self._revoked:
            message = "Continuous access evaluation resulted in challenge with result: InteractionRequired"
            wanted = {"access_token": {"nbf": {"essential": True, "value": str(int(self._clock()))}}}
            raise unauthenticated(message, base64.b64encode(orjson.dumps(wanted)).decode())
        permissions = claims["roles"] if "roles" in claims else claims["scp"].split()
        return Grant(claims["appid"], frozenset(permissions), delegated="scp" in claims)

    def _claims(self, token: str) -> dict[str, Any]:
        signed, _, signature = token.rpartition(".")
        if signed.count(".") != 1:
            raise unauthenticated("IDX14100: JWT is not well formed, there are no dots (.).")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            raise unauthenticated("Signature verification failed.")
        payload = signed.partition(".")[2]
        claims: dict[str, Any] = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return claims

    def signed(self, claims: dict[str, Any]) -> str:
        """A token with these claims."""
        text = f"{base64url(orjson.dumps({'typ': 'JWT', 'alg': 'HS256'}))}.{base64url(orjson.dumps(claims))}"
        return f"{text}.{self._signature(text)}"

    def _signature(self, text: str) -> str:
        return base64url(hmac.digest(self._key, text.encode(), hashlib.sha256))


def base64url(content: bytes) -> str:
    """Base64 as tokens write it: URL-safe, and without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
