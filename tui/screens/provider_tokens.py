"""The tokens of a provider as the console changes them: issued and revoked, each with its audit row."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from core.admin import admin
from core.store import Store, Transaction, audit, oauth_clients, tokens
from core.store.tokens import Token
from tui.screens.connection_text import shown

Form = Literal["bearer", "client"]
"""A bearer token, or an OAuth client that gets its tokens itself."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What is shown once."""

    form: Form
    prefix: str
    """How the token begins; of an OAuth client, its whole id."""
    secret: str = field(repr=False)
    until: int | None
    """When it expires, in milliseconds since 1970-01-01 UTC."""


async def issue(store: Store, provider: str, form: Form, seconds: int | None) -> Issued:
    """Make a token that is valid for so many seconds; `None`: until it is revoked.

    :raises StoreError: when two live ones exist, or the store cannot keep it.
    """

    def write(tx: Transaction) -> Issued:
        until = None if seconds is None else tx.now + seconds * 1000
        issued = _made(tx, provider, form, until)
        what = f"OAuth client {issued.prefix}" if form == "client" else f"{issued.prefix}…"
        audit.note(tx, admin(), "token issue", provider, f"{what}, expires {_iso(until)}")
        return issued

    return await store.writer.write(write)


async def revoke(store: Store, token: Token) -> bool:
    """End a token at once; false where it had ended before.

    :raises StoreError: when the store cannot keep it.
    """

    def write(tx: Transaction) -> bool:
        revoked = tokens.revoke(tx, token.id)
        if revoked:
            audit.note(tx, admin(), "token revoke", token.provider, shown(token))
        return revoked

    return await store.writer.write(write)


def _made(tx: Transaction, provider: str, form: Form, until: int | None) -> Issued:
    if form == "client":
        client = oauth_clients.issue_client(tx, provider, admin(), until)
        return Issued(form, client.client_id, client.secret, until)
    secret = tokens.issue(tx, provider, admin(), until)
    return Issued(form, secret[: tokens.PREFIX], secret, until)


def _iso(until: int | None) -> str:
    """As commands write it: ISO 8601 in UTC."""
    if until is None:
        return "never"
    moment = datetime.fromtimestamp(until / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
