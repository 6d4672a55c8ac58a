"""`manciple demo`: everything on one machine, with nothing to configure and nothing left behind."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from core.cli.exits import USAGE, CommandFailed
from core.cli.options import AsJson, example


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        short_help="Show it all at work, on this machine.",
        epilog=example(
            "manciple demo --users 200", "manciple demo --method graph", "manciple demo --no-console --json"
        ),
    )(demo)


def demo(
    no_console: Annotated[
        bool, typer.Option("--no-console", help="Run once through, compare both sides, end.")
    ] = False,
    users: Annotated[
        int, typer.Option("--users", metavar="N", min=1, max=100_000, help="How many people the company has.")
    ] = 120,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same number makes the same company.")] = 1,
    faults: Annotated[
        float, typer.Option("--faults", metavar="PERCENT", min=0, max=100, help="How often each kind of fault happens.")
    ] = 0,
    method: Annotated[
        str, typer.Option("--method", metavar="METHOD", help="How the company arrives: scim (pushed), graph (pulled).")
    ] = "scim",
    as_json: AsJson = False,
) -> int:
    """Show it all at work: a simulated Entra ID, and a simulated Confluence, Jira and Bitbucket that are provisioned.

    Everything is made in a temporary folder, which is deleted at the end.
    """
    if method not in ("scim", "graph"):
        raise CommandFailed(f'--method: "{method}" is none. Give scim or graph', USAGE)
    if method == "graph" and find_spec("msgraph") is None:
        raise CommandFailed("--method graph needs Microsoft's SDK: pip install 'manciple[graph]'", USAGE)
    if not no_console and as_json:
        raise CommandFailed("--json goes with --no-console: a console has the terminal to itself", USAGE)
    if not no_console and not sys.stdout.isatty():
        raise CommandFailed("there is no terminal to open the console in: add --no-console", USAGE)
    # Imported here: simulators and engine are large, and needed by no other command.
    from core.sandbox.demo import Method, run

    console = None if no_console else _open_console
    way: Method = "graph" if method == "graph" else "scim"
    return run(users=users, seed=seed, faults=faults, method=way, as_json=as_json, open_console=console)


def _open_console(config: Path) -> int:
    """Open the console as an admin would: a process of its own, which the engine's side knows by its command only."""
    return subprocess.run([sys.executable, "-m", "tui", "--config", str(config)], check=False).returncode
