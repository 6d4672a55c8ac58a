"""Copying an exchange as a curl command, without its secrets."""

from typing import TYPE_CHECKING

from core.curl import address_of, curl, missing
from core.exchange import Exchange
from tui.clipboard import copy
from tui.frame import Level

if TYPE_CHECKING:
    from tui.app import Console


def copy_as_curl(console: "Console", exchange: Exchange) -> tuple[str, Level]:
    """Copy it; returns what to say of that."""
    address = address_of(exchange, console.settings)
    if address is None:
        return "not copied: its party is not in config.toml", "warning"
    try:
        said = copy(console, curl(exchange, address))
    except OSError as error:
        return f"not copied: too long for a terminal, and no file could be written: {error}", "bad"
    return "; ".join(filter(None, (said, "set TOKEN before you run it", missing(exchange)))), "good"
