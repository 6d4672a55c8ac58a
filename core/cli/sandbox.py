"""`manciple sandbox`: one simulator by itself, to try things safely."""

from collections.abc import Callable

import typer

from core.cli import sandbox_confluence, sandbox_entra, sandbox_jira
from core.cli.exits import USAGE, CommandFailed

LATER = ("graph", "bitbucket", "crowd", "cloud")
"""Simulators that this version does not have."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        short_help="Run one simulator by itself.",
        help="Run one simulator by itself: entra pushes, the others are provisioned.",
    )
    sandbox_confluence.register(group)
    sandbox_entra.register(group)
    sandbox_jira.register(group)
    for kind in LATER:
        # Whatever follows, the answer is the same.
        anything = {"ignore_unknown_options": True, "allow_extra_args": True}
        group.command(kind, hidden=True, context_settings=anything)(_refusal(kind))
    app.add_typer(group, name="sandbox")


def _refusal(kind: str) -> Callable[[], None]:
    def refuse() -> None:
        raise CommandFailed(f"sandbox {kind} comes with a later version", USAGE)

    return refuse
