"""`manciple sandbox`: one simulator by itself, to try things safely."""

import typer

from core.cli import (
    sandbox_bitbucket,
    sandbox_cloud,
    sandbox_confluence,
    sandbox_crowd,
    sandbox_entra,
    sandbox_graph,
    sandbox_jira,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        short_help="Run one simulator by itself.",
        help="Run one simulator by itself: entra pushes, graph is pulled, the others are provisioned.",
    )
    sandbox_bitbucket.register(group)
    sandbox_cloud.register(group)
    sandbox_confluence.register(group)
    sandbox_crowd.register(group)
    sandbox_entra.register(group)
    sandbox_graph.register(group)
    sandbox_jira.register(group)
    app.add_typer(group, name="sandbox")
