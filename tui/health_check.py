"""The health check of targets and providers: `manciple check --json` in a process of its own.

The console itself speaks to none of them, so that a name that does not resolve or a slow answer never holds a key back.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui.command_output import PROGRAM, CommandFailed, last_line, output_of

COMMAND: Sequence[str] = (*PROGRAM, "check", "--json")
CheckFailed = CommandFailed
"""A check that found nothing out: its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was tried at a target, or at a provider that is read."""

    subject: str
    is_ok: bool
    detail: str
    remedy: str = ""
    is_warning: bool = False
    """Whether it works, and should not stay so."""


async def check_provider(config: Path, name: str, command: Sequence[str] = COMMAND) -> tuple[Found, ...]:
    """What the check of one provider found; raises like `check_targets`."""
    return (await _checked(config, "provider", (*command, name))).get(name, ())


async def check_targets(config: Path, command: Sequence[str] = COMMAND) -> Mapping[str, tuple[Found, ...]]:
    """What the check found, by target.

    :raises CheckFailed: when the process cannot be started, takes too long, or says nothing that can be read.
    """
    return await _checked(config, "target", command)


async def _checked(config: Path, part: str, command: Sequence[str]) -> Mapping[str, tuple[Found, ...]]:
    """What it found in one part, by name."""
    remedy = f"Run in a terminal: manciple check --config {config}"
    output, errors = await output_of(command, config, "the check", remedy)
    return _by_name(output, errors, part, remedy)


def _by_name(output: bytes, errors: bytes, part: str, remedy: str) -> Mapping[str, tuple[Found, ...]]:
    try:
        items: list[dict[str, Any]] = json.loads(output)["items"]
    except (ValueError, KeyError, TypeError):
        raise CheckFailed(f"the check ended without a result{last_line(errors)}. {remedy}") from None
    wrong = [item["detail"] for item in items if item["part"] == "configuration" and item["state"] == "failed"]
    if wrong:
        raise CheckFailed(str(wrong[0]))
    found: dict[str, tuple[Found, ...]] = {}
    for item in items:
        if item["part"] == part:
            state = item["state"]
            one = Found(item["subject"], state != "failed", item["detail"], item["remedy"], state == "warning")
            found[item["name"]] = (*found.get(item["name"], ()), one)
    return found
