"""SCIM bearer tokens: issuing, finding, listing and revoking them.

A secret is shown once and never kept: the store holds its SHA-256 digest, which suffices because the secret is 32
random bytes and cannot be guessed. Two live tokens of a provider may overlap, so that one can be replaced without an
outage; a third is refused, because forgotten tokens are how secrets leak.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from core.store import tables
from core.store.errors import StoreError
from core.store.writer import Transaction

MARK = "mcp_"
"""Begins every secret, so that secret scanners and people recognise one."""
PREFIX = 8
"""How many characters of the secret are kept readable, to tell tokens apart."""
LIVE_AT_MOST = 2
"""Live tokens per provider: the one in use and the one that replaces it."""
USE_NOTED_EVERY = 60_000
"""Milliseconds between two notes of a token's use: a busy provider must not cost a write per request."""
DAY = 86_400_000
"""Milliseconds."""


class TooManyTokens(StoreError):
    """The provider already has as many live tokens as may overlap."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as listed. Times are milliseconds since 1970-01-01 UTC."""

    id: int
    provider: str
    prefix: str
    created_at: int
    created_by: str
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None


_TOKENS = tables.Token.metadata.tables["tokens"]
_LISTED = select(*(_TOKENS.c[field.name] for field in fields(Token)))


def issue(tx: Transaction, provider: str, created_by: str, expires_at: int | None = None) -> str:
    """Make a token for `provider`; returns its secret, which cannot be shown again.

    :raises TooManyTokens: when two live tokens exist.
    """
    live = tx.execute(_LISTED.where(_TOKENS.c.provider == provider, _live(tx.now)).order_by(_TOKENS.c.id)).all()
    if len(live) >= LIVE_AT_MOST:
        names = " and ".join(row.prefix for row in live)
        raise TooManyTokens(f"provider {provider!r} has {len(live)} live tokens ({names}): revoke one of them first")
    secret = MARK + secrets.token_urlsafe(32)
    row = {"provider": provider, "prefix": secret[:PREFIX], "digest": _digest(secret)}
    tx.execute(insert(_TOKENS).values(**row, created_at=tx.now, created_by=created_by, expires_at=expires_at))
    return secret


def find(connection: Connection, provider: str, secret: str, now: int) -> Token | None:
    """The live token of `provider` whose secret was presented; `None` where it is unknown, expired or revoked.

    Digests are compared in constant time, so that an answer's delay tells nothing about them.
    """
    presented, found = _digest(secret), None
    statement = _LISTED.add_columns(_TOKENS.c.digest).where(_TOKENS.c.provider == provider, _live(now))
    for *listed, digest in connection.execute(statement):
        if hmac.compare_digest(digest, presented):
            found = Token(*listed)
    return found


def note_use(tx: Transaction, token: int) -> bool:
    """Note that a token was used now, at most once a minute; returns whether this use was noted."""
    stale = or_(_TOKENS.c.last_used_at.is_(None), _TOKENS.c.last_used_at <= tx.now - USE_NOTED_EVERY)
    return tx.execute(update(_TOKENS).where(_TOKENS.c.id == token, stale).values(last_used_at=tx.now)).rowcount == 1


def revoke(tx: Transaction, token: int) -> bool:
    """End a token at once; returns False where there is none, or it was revoked before."""
    unrevoked = and_(_TOKENS.c.id == token, _TOKENS.c.revoked_at.is_(None))
    return tx.execute(update(_TOKENS).where(unrevoked).values(revoked_at=tx.now)).rowcount == 1


def listing(connection: Connection, provider: str | None = None) -> list[Token]:
    """All tokens, revoked and expired ones too, of one provider or of all; by provider, oldest first."""
    statement = _LISTED.order_by(_TOKENS.c.provider, _TOKENS.c.id)
    if provider is not None:
        statement = statement.where(_TOKENS.c.provider == provider)
    return [Token(*row) for row in connection.execute(statement)]


def expiring(connection: Connection, days: int, now: int) -> list[Token]:
    """The live tokens that expire within `days` from `now`; by provider, oldest first."""
    statement = _LISTED.where(_live(now), _TOKENS.c.expires_at <= now + days * DAY)
    return [Token(*row) for row in connection.execute(statement.order_by(_TOKENS.c.provider, _TOKENS.c.id))]


def _live(now: int) -> ColumnElement[bool]:
    return and_(_TOKENS.c.revoked_at.is_(None), or_(_TOKENS.c.expires_at.is_(None), _TOKENS.c.expires_at > now))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
