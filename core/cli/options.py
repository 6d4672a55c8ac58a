"""What many commands take, said once: the configuration file, and JSON instead of text."""

from pathlib import Path
from typing import Annotated

import typer

from core.cli.naming import note_config

CONFIG_OPTION = typer.Option(
    "--config",
    callback=note_config,
    metavar="PATH",
    help="The configuration file, instead of $MANCIPLE_CONFIG, ./config.toml or one of the other usual places.",
    show_default=False,
)
ConfigPath = Annotated[Path | None, CONFIG_OPTION]
LARGEST_NUMBER = 2**63 - 1
"""What a store can number things up to."""
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def example(*lines: str) -> str:
    """The end of a command's help: examples, kept as they are written."""
    shown = "\n".join(f"  {line}" for line in lines)
    return f"\b\nExample:\n{shown}"
