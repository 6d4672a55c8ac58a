"""`manciple sandbox crowd`: a simulated Crowd that listens."""

from typing import Annotated

import typer

from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.options import example
from core.cli.sandbox_serving import FaultPercent, Port, Seed, Users, first_people, listen


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command(
        "crowd",
        short_help="Simulate a Crowd that listens.",
        epilog=example("manciple sandbox crowd --port 8095 --users 20"),
    )(crowd)


def crowd(
    port: Port = 8095,
    seed: Seed = 1,
    users: Users = 0,
    faults: FaultPercent = 0,
    version: Annotated[str, typer.Option("--version", metavar="N.N", help="The Crowd it is: 2.8.7, 5.2, 6.1.")] = "6.1",
) -> int:
    """Simulate a Crowd Data Center with one application until Ctrl-C. It keeps everything in memory.

    The accounts are those of the first people that `sandbox entra` pushes with the same seed.
    """
    # Imported here: the simulators are large, and needed by no other command.
    from core.sandbox.crowd import APPLICATION, Crowd, LocalAccount

    accounts = [
        LocalAccount(person.user_principal_name.lower(), person.display_name, person.mail or "", person.in_service)
        for person in first_people(users, seed)
    ]
    try:
        simulated = Crowd(accounts, version=version, context_path="", seed=seed)
    except ValueError as error:
        raise CommandFailed(f"--version: {error}", USAGE) from None
    notes = (f"  application {APPLICATION.name}, password {APPLICATION.password}",)
    listen(simulated.app, f"Crowd {version}", port, faults, seed, notes)
    return DONE
