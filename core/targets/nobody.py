"""A name that nothing has, to ask about without any effect."""

import secrets


def nobody() -> str:
    """A name that no account, no group and no project has."""
    return f"manciple-probe-{secrets.token_hex(8)}"
