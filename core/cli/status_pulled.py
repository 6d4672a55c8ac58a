"""What `manciple status` says of providers that are read over Microsoft Graph."""

from core.cli.naming import manciple
from core.cli.output import columns, say, say_all
from core.cli.standing import ProviderStatus, Standing
from core.cli.table import table
from core.cli.times import iso, iso_or_none, local, local_or_dash, span
from core.planning.wording import counted
from core.store.graph_pulls import PullRow

_HEADINGS = ("PROVIDER", "READ FROM", "LAST PULL", "USERS", "GROUPS", "EVERY")


def say_pulled(found: Standing) -> None:
    """A row for each, what a pull that is under way does, and why the last one failed."""
    pulled = [provider for provider in found.providers if provider.settings.graph is not None]
    if not pulled:
        return
    say_all(table(_HEADINGS, [_row(provider) for provider in pulled], spare=("READ FROM",), columns=columns()))
    for provider in pulled:
        if (row := provider.pull) is not None and row.is_running(found.now):
            say(f"{provider.settings.name} is being read since {local(row.started_at)}: {_progress(row, found.now)}")
        elif error := _error(provider):
            say(f"The last pull of {provider.settings.name} failed, {local_or_dash(_failed_at(provider))}: {error}")
            say(f"Try it: {manciple(f'pull {provider.settings.name}')}")


def feed_documents(provider: ProviderStatus, now: int) -> dict[str, object] | None:
    """The same for JSON; nothing for a provider that pushes."""
    if provider.settings.graph is None:
        return None
    return {
        "done": iso_or_none(_done_at(provider)),
        "error": _error(provider),
        "failed": iso_or_none(_failed_at(provider)),
        "last": _pull_document(provider, now),
        "feeds": {
            feed.feed: {"phase": feed.phase, "round": feed.round, "done": iso_or_none(feed.done_at)}
            for feed in provider.feeds
            if feed.feed != "scope"
        },
    }


def _pull_document(provider: ProviderStatus, now: int) -> dict[str, object] | None:
    """The last pull for JSON; nothing where there was none."""
    if (row := provider.pull) is None:
        return None
    return {
        "running": row.is_running(now),
        "started": iso(row.started_at),
        "ended": iso_or_none(row.ended_at),
        "step": row.step,
        "requests": row.requests,
        "units": row.units,
        "waited": row.waited / 1000,
        "waiting_until": iso_or_none(row.waiting_until) if row.waits(now) else None,
        "waiting_for": row.waiting_for if row.waits(now) else None,
    }


def _progress(row: PullRow, now: int) -> str:
    """What it does now, and what it took so far."""
    waited = f", {span(row.waited)} waited" if row.waited else ""
    took = f"{counted(row.requests, 'request')}, {counted(row.units, 'resource unit')}{waited}"
    if row.waits(now):
        return f"{row.step} ({took}); waits {span((row.waiting_until or now) - now)} for: {row.waiting_for}"
    return f"{row.step} ({took})"


def _row(provider: ProviderStatus) -> tuple[str, ...]:
    graph = provider.settings.graph
    assert graph is not None
    phases = {feed.feed: feed.phase for feed in provider.feeds}
    return (
        provider.settings.name,
        graph.base_url or f"Microsoft Graph ({graph.cloud}), {graph.tenant}",
        local_or_dash(_done_at(provider)),
        phases.get("users", "-"),
        phases.get("groups", "-"),
        "never" if graph.every is None else span(graph.every * 1000),
    )


def _done_at(provider: ProviderStatus) -> int | None:
    """When both feeds were read to the end of a round."""
    times = [feed.done_at for feed in provider.feeds if feed.feed != "scope"]
    return None if len(times) < 2 or None in times else min(each for each in times if each is not None)


def _error(provider: ProviderStatus) -> str | None:
    return next((feed.error for feed in provider.feeds if feed.error is not None), None)


def _failed_at(provider: ProviderStatus) -> int | None:
    return next((feed.failed_at for feed in provider.feeds if feed.failed_at is not None), None)
