"""The secrets by which providers are known: issuing, finding, listing and revoking them.

There are three kinds: a bearer token is sent with each request as it is; an OAuth 2.0 client exchanges its secret for
access tokens, which are sent instead (`core.store.oauth_clients`). A secret is shown once and never kept: the store
holds its SHA-256 digest, which suffices because the secret is 32 random bytes and cannot be guessed. Two live bearer
tokens of a provider may overlap, so that one can be replaced without an outage, and so may two clients; a third is
refused, because forgotten tokens are how secrets leak.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from core.store import tables
from core.store.errors import StoreError
from core.store.writer import Transaction

Kind = Literal["bearer", "client", "access"]
"""`bearer` is sent as it is, `client` gets `access` tokens for its secret."""

MARK = "mcp_"
"""Begins every bearer token, so that secret scanners and people recognise one."""
PREFIX = 8
"""How many characters of the secret are kept readable, to tell tokens apart."""
LIVE_AT_MOST = 2
"""Live tokens per provider, and live clients: the one in use and the one that replaces it."""
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
    kind: Kind = "bearer"
    client: int | None = None
    """Of an access token: the client that got it."""

    def is_live(self, now: int) -> bool:
        """Whether it is neither revoked nor, at `now`, expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True, slots=True)
class Known:
    """A token and the digest of its secret."""

    token: Token
    digest: bytes

    def has(self, presented: bytes) -> bool:
        """Whether `presented` is the digest of its secret; compared in constant time."""
        return hmac.compare_digest(self.digest, presented)


_TOKENS = tables.Token.metadata.tables["tokens"]
_LISTED = select(*(_TOKENS.c[field.name] for field in fields(Token)))


def issue(tx: Transaction, provider: str, created_by: str, expires_at: int | None = None) -> str:
    """Make a bearer token for `provider`; returns its secret, which cannot be shown again.

    :raises TooManyTokens: when two live bearer tokens exist.
    """
    make_room(tx, provider, "bearer")
    secret = new_secret(MARK)
    keep(tx, provider, "bearer", secret, prefix=secret[:PREFIX], created_by=created_by, expires_at=expires_at)
    return secret


def make_room(tx: Transaction, provider: str, kind: Kind) -> None:
    """See to it that one more of a kind may be issued.

    :raises TooManyTokens: when `LIVE_AT_MOST` live ones exist.
    """
    mine = and_(_TOKENS.c.provider == provider, _TOKENS.c.kind == kind, _live(tx.now))
    live = tx.execute(_LISTED.where(mine).order_by(_TOKENS.c.id)).all()
    if len(live) >= LIVE_AT_MOST:
        names, what = " and ".join(row.prefix for row in live), "tokens" if kind == "bearer" else "OAuth clients"
        raise TooManyTokens(f"provider {provider!r} has {len(live)} live {what} ({names}): revoke one of them first")


def new_secret(mark: str) -> str:
    """A secret that nobody can guess, and that begins with `mark`."""
    return mark + secrets.token_urlsafe(32)


def keep(
    tx: Transaction,
    provider: str,
    kind: Kind,
    secret: str,
    *,
    prefix: str,
    created_by: str,
    expires_at: int | None,
    client: int | None = None,
) -> None:
    """Keep a token under the digest of its secret."""
    row = {"provider": provider, "kind": kind, "prefix": prefix, "digest": digest_of(secret), "client": client}
    tx.execute(insert(_TOKENS).values(**row, created_at=tx.now, created_by=created_by, expires_at=expires_at))


def known(connection: Connection, provider: str | None = None) -> list[Known]:
    """All tokens of all kinds with their digests, revoked and expired ones too, of one provider or of all.

    There are few: an admin issues them one by one, and access tokens are deleted once they have expired.
    """
    statement = _LISTED.add_columns(_TOKENS.c.digest)
    if provider is not None:
        statement = statement.where(_TOKENS.c.provider == provider)
    return [Known(Token(*listed), digest) for *listed, digest in connection.execute(statement)]


def find(connection: Connection, provider: str, secret: str, now: int) -> Token | None:
    """The live bearer or access token of `provider` whose secret was presented; `None` where there is none.

    Digests are compared in constant time, so that an answer's delay tells nothing about them.
    """
    presented = digest_of(secret)
    found = [each.token for each in known(connection, provider) if each.has(presented)]
    return next((token for token in found if token.kind != "client" and token.is_live(now)), None)


def note_use(tx: Transaction, token: int) -> bool:
    """Note that a token was used now, at most once a minute; returns whether this use was noted.

    The use of an access token is one of its client too.
    """
    stale = or_(_TOKENS.c.last_used_at.is_(None), _TOKENS.c.last_used_at <= tx.now - USE_NOTED_EVERY)
    client = select(_TOKENS.c.client).where(_TOKENS.c.id == token).scalar_subquery()
    used = or_(_TOKENS.c.id == token, _TOKENS.c.id == client)
    return tx.execute(update(_TOKENS).where(used, stale).values(last_used_at=tx.now)).rowcount > 0


def revoke(tx: Transaction, token: int) -> bool:
    """End a token at once, and with a client its access tokens.

    Returns False where there is none, or it was revoked before.
    """
    meant = or_(_TOKENS.c.id == token, _TOKENS.c.client == token)
    unrevoked = and_(meant, _TOKENS.c.revoked_at.is_(None))
    return tx.execute(update(_TOKENS).where(unrevoked).values(revoked_at=tx.now)).rowcount > 0


def listing(connection: Connection, provider: str | None = None) -> list[Token]:
    """What admins issued, of one provider or of all: bearer tokens and clients, revoked and expired ones too.

    By provider, oldest first. Access tokens, which clients get by themselves, are not among them.
    """
    statement = _LISTED.where(_TOKENS.c.kind != "access").order_by(_TOKENS.c.provider, _TOKENS.c.id)
    if provider is not None:
        statement = statement.where(_TOKENS.c.provider == provider)
    return [Token(*row) for row in connection.execute(statement)]


def expiring(connection: Connection, days: int, now: int) -> list[Token]:
    """What admins issued and expires within `days` from `now`; by provider, oldest first."""
    ending = and_(_live(now), _TOKENS.c.kind != "access", _TOKENS.c.expires_at <= now + days * DAY)
    statement = _LISTED.where(ending)
    return [Token(*row) for row in connection.execute(statement.order_by(_TOKENS.c.provider, _TOKENS.c.id))]


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _live(now: int) -> ColumnElement[bool]:
    return and_(_TOKENS.c.revoked_at.is_(None), or_(_TOKENS.c.expires_at.is_(None), _TOKENS.c.expires_at > now))
