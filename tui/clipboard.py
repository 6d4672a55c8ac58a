"""Copying through the terminal, which may be at the other end of an SSH line (OSC 52); what is too long, to a file."""

import os
import tempfile

from textual.app import App

MOST = 74_994
"""Bytes of base64 that terminals take: the limit of xterm, and of tmux."""


def copy(app: App[None], text: str) -> str:
    """Send `text` to the terminal's clipboard, or write it to a file of its own where it is too long; says which.

    Only its owner can read the file.

    :raises OSError: when the file cannot be written.
    """
    if len(text.encode()) * 4 // 3 <= MOST:
        app.copy_to_clipboard(text)
        return "sent to the terminal's clipboard"
    handle, name = tempfile.mkstemp(prefix="manciple-", suffix=".sh")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return f"too long for a terminal's clipboard: written to {name}"
