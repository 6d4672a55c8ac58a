"""`manciple sandbox graph`: a simulated Microsoft Graph that listens, with the authority that gives tokens for it."""

import time
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from core.cli.exits import DONE
from core.cli.options import example
from core.cli.sandbox_serving import FaultPercent, Port, Seed, listen

if TYPE_CHECKING:
    from core.sandbox.directory import Directory
    from core.sandbox.graph import Graph

Cloud = Literal["global", "us", "us-dod", "china"]

CHURN = 0.05
"""The share of people that something happens to each time."""


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command(
        "graph",
        short_help="Simulate a Microsoft Graph that listens.",
        epilog=example("manciple sandbox graph --port 8099 --users 500"),
    )(graph)


def graph(
    port: Port = 8099,
    seed: Seed = 1,
    users: Annotated[
        int, typer.Option("--users", metavar="N", min=0, max=100_000, help="How many people the company has.")
    ] = 120,
    faults: FaultPercent = 0,
    rough: Annotated[
        bool, typer.Option("--rough", help="Small and empty pages, repeated objects, any order, replicas that lag.")
    ] = False,
    pause: Annotated[
        float,
        typer.Option(
            "--pause", metavar="SECONDS", min=0, max=86_400, help="Time until something happens again; 0 is never."
        ),
    ] = 0,
    cloud: Annotated[Cloud, typer.Option("--cloud", help="The national cloud whose tokens it takes.")] = "global",
) -> int:
    """Simulate a Microsoft Graph with one tenant until Ctrl-C. It keeps everything in memory.

    The company is the one that `sandbox entra` pushes with the same numbers, under the same object ids.
    """
    # Imported here: the simulators are large, and needed by no other command.
    from core.sandbox.directory import Directory
    from core.sandbox.graph import ENTERPRISE_APP, NO_QUIRKS, ROUGH, Graph, Settings

    settings = Settings(cloud=cloud)
    quirks = ROUGH if rough else NO_QUIRKS
    directory = Directory.seeded(users, seed)
    simulated = Graph.of_company(directory, settings=settings, quirks=quirks, seed=seed)
    notes = (
        f"  tenant      {settings.tenant_id}",
        f"  client id   {settings.client_id}",
        f"  secret      {settings.client_secret}",
        f"  application {ENTERPRISE_APP.app_id}",
        f"  or a token  {simulated.issue_token()}",
    )
    if pause:
        Thread(target=_go_on, args=(simulated, directory, seed, pause), daemon=True).start()
    listen(simulated.app, "Microsoft Graph", port, faults, seed, notes)
    return DONE


def _go_on(simulated: "Graph", directory: "Directory", seed: int, pause: float) -> None:
    """Let things happen to the company from time to time, until the program ends."""
    from core.sandbox.churn import churn

    # Not the numbers that the company was made with: object ids are drawn from them too.
    rng = Random(f"happenings {seed}")
    while True:
        time.sleep(pause)
        simulated.follow(directory, churn(directory, rng, CHURN))
