"""What the overview shows, read from the store in one go."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from core.config.settings import ProviderSettings, Settings, TargetSettings
from core.store import conflicts, latest, observed, pending, runs, tokens, tolerance_uses
from core.store.tolerance_uses import ToleranceUse
from core.store.traffic import Flow, Traffic
from tui.screens.shown_run import latest_run

_TITLES = 5
"""Conflicts that are named."""


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """One provider."""

    provider: ProviderSettings
    base_url: str
    """What is entered at the identity provider."""
    flow: Flow
    live_tokens: tuple[tokens.Token, ...]
    """Its live tokens."""
    last_at: int | None
    """When its latest request came: exact within the last minutes, before them to the minute. `None`: never."""
    tolerances: tuple[ToleranceUse, ...] = ()
    """What it sends beside the standard, the most frequent first."""

    @property
    def token_in_use(self) -> tokens.Token | None:
        """The live token that was used last, else the newest; `None` where there is none."""
        return max(self.live_tokens, key=lambda token: (token.last_used_at or 0, token.id), default=None)


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """One target."""

    target: TargetSettings
    flow: Flow
    backlog: pending.Backlog | None
    accounts: int
    groups: int
    run: runs.Run | None
    """The latest one."""
    conflicts: int
    """How many are open."""


@dataclass(frozen=True, slots=True)
class OverviewFacts:
    """All of it."""

    providers: tuple[ProviderFacts, ...] = ()
    targets: tuple[TargetFacts, ...] = ()
    newest_conflicts: tuple[conflicts.Listed, ...] = ()
    """The newest open ones."""

    def moved_on(self, traffic: Traffic, now: int) -> "OverviewFacts":
        """The same at a later time, when nothing was committed meanwhile: only the bars move."""
        return replace(
            self,
            providers=tuple(replace(p, flow=traffic.of("in", p.provider.name, now)) for p in self.providers),
            targets=tuple(replace(t, flow=traffic.of("out", t.target.name, now)) for t in self.targets),
        )


def read_overview(connection: Connection, settings: Settings, traffic: Traffic, now: int) -> OverviewFacts:
    """Read everything; counts accounts, groups and pending keys, so it is for once a second at most."""
    traffic.read(connection, now)
    backlogs = {backlog.target: backlog for backlog in pending.backlogs(connection)}
    number_open = conflicts.number_open(connection)
    return OverviewFacts(
        tuple(read_provider(connection, provider, settings, traffic, now) for provider in settings.providers),
        tuple(
            TargetFacts(
                target,
                traffic.of("out", target.name, now),
                backlogs.get(target.name),
                *observed.counts(connection, target.name),
                latest_run(connection, target.name),
                number_open.get(target.name, 0),
            )
            for target in settings.targets
        ),
        tuple(latest.open_conflicts(connection, _TITLES)),
    )


def read_provider(
    connection: Connection, provider: ProviderSettings, settings: Settings, traffic: Traffic, now: int
) -> ProviderFacts:
    """One provider; `traffic` must have been read."""
    known = tokens.listing(connection, provider.name)
    flow = traffic.of("in", provider.name, now)
    used = [token.last_used_at for token in known if token.last_used_at is not None]
    unrevoked = (token for token in known if token.revoked_at is None)
    live = (token for token in unrevoked if token.expires_at is None or token.expires_at > now)
    return ProviderFacts(
        provider,
        settings.listener.scim_base_url(provider.name),
        flow,
        tuple(live),
        flow.last_at or max(used, default=None),
        tuple(tolerance_uses.listing(connection, provider.name)),
    )
