"""Writing a small file that belongs to one user of the console: whole or not at all, and for nobody else to read."""

import os
from contextlib import suppress
from pathlib import Path


def write_own(file: Path, text: str) -> None:
    """Let the file hold this text, or what it held before.

    :raises OSError: when it cannot be written.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
        new.replace(file)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
