"""`manciple serve`: the engine in the foreground."""

import typer

from core.cli.options import ConfigPath, example
from core.config import locate


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "serve", short_help="Run the engine.", epilog=example("manciple serve --config /etc/manciple/config.toml")
    )(serve)


def serve(config: ConfigPath = None) -> int:
    """Run the engine: receive SCIM requests, plan, and provision, until it is told to stop.

    SIGTERM and Ctrl-C finish what was begun and end it; SIGHUP reads the configuration again.
    """
    # Imported here: it brings the SCIM service with it, which the other commands need not wait for.
    from core import engine

    return engine.serve(locate(config))
