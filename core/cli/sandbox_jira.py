"""`manciple sandbox jira`: a simulated Jira that listens."""

from typing import TYPE_CHECKING, Annotated

import typer

from core.cli.exits import DONE, USAGE, CommandFailed
from core.cli.options import example
from core.cli.sandbox_serving import FaultPercent, Port, Seed, Users, first_people, listen

if TYPE_CHECKING:
    from core.sandbox.jira import Jira

_COMPONENTS = ("Backend", "Frontend", "Operations")


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command(
        "jira",
        short_help="Simulate a Jira that listens.",
        epilog=example("manciple sandbox jira --port 8081 --users 20"),
    )(jira)


def jira(
    port: Port = 8081,
    seed: Seed = 1,
    users: Users = 0,
    faults: FaultPercent = 0,
    version: Annotated[
        str, typer.Option("--version", metavar="N.N", help="The Jira it is: 8.20, 9.12, 10.0, 10.3, 11.0.")
    ] = "10.3",
) -> int:
    """Simulate a Jira Data Center until Ctrl-C. It keeps everything in memory.

    The accounts are those of the first people that `sandbox entra` pushes with the same seed. The first three that may
    sign in lead a project each, with three components.
    """
    # Imported here: the simulators are large, and needed by no other command.
    from core.sandbox.jira import Jira, LocalAccount

    accounts = [
        LocalAccount(person.user_principal_name.lower(), person.display_name, person.mail or "", person.in_service)
        for person in first_people(users, seed)
    ]
    try:
        simulated = Jira.with_defaults(accounts, version=version)
    except ValueError as error:
        raise CommandFailed(f"--version: {error}", USAGE) from None
    _give_projects(simulated, [account.username for account in accounts if account.active][:3])
    notes = (f"  token       {simulated.issue_token()}", "  or          admin, password admin")
    listen(simulated.app, f"Jira {version}", port, faults, seed, notes)
    return DONE


def _give_projects(simulated: "Jira", leads: list[str]) -> None:
    from core.sandbox.jira import LocalComponent, LocalProject

    for number, lead in enumerate(leads, 1):
        key = f"PRJ{number}"
        simulated.add_project(LocalProject(key, f"Project {number}", lead))
        for name in _COMPONENTS:
            simulated.add_component(LocalComponent(key, name, lead, "COMPONENT_LEAD"))
