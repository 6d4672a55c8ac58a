"""The output of a command of ours, run in a process of its own: for what takes long, or loads what a console must not.

The credentials are those that this admin's environment has, which need not be the engine's.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

LONGEST = 180.0
"""Seconds after which a command is given up."""
PROGRAM: Sequence[str] = (sys.executable, "-m", "tui")


class CommandFailed(Exception):
    """A command that gave nothing to show: its text says why, and what to do."""


async def output_of(command: Sequence[str], config: Path, what: str, remedy: str) -> tuple[bytes, bytes]:
    """What it wrote to its output and to its errors; `what` it is stands in what is told of it. Ends the process where
    the caller does not wait for it any more.

    :raises CommandFailed: when it cannot be started, or takes too long.
    """
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *command, "--config", str(config), stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise CommandFailed(f"{what} could not be started: {error}. {remedy}") from None
    try:
        async with asyncio.timeout(LONGEST):
            return await process.communicate()
    except TimeoutError:
        raise CommandFailed(f"{what} took longer than {LONGEST:.0f} s. {remedy}") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def last_line(errors: bytes) -> str:
    """What a command said last of what went wrong, as `: …`; empty where it said nothing."""
    said = errors.decode("utf-8", "replace").strip().splitlines()
    return f": {said[-1]}" if said else ""
