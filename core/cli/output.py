"""Writing to the terminal: lines of plain text, and JSON documents that are as safe to look at.

What comes from an IdP or a target may hold anything; a call writes one line, and whatever would break it or command
the terminal is shown instead of obeyed.
"""

import json
import shutil
import sys
from collections.abc import Iterable

from core.plain import plain


def say(line: str = "") -> None:
    """Write one line to standard output."""
    sys.stdout.write(f"{plain(line)}\n")


def say_all(lines: Iterable[str]) -> None:
    """Write several lines to standard output."""
    for line in lines:
        say(line)


def columns() -> int | None:
    """How wide the terminal is that standard output goes to; `None` where it is none, and nothing is to be cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def say_json(document: object) -> None:
    """Write one document, in ASCII: characters that a terminal obeys arrive at a reader, but escaped."""
    sys.stdout.write(f"{json.dumps(document, indent=2, allow_nan=False)}\n")


def say_json_line(document: object) -> None:
    """Write one document as one line."""
    sys.stdout.write(f"{json.dumps(document, separators=(',', ':'), allow_nan=False)}\n")


def tell(line: str) -> None:
    """Write one line to standard error: what an admin should know and no script reads."""
    sys.stderr.write(f"{plain(line)}\n")
    sys.stderr.flush()


def flush() -> None:
    """Have what was written seen now, by a reader on a pipe too."""
    sys.stdout.flush()
