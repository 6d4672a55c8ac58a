"""Entra's provisioning log beside ours: `manciple provisioning-log --json` in a process of its own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui.command_output import PROGRAM, CommandFailed, last_line, output_of

COMMAND: Sequence[str] = (*PROGRAM, "provisioning-log", "--json")


@dataclass(frozen=True, slots=True)
class Seen:
    """One change that the two sides do not agree upon."""

    verdict: str
    at: str
    """In UTC, as the command writes it."""
    name: str
    says: str
    entra: str
    """What Entra says; `-` where nothing."""
    here: str
    """What came here; `-` where nothing did."""


@dataclass(frozen=True, slots=True)
class LogBeside:
    """Both logs of the last day."""

    seen: tuple[Seen, ...]
    counts: Mapping[str, int]
    """By verdict, those that agree too."""


async def read_beside(config: Path, provider: str, command: Sequence[str] = COMMAND) -> LogBeside:
    """Both logs of a provider.

    :raises CommandFailed: when Entra's cannot be read; the text says why.
    """
    remedy = f"Run in a terminal: manciple provisioning-log {provider} --config {config}"
    output, errors = await output_of((*command, provider), config, "the comparison", remedy)
    try:
        document = json.loads(output)
        return LogBeside(tuple(_seen(item) for item in document["items"]), dict(document["counts"]))
    except (ValueError, KeyError, TypeError):
        raise CommandFailed(f"Entra's log was not read{last_line(errors)}. {remedy}") from None


def _seen(item: Mapping[str, Any]) -> Seen:
    entra = item["entra"]
    said = "-" if entra is None else f"{entra['action']} {entra['status']}"
    here = ", ".join(f"{each['method']} {each['status'] or '-'} ({each['exchange']})" for each in item["here"]) or "-"
    return Seen(item["verdict"], item["at"], item["name"], item["says"], said, here)
