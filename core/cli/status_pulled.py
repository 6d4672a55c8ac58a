"""What `manciple status` says of providers that are read over Microsoft Graph."""

from core.cli.naming import manciple
from core.cli.output import columns, say, say_all
from core.cli.standing import ProviderStatus, Standing
from core.cli.table import table
from core.cli.times import iso_or_none, local_or_dash, span

_HEADINGS = ("PROVIDER", "READ FROM", "LAST PULL", "USERS", "GROUPS", "EVERY")


def say_pulled(found: Standing) -> None:
    """A row for each, and why the last pull of one failed."""
    pulled = [provider for provider in found.providers if provider.settings.graph is not None]
    if not pulled:
        return
    say_all(table(_HEADINGS, [_row(provider) for provider in pulled], spare=("READ FROM",), columns=columns()))
    for provider in pulled:
        if error := _error(provider):
            say(f"The last pull of {provider.settings.name} failed, {local_or_dash(_failed_at(provider))}: {error}")
            say(f"Try it: {manciple(f'pull {provider.settings.name}')}")


def feed_documents(provider: ProviderStatus) -> dict[str, object] | None:
    """The same for JSON; nothing for a provider that pushes."""
    if provider.settings.graph is None:
        return None
    return {
        "done": iso_or_none(_done_at(provider)),
        "error": _error(provider),
        "failed": iso_or_none(_failed_at(provider)),
        "feeds": {
            feed.feed: {"phase": feed.phase, "round": feed.round, "done": iso_or_none(feed.done_at)}
            for feed in provider.feeds
            if feed.feed != "scope"
        },
    }


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
