"""The health check of all targets: `manciple check --json` in a process of its own.

The console itself speaks to no target, so that a name that does not resolve or a slow answer never holds a key back.
The credentials are those that this admin's environment has, which need not be the engine's.
"""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST = 180.0
"""Seconds after which a check is given up."""
COMMAND: Sequence[str] = (sys.executable, "-m", "tui", "check", "--json")


class CheckFailed(Exception):
    """A check that found nothing out: its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was tried at a target."""

    subject: str
    is_ok: bool
    detail: str
    remedy: str = ""


async def check_targets(config: Path, command: Sequence[str] = COMMAND) -> Mapping[str, tuple[Found, ...]]:
    """What the check found, by target. Ends the process where the caller does not wait for it any more.

    :raises CheckFailed: when the process cannot be started, takes too long, or says nothing that can be read.
    """
    remedy = f"Run in a terminal: manciple check --config {config}"
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            *command, "--config", str(config), stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise CheckFailed(f"the check could not be started: {error}. {remedy}") from None
    try:
        async with asyncio.timeout(LONGEST):
            output, errors = await process.communicate()
    except TimeoutError:
        raise CheckFailed(f"the check took longer than {LONGEST:.0f} s. {remedy}") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return _by_target(output, errors, remedy)


def _by_target(output: bytes, errors: bytes, remedy: str) -> Mapping[str, tuple[Found, ...]]:
    try:
        items: list[dict[str, Any]] = json.loads(output)["items"]
    except (ValueError, KeyError, TypeError):
        said = errors.decode("utf-8", "replace").strip().splitlines()
        raise CheckFailed(f"the check ended without a result{f': {said[-1]}' if said else ''}. {remedy}") from None
    wrong = [item["detail"] for item in items if item["part"] == "configuration" and item["state"] == "failed"]
    if wrong:
        raise CheckFailed(str(wrong[0]))
    found: dict[str, tuple[Found, ...]] = {}
    for item in items:
        if item["part"] == "target":
            one = Found(item["subject"], item["state"] != "failed", item["detail"], item["remedy"])
            found[item["name"]] = (*found.get(item["name"], ()), one)
    return found
