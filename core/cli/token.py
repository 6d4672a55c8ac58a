"""`manciple token`: the bearer tokens and OAuth clients with which identity providers send SCIM requests."""

from collections.abc import Mapping
from typing import Annotated

import typer

from core.admin import admin
from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.naming import manciple
from core.cli.opening import open_store, provider_named, read_config
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json
from core.cli.table import table
from core.cli.times import iso, iso_or_none, local, local_or_dash
from core.config import Settings
from core.config.formats import NotAccepted, duration
from core.store import Store, Transaction, audit, oauth_clients, tokens
from core.store.clock import now_ms
from core.store.oauth_clients import IssuedClient
from core.store.tokens import Kind, Token

_KINDS: Mapping[Kind, str] = {"bearer": "token", "client": "OAuth", "access": "access"}
_NOUNS: Mapping[Kind, str] = {"bearer": "token", "client": "OAuth client", "access": "access token"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        short_help="Issue, list and revoke bearer tokens and OAuth clients.",
        help="Issue, list and revoke the tokens and OAuth clients with which identity providers send requests.",
    )
    group.command(
        "issue",
        short_help="Make a token, shown once.",
        epilog=example("manciple token issue entra --expires 365d", "manciple token issue entra --oauth"),
    )(issue)
    group.command("list", short_help="List all tokens.", epilog=example("manciple token list --json"))(list_tokens)
    group.command("revoke", short_help="End a token at once.", epilog=example("manciple token revoke mcp_3fQ9"))(revoke)
    app.add_typer(group, name="token")


def issue(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="The name of a [[provider]].")],
    expires: Annotated[
        str, typer.Option("--expires", metavar="365d|never", help="How long it is valid: a number and s, m, h or d.")
    ] = "365d",
    oauth: Annotated[
        bool, typer.Option("--oauth", help="Make an OAuth 2.0 client instead, which gets its tokens itself.")
    ] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Make a token for a provider and show it, this once.

    Two tokens of a provider may be valid at the same time, so that one can replace the other without an outage; and so
    may two OAuth clients.
    """
    settings = read_config(config)
    found = provider_named(settings, provider)
    if found.graph is not None:
        remedy = f"it needs a credential in [provider.graph] instead ({manciple('check')} tries it)"
        raise CommandFailed(f"{provider} is read over Microsoft Graph, and sends nothing: {remedy}", USAGE)
    name = found.name
    seconds = _seconds(expires)
    with open_store(settings, make=True) as store:
        if oauth:
            return _show_client(settings, name, *_issued_client(store, name, seconds), as_json=as_json)
        secret, until = _issued(store, name, seconds)
    if as_json:
        say_json({"provider": name, "token": secret, "expires": iso_or_none(until)})
        return DONE
    say(f"Token for {name}, valid until {local(until) if until is not None else 'it is revoked'}:")
    say()
    say(f"  {secret}")
    say()
    say("It is shown only this once. Enter at the identity provider:")
    say(f"  tenant or base URL   {settings.listener.scim_base_url(name)}")
    say("  secret token         the text above")
    return DONE


def list_tokens(config: ConfigPath = None, as_json: AsJson = False) -> int:
    """List all tokens and OAuth clients, expired and revoked ones too. Their secrets are not kept."""
    with open_store(read_config(config)) as store, store.read() as connection:
        found, now = tokens.listing(connection), now_ms()
    if as_json:
        say_json({"items": [_document(token, now) for token in found]})
    elif found:
        headings = ("ID", "PROVIDER", "KIND", "BEGINS WITH", "STATE", "ISSUED", "BY", "EXPIRES", "LAST USED")
        rows = [_row(token, now) for token in found]
        say_all(table(headings, rows, right=("ID",), spare=("ISSUED", "BY"), columns=columns()))
    else:
        say(f"No tokens yet. Issue one: {manciple('token issue PROVIDER')}")
    return DONE


def revoke(
    token: Annotated[str, typer.Argument(metavar="ID-OR-PREFIX", help="Its number, or how it begins, as listed.")],
    config: ConfigPath = None,
) -> int:
    """End a token, or an OAuth client and all tokens it got, at once: requests that carry one are refused."""
    with open_store(read_config(config)) as store:
        with store.read() as connection:
            found = _meant(tokens.listing(connection), token)
        revoked = store.writer.write_now(lambda tx: _revoked(tx, found))
    what = f"{_NOUNS[found.kind]} {found.id} ({_shown(found)}) of {found.provider}"
    say(f"Revoked {what}." if revoked else f"Nothing to do: {what} was revoked before.")
    return DONE


def _seconds(expires: str) -> int | None:
    if expires == "never":
        return None
    try:
        seconds = duration(expires)
    except NotAccepted as error:
        raise CommandFailed(f'--expires: {error.message}. {error.remedy}, or "never"', USAGE) from None
    if seconds == 0:
        raise CommandFailed('--expires: the token would be expired at once. Write one like "365d"', USAGE)
    return seconds


def _issued(store: Store, provider: str, seconds: int | None) -> tuple[str, int | None]:
    def write(tx: Transaction) -> tuple[str, int | None]:
        until = None if seconds is None else tx.now + seconds * 1000
        secret = tokens.issue(tx, provider, admin(), until)
        detail = f"{secret[: tokens.PREFIX]}…, expires {iso(until) if until is not None else 'never'}"
        audit.note(tx, admin(), "token issue", provider, detail)
        return secret, until

    return store.writer.write_now(write)


def _issued_client(store: Store, provider: str, seconds: int | None) -> tuple[IssuedClient, int | None]:
    def write(tx: Transaction) -> tuple[IssuedClient, int | None]:
        until = None if seconds is None else tx.now + seconds * 1000
        issued = oauth_clients.issue_client(tx, provider, admin(), until)
        detail = f"OAuth client {issued.client_id}, expires {iso(until) if until is not None else 'never'}"
        audit.note(tx, admin(), "token issue", provider, detail)
        return issued, until

    return store.writer.write_now(write)


def _show_client(settings: Settings, provider: str, issued: IssuedClient, until: int | None, *, as_json: bool) -> int:
    endpoint = settings.listener.token_endpoint(provider)
    if as_json:
        shown = {"client_id": issued.client_id, "client_secret": issued.secret, "token_endpoint": endpoint}
        say_json({"provider": provider, **shown, "expires": iso_or_none(until)})
        return DONE
    say(f"OAuth client for {provider}, valid until {local(until) if until is not None else 'it is revoked'}:")
    say()
    say(f"  {issued.secret}")
    say()
    say("This secret is shown only this once. Enter at the identity provider:")
    say(f"  tenant or base URL   {settings.listener.scim_base_url(provider)}")
    say(f"  token endpoint       {endpoint}")
    say(f"  client identifier    {issued.client_id}")
    say("  client secret        the text above")
    return DONE


def _meant(found: list[Token], text: str) -> Token:
    """The one token that an id or a beginning means. The text is not repeated: it may be a whole token."""
    by_id = [token for token in found if text == str(token.id)]
    by_prefix = [token for token in found if text and _begins(token, text)]
    meant = by_id or [token for token in by_prefix if token.revoked_at is None] or by_prefix
    if not meant:
        raise CommandFailed(f"no token has this number or beginning: see `{manciple('token list')}`", USAGE)
    if len(meant) > 1:
        raise CommandFailed(f"several tokens begin like this: give the number of one of them{_listed(meant)}", USAGE)
    if not by_id and len(text) <= len(tokens.MARK):
        raise CommandFailed(f"every token begins like this: give its number{_listed(meant)}", USAGE)
    return meant[0]


def _listed(found: list[Token]) -> str:
    """Tokens to choose from, each on a line of its own."""
    now = now_ms()
    rows = [(str(t.id), _shown(t), t.provider, _state(t, now), local(t.created_at)) for t in found]
    lines = table(("ID", "BEGINS WITH", "PROVIDER", "STATE", "ISSUED"), rows, right=("ID",))
    return "".join(f"\n  {line}" for line in lines)


def _shown(token: Token) -> str:
    """What is known of it by heart: how a token begins, or the whole id of a client."""
    return token.prefix if token.kind == "client" else f"{token.prefix}…"


def _begins(token: Token, text: str) -> bool:
    return token.prefix.startswith(text) or text.startswith(token.prefix)


def _revoked(tx: Transaction, token: Token) -> bool:
    revoked = tokens.revoke(tx, token.id)
    if revoked:
        audit.note(tx, admin(), "token revoke", token.provider, _shown(token))
    return revoked


def _state(token: Token, now: int) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= now else "live"


def _row(token: Token, now: int) -> tuple[str, ...]:
    return (
        str(token.id),
        token.provider,
        _KINDS[token.kind],
        token.prefix,
        _state(token, now),
        local(token.created_at),
        token.created_by,
        local(token.expires_at) if token.expires_at is not None else "never",
        local_or_dash(token.last_used_at),
    )


def _document(token: Token, now: int) -> dict[str, object]:
    return {
        "id": token.id,
        "provider": token.provider,
        "kind": token.kind,
        "prefix": token.prefix,
        "state": _state(token, now),
        "created": iso(token.created_at),
        "created_by": token.created_by,
        "expires": iso_or_none(token.expires_at),
        "last_used": iso_or_none(token.last_used_at),
        "revoked": iso_or_none(token.revoked_at),
    }
