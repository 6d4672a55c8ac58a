"""`manciple sandbox confluence`: a simulated Confluence that listens."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli.exits import DONE, CommandFailed
from core.cli.options import example
from core.cli.output import flush, say_all

if TYPE_CHECKING:
    from core.sandbox.confluence import Confluence, LocalAccount

_HOST = "127.0.0.1"


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command(
        "confluence",
        short_help="Simulate a Confluence that listens.",
        epilog=example("manciple sandbox confluence --port 8090 --users 20"),
    )(confluence)


def confluence(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Where it listens; 0 takes any free one.")
    ] = 8090,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="The same number makes the same people and faults.")
    ] = 1,
    users: Annotated[
        int, typer.Option("--users", metavar="N", min=0, max=100_000, help="Accounts that are there already.")
    ] = 0,
    faults: Annotated[
        float, typer.Option("--faults", metavar="PERCENT", min=0, max=100, help="How often each kind of fault happens.")
    ] = 0,
) -> int:
    """Simulate a Confluence Data Center until Ctrl-C. It keeps everything in memory.

    The accounts are those of the first people that `sandbox entra` pushes with the same seed.
    """
    # Imported here: the simulators and their names are large, and needed by no other command.
    from core.sandbox.confluence import Confluence

    simulated = Confluence.with_defaults(_accounts(users, seed), seed=seed)
    asyncio.run(_serve(simulated, port, faults, seed))
    return DONE


def _accounts(users: int, seed: int) -> "list[LocalAccount]":
    from core.sandbox.confluence import LocalAccount
    from core.sandbox.directory import Directory

    directory = Directory.seeded(users, seed)
    people = [directory.person(ident) for ident in directory.people]
    return [
        LocalAccount(person.user_principal_name.lower(), person.display_name, person.mail or "", person.in_service)
        for person in people
    ]


async def _serve(simulated: "Confluence", port: int, faults: float, seed: int) -> None:
    from core.sandbox.faults import Faults, FaultyApp
    from core.sandbox.serving import serve

    app = FaultyApp(simulated.app, Faults.every(faults), seed)
    try:
        async with serve(app, host=_HOST, port=port) as url:
            say_all(
                (
                    "A simulated Confluence listens. Ctrl-C ends it, and all that is in it.",
                    f"  url         {url}",
                    f"  token       {simulated.issue_token()}",
                    "  or          admin, password admin",
                )
            )
            flush()
            await asyncio.Event().wait()
    except OSError as error:
        raise CommandFailed(
            f"cannot listen on {_HOST}:{port}: {error.strerror}. Give another --port, or 0 for any free one"
        ) from None
