"""`manciple sandbox bitbucket`: a simulated Bitbucket that listens."""

from typing import Annotated

import typer

from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.options import example
from core.cli.sandbox_serving import FaultPercent, Port, Seed, Users, first_people, listen


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command(
        "bitbucket",
        short_help="Simulate a Bitbucket that listens.",
        epilog=example("manciple sandbox bitbucket --port 7990 --users 20"),
    )(bitbucket)


def bitbucket(
    port: Port = 7990,
    seed: Seed = 1,
    users: Users = 0,
    faults: FaultPercent = 0,
    version: Annotated[
        str, typer.Option("--version", metavar="N.N", help="The Bitbucket it is: 7.21, 8.19, 9.4, 10.0, 10.4.")
    ] = "9.4",
) -> int:
    """Simulate a Bitbucket Data Center until Ctrl-C. It keeps everything in memory.

    The accounts are those of the first people that `sandbox entra` pushes with the same seed. From 10.4 on,
    user name and password are switched off, as in the product; an HTTP access token may not administer.
    """
    # Imported here: the simulators are large, and needed by no other command.
    from core.sandbox.bitbucket import Bitbucket, LocalAccount

    accounts = [
        LocalAccount(person.user_principal_name.lower(), person.display_name, person.mail or "", person.in_service)
        for person in first_people(users, seed)
    ]
    try:
        simulated = Bitbucket.with_defaults(accounts, version=version)
    except ValueError as error:
        raise CommandFailed(f"--version: {error}", USAGE) from None
    notes = [f"  OAuth token {simulated.issue_oauth_token()}"]
    if simulated.takes_passwords:
        notes.append("  or          admin, password admin")
    notes.append(f"  HTTP token  {simulated.issue_token()} (may not administer)")
    listen(simulated.app, f"Bitbucket {version}", port, faults, seed, notes)
    return DONE
