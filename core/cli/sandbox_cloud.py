"""`manciple sandbox cloud`: a simulated directory of Atlassian Cloud that listens."""

import typer

from core.cli.exits import DONE
from core.cli.options import example
from core.cli.sandbox_serving import FaultPercent, Port, Seed, Users, first_people, listen


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command(
        "cloud",
        short_help="Simulate a directory of Atlassian Cloud that listens.",
        epilog=example("manciple sandbox cloud --port 8097 --users 20"),
    )(cloud)


def cloud(port: Port = 8097, seed: Seed = 1, users: Users = 0, faults: FaultPercent = 0) -> int:
    """Simulate a directory of Atlassian Cloud until Ctrl-C. It keeps everything in memory.

    The accounts are those of the first people that `sandbox entra` pushes with the same seed; the domains of that
    company are verified.
    """
    # Imported here: the simulators are large, and needed by no other command.
    from core.sandbox.cloud import Cloud, LocalAccount, Settings

    accounts = [
        LocalAccount(person.user_principal_name.lower(), person.display_name, person.mail or "", person.in_service)
        for person in first_people(users, seed)
    ]
    company = {_domain(person.user_principal_name) for person in first_people(1, seed)}
    domains = frozenset({"example.com", *company, *(_domain(each.email) for each in accounts if each.email)})
    simulated = Cloud.with_defaults(accounts, settings=Settings(verified_domains=domains), seed=seed)
    notes = (
        f"  path        {simulated.context_path}",
        f"  API key     {simulated.issue_key()}",
        f"  domains     {', '.join(sorted(domains))}",
    )
    listen(simulated.app, "directory of Atlassian Cloud", port, faults, seed, notes)
    return DONE


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
