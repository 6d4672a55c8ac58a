"""`manciple status`: engines, providers and targets at a glance."""

import typer

from core.cli.documents import engine_document, run_document
from core.cli.exits import DONE
from core.cli.naming import manciple
from core.cli.opening import read_config, store_is_there
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import columns, say, say_all, say_json
from core.cli.standing import ProviderStatus, Standing, TargetStatus, read_standing
from core.cli.status_pulled import feed_documents, say_pulled
from core.cli.table import table
from core.cli.times import iso, iso_or_none, local, local_or_dash, span
from core.scim.tolerances import meaning


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "status",
        short_help="Engines, providers, targets at a glance.",
        epilog=example("manciple status", "manciple status --json"),
    )(status)


def status(config: ConfigPath = None, as_json: AsJson = False) -> int:
    """Show which engines are alive, what comes from each provider, and what each target has before it."""
    found = read_standing(read_config(config))
    if as_json:
        say_json(_document(found))
    else:
        _say(found)
    return DONE


def _say(found: Standing) -> None:
    settings = found.settings
    say(f"Configuration  {settings.path}")
    say(f"Store          {settings.store.shown_url}{'' if store_is_there(settings) else ' (not made yet)'}")
    for engine in found.engines:
        drains = ", shutting down" if engine.draining else ""
        say(f"Engine         alive on {engine.host}, pid {engine.pid}, version {engine.version}{drains}")
        say(f"               listening on {engine.listening}, since {local(engine.started_at)}")
    if not found.engines:
        say(f"Engine         none is alive. Start one: {manciple('serve')}")
    say()
    _say_providers(found)
    say()
    _say_tolerances(found)
    _say_held(found)
    _say_targets(found)


def _say_providers(found: Standing) -> None:
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
        if provider.settings.graph is None
    ]
    if rows:
        say_all(table(("PROVIDER", "KIND", "BASE URL", "LAST REQUEST", "TOKENS"), rows, columns=columns()))
    say_pulled(found)


def _say_tolerances(found: Standing) -> None:
    """What providers send beside the standard; nothing where all keep to it."""
    rows = [
        (use.provider, use.name, f"{use.uses:,}", local(use.last_at), meaning(use.name))
        for provider in found.providers
        for use in provider.tolerances
    ]
    if rows:
        headings = ("PROVIDER", "TOLERANCE", "USES", "LAST", "MEANING")
        say_all(table(headings, rows, right=("USES",), spare=("LAST",), columns=columns()))
        say()


def _say_held(found: Standing) -> None:
    """What is, or was, kept from targets as a test of the connection; nothing where nothing was."""
    rows = [
        (provider.settings.name, span(provider.settings.probes.hold * 1000), str(held.waiting), str(held.gone))
        for provider in found.providers
        if (held := provider.held).waiting or held.gone
    ]
    if rows:
        headings = ("PROVIDER", "HOLD", "HELD NOW", "PROBES GONE AGAIN")
        say_all(table(headings, rows, right=headings[2:], columns=columns()))
        say()


def _shown_tokens(provider: ProviderStatus, now: int) -> str:
    if not provider.live_tokens:
        return f"none: {manciple(f'token issue {provider.settings.name}')}"
    if provider.expires is None:
        return f"{provider.live_tokens}, without expiry"
    return f"{provider.live_tokens}, expires in {span(provider.expires - now)}"


def _say_targets(found: Standing) -> None:
    if not found.targets:
        say("No target yet: what the providers send is received and kept.")
        return
    headings = ("TARGET", "KIND", "URL", "BACKLOG", "FAILING", "OLDEST", "LAST RUN", "CONFLICTS")
    rows = [_target_row(target, found.now) for target in found.targets]
    right = ("BACKLOG", "FAILING", "CONFLICTS")
    say_all(table(headings, rows, right=right, spare=("KIND", "OLDEST"), columns=columns()))


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


def _document(found: Standing) -> dict[str, object]:
    """One item for each engine, provider and target; `type` says which it is."""
    return {
        "config": str(found.settings.path),
        "store": found.settings.store.shown_url,
        "items": [
            *({"type": "engine"} | engine_document(engine) for engine in found.engines),
            *(_provider_document(provider, found.now) for provider in found.providers),
            *(_target_document(target) for target in found.targets),
        ],
    }


def _provider_document(provider: ProviderStatus, now: int) -> dict[str, object]:
    return {
        "type": "provider",
        "name": provider.settings.name,
        "kind": provider.settings.kind,
        "method": provider.settings.method,
        "base_url": provider.base_url,
        "pull": feed_documents(provider, now),
        "last_request": iso_or_none(provider.last_request),
        "tokens": provider.live_tokens,
        "tokens_expire": iso_or_none(provider.expires),
        "hold": provider.settings.probes.hold,
        "held": provider.held.waiting,
        "probes": provider.held.gone,
        "tolerances": [
            {
                "name": use.name,
                "uses": use.uses,
                "last": iso(use.last_at),
                "exchange": use.exchange,
                "meaning": meaning(use.name),
            }
            for use in provider.tolerances
        ],
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
        "last_run": run_document(run, target.stale, target.holds) if run else None,
        "conflicts": target.conflicts,
    }
