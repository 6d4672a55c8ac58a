"""OAuth 2.0 clients: a client id and a secret, and the access tokens that they are exchanged for (RFC 6749 §4.4).

Entra's gallery demands this in place of a bearer token that lives for years. An access token lives for an hour, and
ends with its client, by revocation or expiry.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select

from core.store import tables
from core.store.tokens import PREFIX, Token, keep, make_room, new_secret
from core.store.writer import Transaction

CLIENT_MARK, SECRET_MARK, ACCESS_MARK = "mci_", "mcs_", "mca_"
"""Begin every client id, client secret and access token."""
ACCESS_SECONDS = 3600
"""How long an access token lives."""
LIVE_ACCESS_AT_MOST = 100
"""Live access tokens per client; the oldest makes room, for a client that asks for one with each request."""

_TOKENS = tables.Token.metadata.tables["tokens"]


@dataclass(frozen=True, slots=True)
class IssuedClient:
    """What is shown once of a new client."""

    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A new access token."""

    token: str
    seconds: int
    """How long it lives."""


def issue_client(tx: Transaction, provider: str, created_by: str, expires_at: int | None = None) -> IssuedClient:
    """Make an OAuth client for `provider`; its secret cannot be shown again.

    :raises TooManyTokens: when two live clients exist.
    """
    make_room(tx, provider, "client")
    issued = IssuedClient(CLIENT_MARK + secrets.token_hex(6), new_secret(SECRET_MARK))
    keep(
        tx,
        provider,
        "client",
        issued.secret,
        prefix=issued.client_id,
        created_by=created_by,
        expires_at=expires_at,
    )
    return issued


def grant(tx: Transaction, client: Token) -> Granted:
    """Make an access token for a client whose secret was verified, and delete those that have expired."""
    ends = tx.now + ACCESS_SECONDS * 1000
    if client.expires_at is not None:
        ends = min(ends, client.expires_at)
    _forget(tx, client.id)
    secret = new_secret(ACCESS_MARK)
    keep(
        tx,
        client.provider,
        "access",
        secret,
        prefix=secret[:PREFIX],
        created_by=client.prefix,
        expires_at=ends,
        client=client.id,
    )
    return Granted(secret, (ends - tx.now) // 1000)


def _forget(tx: Transaction, client: int) -> None:
    """Delete all expired access tokens, and of this client's the oldest where it has as many as it may."""
    access = _TOKENS.c.kind == "access"
    tx.execute(delete(_TOKENS).where(access, _TOKENS.c.expires_at <= tx.now))
    newest = (
        select(_TOKENS.c.id)
        .where(access, _TOKENS.c.client == client)
        .order_by(_TOKENS.c.id.desc())
        .limit(LIVE_ACCESS_AT_MOST - 1)
    )
    tx.execute(delete(_TOKENS).where(access, _TOKENS.c.client == client, _TOKENS.c.id.not_in(newest)))
