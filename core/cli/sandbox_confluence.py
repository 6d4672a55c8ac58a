"""`manciple sandbox confluence`: a simulated Confluence that listens."""

import typer

from core.cli.exits import DONE
from core.cli.options import example
from core.cli.sandbox_serving import FaultPercent, Port, Seed, Users, first_people, listen


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command(
        "confluence",
        short_help="Simulate a Confluence that listens.",
        epilog=example("manciple sandbox confluence --port 8090 --users 20"),
    )(confluence)


def confluence(port: Port = 8090, seed: Seed = 1, users: Users = 0, faults: FaultPercent = 0) -> int:
    """Simulate a Confluence Data Center until Ctrl-C. It keeps everything in memory.

    The accounts are those of the first people that `sandbox entra` pushes with the same seed.
    """
    # Imported here: the simulators are large, and needed by no other command.
    from core.sandbox.confluence import Confluence, LocalAccount

    accounts = [
        LocalAccount(person.user_principal_name.lower(), person.display_name, person.mail or "", person.in_service)
        for person in first_people(users, seed)
    ]
    simulated = Confluence.with_defaults(accounts, seed=seed)
    notes = (f"  token       {simulated.issue_token()}", "  or          admin, password admin")
    listen(simulated.app, "Confluence", port, faults, seed, notes)
    return DONE
