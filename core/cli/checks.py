"""What `manciple check` can find out on this machine: configuration, store, listener, and the providers' tokens."""

import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from core.cli.naming import manciple
from core.cli.opening import ALIVE_SECONDS, open_store, store_is_there
from core.cli.times import local, span
from core.config import ProviderSettings, Settings
from core.config.formats import is_loopback
from core.planning.wording import counted
from core.store import StoreError, engines, tokens
from core.store.clock import now_ms
from core.store.engines import Engine
from core.store.tokens import DAY, Token

WARN_DAYS = 30
"""Days before a token's end from which on it is warned of."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and how it is."""

    part: Literal["configuration", "store", "listener", "provider", "target"]
    name: str
    """Of the provider or target; empty for all else."""
    subject: str
    """The key, or what was tried."""
    state: Literal["ok", "warning", "failed"]
    detail: str
    remedy: str = ""
    is_here: bool = False
    """Whether the fault is in the configuration, or in what it names on this machine, wherever it was noticed."""

    @property
    def is_failure(self) -> bool:
        """Whether something does not work."""
        return self.state == "failed"

    @property
    def title(self) -> str:
        """What it stands under in a listing."""
        return f"{self.part.capitalize()} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class StoreState:
    """What the store says that other checks need."""

    engines: Sequence[Engine] = ()
    tokens: Sequence[Token] = ()
    now: int = 0


def config_checks(settings: Settings) -> Iterator[Check]:
    """A valid configuration, and what it warns of."""
    yield Check("configuration", "", "", "ok", f"{settings.path} is valid.")
    for warning in settings.warnings:
        yield Check("configuration", "", warning.key, "warning", str(warning))


def store_checks(settings: Settings) -> tuple[list[Check], StoreState]:
    """Whether the store opens, or can be made; and what it says."""
    shown = settings.store.shown_url
    if not store_is_there(settings):
        folder = Path(make_url(settings.store.url).database or "").parent
        return [_place_of_store(shown, folder)], StoreState()
    try:
        with open_store(settings) as store, store.read() as connection:
            now = now_ms()
            state = StoreState(engines.alive(connection, ALIVE_SECONDS, now), tokens.listing(connection), now)
    except StoreError as error:
        return [Check("store", "", "url", "failed", str(error))], StoreState()
    return [Check("store", "", "url", "ok", f"{shown} opens.")], state


def _place_of_store(shown: str, folder: Path) -> Check:
    if not folder.is_dir():
        remedy = f"Create {folder}, or change [store] url."
        return Check("store", "", "url", "failed", f"{folder} is not there.", remedy, is_here=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        remedy = f"Let the user that runs manciple write {folder}, or change [store] url."
        return Check("store", "", "url", "failed", f"{folder} cannot be written.", remedy, is_here=True)
    return Check("store", "", "url", "ok", f"{shown} is made at the first start.")


def listener_checks(settings: Settings, state: StoreState) -> Iterator[Check]:
    """Whether the address is free, or has an engine of this store; TLS files; and what crosses the network open."""
    yield _address(settings, state)
    listener = settings.listener
    if listener.tls_cert is not None and listener.tls_key is not None:
        yield _certificate(listener.tls_cert, listener.tls_key)
    elif not is_loopback(listener.bind_host):
        remedy = "Give tls_cert and tls_key, or bind to 127.0.0.1 behind a reverse proxy that speaks TLS."
        yield Check("listener", "", "tls_cert", "warning", "Tokens cross the network unencrypted.", remedy)
    public = urlsplit(listener.public_url)
    if public.scheme == "http" and not is_loopback(public.hostname or ""):
        remedy = "Most identity providers, Entra ID among them, accept https:// only."
        yield Check("listener", "", "public_url", "warning", f"{listener.public_url} is not https.", remedy)


def _address(settings: Settings, state: StoreState) -> Check:
    host, port = settings.listener.bind_host, settings.listener.bind_port
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if state.engines:
        where = ", ".join(engine.listening for engine in state.engines)
        return Check("listener", "", "bind", "ok", f"An engine of this store listens on {where}.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        remedy = "Change [listener] bind, or stop what uses the address (ss -ltnp shows it)."
        return Check("listener", "", "bind", "failed", f"{shown} cannot be listened on: {error.strerror}.", remedy)
    return Check("listener", "", "bind", "ok", f"{shown} is free.")


def _certificate(certificate: Path, key: Path) -> Check:
    for name, path in (("tls_cert", certificate), ("tls_key", key)):
        try:
            path.read_bytes()
        except OSError as error:
            remedy = f"Let the user that runs manciple read it, or change [listener] {name}."
            return Check("listener", "", name, "failed", f"{path} cannot be read: {error.strerror}.", remedy)
    try:
        # An encrypted key would be asked for at the terminal, which an engine has not.
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, password=lambda: "")
    except (ssl.SSLError, ValueError):
        remedy = "Both must be PEM, the key without a passphrase, and belong to each other."
        return Check("listener", "", "tls_cert", "failed", f"{certificate} and {key} cannot be used for TLS.", remedy)
    return Check("listener", "", "tls_cert", "ok", "Certificate and key fit each other.")


def provider_checks(settings: Settings, state: StoreState) -> Iterator[Check]:
    """Whether each provider has tokens, and when they expire."""
    for provider in settings.providers:
        if provider.graph is None:  # what is read needs no token of ours
            yield _tokens_of(provider, state)


def _tokens_of(provider: ProviderSettings, state: StoreState) -> Check:
    mine = [token for token in state.tokens if token.provider == provider.name and token.revoked_at is None]
    live = [token for token in mine if token.expires_at is None or token.expires_at > state.now]
    issue = f"Run: {manciple(f'token issue {provider.name}')}"
    if not live:
        gone = " Those it had have expired." if mine else ""
        return Check("provider", provider.name, "token", "warning", f"It has no token.{gone}", issue)
    ends = [token.expires_at for token in live if token.expires_at is not None]
    if len(ends) == len(live) and max(ends) - state.now <= WARN_DAYS * DAY:
        detail = f"Its last token expires in {span(max(ends) - state.now)}, on {local(max(ends))}."
        return Check("provider", provider.name, "token", "warning", detail, f"Enter a new one at the IdP. {issue}")
    return Check("provider", provider.name, "token", "ok", f"{counted(len(live), 'live token')}.")
