"""Engines, providers and targets as they stand at one moment: what `manciple status` shows."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.cli.documents import holds_of, stale_of
from core.cli.opening import ALIVE_SECONDS, open_store, store_is_there
from core.config import ProviderSettings, Settings, TargetSettings
from core.planning.changes import Hold
from core.store import conflicts, engines, exchanges, graph_feeds, graph_pulls, pending, runs, tokens, tolerance_uses
from core.store.clock import now_ms
from core.store.engines import Engine
from core.store.graph_feeds import Feed
from core.store.graph_pulls import PullRow
from core.store.pending import Backlog
from core.store.runs import Run
from core.store.tolerance_uses import ToleranceUse
from core.store.withheld import NOTHING_WITHHELD, Withheld, withheld

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
    tolerances: tuple[ToleranceUse, ...] = ()
    """What it needed of them, the most used first."""
    held: Withheld = NOTHING_WITHHELD
    """What of it may be, and what was, a test of its connection; nothing where it has no hold."""
    feeds: tuple[Feed, ...] = ()
    """How far it was read, where it is read over Microsoft Graph."""
    pull: PullRow | None = None
    """Its last pull, which may be under way."""


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """One target as it stands."""

    settings: TargetSettings
    backlog: Backlog | None
    last_run: Run | None
    stale: int
    """Changes of the last run that no longer fitted."""
    conflicts: int
    holds: tuple[Hold, ...] = ()
    """The brakes that hold it, each with every change that it holds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything at one moment."""

    settings: Settings
    engines: tuple[Engine, ...]
    providers: tuple[ProviderStatus, ...]
    targets: tuple[TargetStatus, ...]
    now: int


def read_standing(settings: Settings) -> Standing:
    """How everything stands now; a store that is not there yet is not made.

    :raises StoreError: when the store cannot be read.
    """
    return _read(settings) if store_is_there(settings) else _before_the_first_start(settings)


def _read(settings: Settings) -> Standing:
    with open_store(settings) as store, store.read() as connection:
        now = now_ms()
        requests = _last_requests(connection)
        backlogs = {backlog.target: backlog for backlog in pending.backlogs(connection)}
        open_conflicts = conflicts.number_open(connection)
        return Standing(
            settings,
            tuple(engines.alive(connection, ALIVE_SECONDS, now)),
            tuple(_provider(connection, settings, provider, requests, now) for provider in settings.providers),
            tuple(
                _target(connection, target, backlogs.get(target.name), open_conflicts.get(target.name, 0))
                for target in settings.targets
            ),
            now,
        )


def _target(connection: Connection, target: TargetSettings, backlog: Backlog | None, conflicts: int) -> TargetStatus:
    last = next(iter(runs.newest(connection, 1, target.name)), None)
    if last is None:
        return TargetStatus(target, backlog, None, 0, conflicts)
    return TargetStatus(target, backlog, last, stale_of(connection, last), conflicts, holds_of(connection, last))


def _before_the_first_start(settings: Settings) -> Standing:
    return Standing(
        settings,
        (),
        tuple(
            ProviderStatus(provider, settings.listener.scim_base_url(provider.name), None, 0, None)
            for provider in settings.providers
        ),
        tuple(TargetStatus(target, None, None, 0, 0) for target in settings.targets),
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
        tuple(tolerance_uses.listing(connection, provider.name)),
        withheld(connection, provider.name, hold * 1000, now) if (hold := provider.probes.hold) else NOTHING_WITHHELD,
        tuple(graph_feeds.feeds(connection, provider.name)) if provider.graph is not None else (),
        graph_pulls.last(connection, provider.name) if provider.graph is not None else None,
    )
