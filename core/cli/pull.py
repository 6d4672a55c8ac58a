"""`manciple pull`: read what changed in a directory over Microsoft Graph, now."""

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli.exits import DONE, FAILED, NEEDS_ADMIN, UNREACHABLE, USAGE, CommandFailed
from core.cli.opening import open_store, provider_named, read_config
from core.cli.options import AsJson, ConfigPath, example
from core.cli.output import say, say_json, tell
from core.cli.progress import Progress
from core.config import ProviderSettings, Settings
from core.planning.wording import counted

if TYPE_CHECKING:
    from core.graph.pull import Pulled
    from core.store import Store


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "pull",
        short_help="Read a directory over Microsoft Graph.",
        epilog=example("manciple pull entra", "manciple pull entra --json", "manciple pull entra --device-code"),
    )(pull)


def pull(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="The name of a [[provider]].")],
    device_code: Annotated[
        bool, typer.Option("--device-code", help="Sign in with a browser, on this machine or another.")
    ] = False,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> int:
    """Read what changed since the last time, and bring the identity store up to date; the first time, read everything.

    The engine does the same on its schedule. What was interrupted is gone on with.
    """
    settings = read_config(config)
    found = provider_named(settings, provider)
    if found.graph is None:
        remedy = 'write method = "graph" and a [provider.graph] to read it'
        raise CommandFailed(f"{provider} pushes by SCIM, and is not read over Microsoft Graph: {remedy}", USAGE)
    with open_store(settings, make=True) as store:
        pulled = _pulled(store, settings, found, device_code=device_code)
    if as_json:
        from core.graph.pull import document

        say_json({"provider": provider, **document(pulled)})
    else:
        _say(pulled)
    return NEEDS_ADMIN if pulled.problems else DONE


def _pulled(store: "Store", settings: Settings, provider: ProviderSettings, *, device_code: bool) -> "Pulled":
    # Imported here: no other command needs Microsoft's SDK, which is large.
    from core.graph.errors import GraphError
    from core.graph.opening import opened
    from core.graph.pull import pull as pull_now

    progress = Progress()

    def waits(seconds: float, reason: str) -> None:
        progress.show(f"{reason}: waiting {seconds:.0f} s")

    def prompt(address: str, code: str) -> None:
        progress.clear()
        tell(f"Open {address} and enter the code {code}.")

    async def run() -> "Pulled":
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        async with opened(
            store, settings, provider, tell=progress.show, on_wait=waits, warn=tell,
            prompt=prompt if device_code else None,
        ) as session:  # fmt: skip
            return await pull_now(session)

    try:
        return asyncio.run(run())
    except GraphError as error:
        raise CommandFailed(str(error), UNREACHABLE) from None
    except asyncio.CancelledError:
        raise CommandFailed("the pull was stopped; the next goes on from there", FAILED) from None
    finally:
        progress.clear()


def _say(pulled: "Pulled") -> None:
    tally = pulled.tally
    for feed, phase in tally.phases.items():
        told = counted(tally.read.get(feed, 0), "item")
        say(f"{feed.capitalize():<12} {phase}, {told}")
    say(f"{'Users':<12} {_changes(tally.users_created, tally.users_changed, tally.users_removed)}")
    say(f"{'Groups':<12} {_changes(tally.groups_created, tally.groups_changed, tally.groups_removed)}")
    say(f"{'Memberships':<12} {tally.members_added:,} added, {tally.members_removed:,} removed")
    if tally.adopted:
        say(f"{'Taken over':<12} {tally.adopted:,} that were there before")
    if tally.missing:
        say(f"{'Missing':<12} {tally.missing:,}, which are looked for again before anything is done about it")
    waited = f", {pulled.waited:.0f} s waited" if pulled.waited else ""
    say(f"{'Requests':<12} {pulled.requests:,} for {counted(pulled.units, 'resource unit')}{waited}")
    for each in pulled.problems:
        say(f"{'Left out':<12} {each.kind} {each.id}: {each.problem}")


def _changes(created: int, changed: int, removed: int) -> str:
    return f"{created:,} created, {changed:,} changed, {removed:,} removed"
