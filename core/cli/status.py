"""`manciple status`: engines, providers and targets at a glance."""

from dataclasses import dataclass
from pathlib import Path

import typer
from sqlalchemy import Connection

from core.cli.documents import engine_document, run_document
from core.cli.exits import DONE
from core.cli.opening import ALIVE_SECONDS, open_store, read_config, store_is_there
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import say, say_all, say_json
from core.cli.table import table
from core.cli.times import iso_or_none, local, local_or_dash, span
from core.config import ProviderSettings, Settings, TargetSettings
from core.store import conflicts, engines, exchanges, pending, runs, tokens
from core.store.clock import now_ms
from core.store.engines import Engine
from core.store.pending import Backlog
from core.store.runs import Run

_LOOKED_AT = 2000
"""How many of the newest exchanges are looked through for a provider's last request; the log has no index by party."""


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """One provider as it stands. Times are milliseconds since 1970-01-01 UTC."""

    settings: ProviderSettings
    base_url: str
    last_request: int | None
    """The newest known: of the newest exchanges, else the last use of a token."""
    live_tokens: int
    expires: int | None
    """When the first of them does."""


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """One target as it stands."""

    settings: TargetSettings
    backlog: Backlog | None
    last_run: Run | None
    conflicts: int


@dataclass(frozen=True, slots=True)
class Status:
    """Everything at one moment."""

    settings: Settings
    engines: tuple[Engine, ...]
    providers: tuple[ProviderStatus, ...]
    targets: tuple[TargetStatus, ...]
    now: int


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "status",
        short_help="Engines, providers, targets at a glance.",
        epilog=example("manciple status", "manciple status --json"),
    )(status)


def status(config: ConfigPath = None, as_json: AsJson = False) -> int:
    """Show which engines are alive, what comes from each provider, and what each target has before it."""
    settings = read_config(config)
    found = _read(settings) if store_is_there(settings) else _before_the_first_start(settings)
    if as_json:
        say_json(_document(found))
    else:
        _say(found)
    return DONE


def _read(settings: Settings) -> Status:
    with open_store(settings) as store, store.read() as connection:
        now = now_ms()
        requests = _last_requests(connection)
        backlogs = {backlog.target: backlog for backlog in pending.backlogs(connection)}
        open_conflicts = conflicts.number_open(connection)
        return Status(
            settings,
            tuple(engines.alive(connection, ALIVE_SECONDS, now)),
            tuple(_provider(connection, settings, provider, requests, now) for provider in settings.providers),
            tuple(
                TargetStatus(
                    target,
                    backlogs.get(target.name),
                    next(iter(runs.newest(connection, 1, target.name)), None),
                    open_conflicts.get(target.name, 0),
                )
                for target in settings.targets
            ),
            now,
        )


def _before_the_first_start(settings: Settings) -> Status:
    return Status(
        settings,
        (),
        tuple(
            ProviderStatus(provider, settings.listener.scim_base_url(provider.name), None, 0, None)
            for provider in settings.providers
        ),
        tuple(TargetStatus(target, None, None, 0) for target in settings.targets),
        now_ms(),
    )


def _last_requests(connection: Connection) -> dict[str, int]:
    newest = exchanges.newest(connection)
    window = exchanges.window(connection, newest + 1, _LOOKED_AT, 0)
    return {exchange.party: exchange.at for exchange in window if exchange.direction == "in"}


def _provider(
    connection: Connection, settings: Settings, provider: ProviderSettings, requests: dict[str, int], now: int
) -> ProviderStatus:
    all_tokens = tokens.listing(connection, provider.name)
    live = [t for t in all_tokens if t.revoked_at is None and (t.expires_at is None or t.expires_at > now)]
    uses = [token.last_used_at for token in all_tokens if token.last_used_at is not None]
    return ProviderStatus(
        provider,
        settings.listener.scim_base_url(provider.name),
        requests.get(provider.name, max(uses, default=None)),
        len(live),
        min((token.expires_at for token in live if token.expires_at is not None), default=None),
    )


def _say(found: Status) -> None:
    settings = found.settings
    say(f"Configuration  {settings.path}")
    say(f"Store          {settings.store.shown_url}{'' if store_is_there(settings) else ' (not made yet)'}")
    for engine in found.engines:
        drains = ", shutting down" if engine.draining else ""
        say(f"Engine         alive on {engine.host}, pid {engine.pid}, version {engine.version}{drains}")
        say(f"               listening on {engine.listening}, since {local(engine.started_at)}")
    if not found.engines:
        say("Engine         none is alive. Start one: manciple serve")
    say()
    _say_providers(found)
    say()
    _say_targets(found)


def _say_providers(found: Status) -> None:
    if not found.providers:
        say(f"No provider yet: add a [[provider]] to {found.settings.path}.")
        return
    rows = [
        (
            provider.settings.name,
            provider.settings.kind,
            provider.base_url,
            local_or_dash(provider.last_request),
            _shown_tokens(provider, found.now),
        )
        for provider in found.providers
    ]
    say_all(table(("PROVIDER", "KIND", "BASE URL", "LAST REQUEST", "TOKENS"), rows))


def _shown_tokens(provider: ProviderStatus, now: int) -> str:
    if not provider.live_tokens:
        return f"none: manciple token issue {provider.settings.name}"
    if provider.expires is None:
        return f"{provider.live_tokens}, without expiry"
    return f"{provider.live_tokens}, expires in {span(provider.expires - now)}"


def _say_targets(found: Status) -> None:
    if not found.targets:
        say("No target yet: what the providers send is received and kept.")
        return
    headings = ("TARGET", "KIND", "URL", "BACKLOG", "FAILING", "OLDEST", "LAST RUN", "CONFLICTS")
    rows = [_target_row(target, found.now) for target in found.targets]
    say_all(table(headings, rows, right=("BACKLOG", "FAILING", "CONFLICTS")))


def _target_row(target: TargetStatus, now: int) -> tuple[str, ...]:
    backlog, run = target.backlog, target.last_run
    return (
        target.settings.name,
        target.settings.kind,
        target.settings.url,
        str(backlog.keys if backlog else 0),
        str(backlog.failing if backlog else 0),
        span(now - backlog.oldest) if backlog else "-",
        f"{run.id} {run.state}, {local(run.finished_at or run.started_at)}" if run else "-",
        str(target.conflicts),
    )


def _document(found: Status) -> dict[str, object]:
    """One item for each engine, provider and target; `type` says which it is."""
    return {
        "config": str(Path(found.settings.path)),
        "store": found.settings.store.shown_url,
        "items": [
            *({"type": "engine"} | engine_document(engine) for engine in found.engines),
            *(_provider_document(provider) for provider in found.providers),
            *(_target_document(target) for target in found.targets),
        ],
    }


def _provider_document(provider: ProviderStatus) -> dict[str, object]:
    return {
        "type": "provider",
        "name": provider.settings.name,
        "kind": provider.settings.kind,
        "base_url": provider.base_url,
        "last_request": iso_or_none(provider.last_request),
        "tokens": provider.live_tokens,
        "tokens_expire": iso_or_none(provider.expires),
    }


def _target_document(target: TargetStatus) -> dict[str, object]:
    backlog, run = target.backlog, target.last_run
    return {
        "type": "target",
        "name": target.settings.name,
        "kind": target.settings.kind,
        "url": target.settings.url,
        "provider": target.settings.provider,
        "backlog": backlog.keys if backlog else 0,
        "failing": backlog.failing if backlog else 0,
        "oldest": iso_or_none(backlog.oldest if backlog else None),
        "last_run": run_document(run) if run else None,
        "conflicts": target.conflicts,
    }
