"""What needs an admin: one sentence each, and the key or the command that comes next."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.config.settings import Settings
from core.store import runs
from tui.actions import keys_of
from tui.counting import counted
from tui.frame import Level
from tui.screens.overview_facts import OverviewFacts, ProviderFacts, TargetFacts
from tui.standing import Standing
from tui.times import DAY, span

_EXPIRY: Sequence[tuple[int, Level]] = ((7, "bad"), (30, "warning"))
"""Days before a token ends, and how loudly that is said."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs an admin."""

    text: str
    next_step: str
    """A key, or a command."""
    level: Level = "warning"


def needs(
    settings: Settings, standing: Standing, facts: OverviewFacts, keymap: Mapping[str, str], now: int
) -> list[Need]:
    """Everything that needs an admin, what holds up most first."""
    sync = keys_of("everywhere.sync", keymap)[0]
    found = [] if standing.alive(now) else [_no_engine(keymap)]
    found += [_waiting(run, f"{sync}, then {keys_of('sync.approve', keymap)[0]}") for run in standing.waiting]
    issue = f"{keys_of('everywhere.providers', keymap)[0]}, then {keys_of('providers.issue', keymap)[0]}"
    found += [need for provider in facts.providers for need in _of_provider(provider, issue, now)]
    planned = {run.target for run in standing.waiting}
    plan = keys_of("overview.synchronise", keymap)[0]
    answer = keys_of("everywhere.conflicts", keymap)[0]
    found += [_unplanned(each, plan) for each in facts.targets if _is_unplanned(each, planned)]
    found += [need for target in facts.targets for need in _of_target(target, sync, answer)]
    found += [] if settings.providers else [Need("No provider is configured, so nothing comes in", "manciple init")]
    found += [] if settings.targets else [Need("No target is configured: what comes in is only kept", "config.toml")]
    return [*found, *(Need(f"{problem.key}: {problem.message}", "config.toml") for problem in settings.warnings)]


def token_end(provider: ProviderFacts, now: int) -> tuple[str, Level] | None:
    """When the token in use ends, where that is in 30 days or less: loud in the last seven."""
    token = provider.token_in_use
    if token is None or token.expires_at is None:
        return None
    left = token.expires_at - now
    level = next((level for days, level in _EXPIRY if left <= days * DAY), None)
    return (f"token {token.prefix}… ends in {span(left)}", level) if level else None


def _no_engine(keymap: Mapping[str, str]) -> Need:
    return Need(
        "No engine is alive: nothing is received or applied", keys_of("overview.start_engine", keymap)[0], "bad"
    )


def _waiting(run: runs.Run, keys: str) -> Need:
    if run.holds:
        number = counted(run.planned, "change")
        return Need(f"{run.target}: {number} held by {counted(len(run.holds), 'brake')}, until you approve", keys)
    return Need(f"{run.target}: a plan of {counted(run.planned, 'change')} waits for approval", keys)


def _is_unplanned(target: TargetFacts, planned: Container[str]) -> bool:
    """Whether something waits that no plan holds yet, where nothing is planned unasked."""
    never = target.target.schedule.auto_apply == "never"
    return never and target.backlog is not None and target.target.name not in planned


def _unplanned(target: TargetFacts, key: str) -> Need:
    keys = target.backlog.keys if target.backlog else 0
    return Need(f"{target.target.name}: {counted(keys, 'key')} wait for a plan, since nothing is applied unasked", key)


def _of_provider(provider: ProviderFacts, issue: str, now: int) -> Iterator[Need]:
    name = provider.provider.name
    if provider.provider.method == "graph":  # it is read, so nobody comes with a token
        return
    if not provider.live_tokens:
        yield Need(f"{name} has no token, so nobody is let in", issue)
    elif end := token_end(provider, now):
        yield Need(f"{name}: {end[0]}", issue, end[1])


def _of_target(target: TargetFacts, sync: str, answer: str) -> Iterator[Need]:
    name = target.target.name
    if target.run is not None and target.run.state == "failed":
        yield Need(f"{name}: run {target.run.id} failed: {target.run.error or 'it does not say why'}", sync, "bad")
    if target.backlog is not None and target.backlog.failing:
        yield Need(f"{name}: {counted(target.backlog.failing, 'key')} failed, and will be tried again", sync)
    if target.conflicts:
        yield Need(f"{name}: {counted(target.conflicts, 'conflict')} where manciple does not guess", answer)
