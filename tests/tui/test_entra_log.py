"""Entra's log beside ours, as the console has it from the command."""

import json
import sys
from pathlib import Path

import pytest

from tui.command_output import CommandFailed
from tui.entra_log import LogBeside, Seen, read_beside

ITEM = {
    "verdict": "entra only",
    "at": "2026-08-24T10:27:47Z",
    "name": "ada",
    "says": "No such request came here.",
    "entra": {"action": "create", "status": "success"},
    "here": [],
}


def saying(text: str, error: str = "") -> list[str]:
    return [sys.executable, "-c", f"import sys; print({text!r}); print({error!r}, file=sys.stderr)"]


async def test_what_the_command_found_is_taken_over(tmp_path: Path) -> None:
    here = {**ITEM, "verdict": "here only", "entra": None, "here": [{"method": "POST", "status": None, "exchange": 7}]}
    said = json.dumps({"items": [ITEM, here], "counts": {"agree": 3, "entra only": 1, "here only": 1}})
    found = await read_beside(tmp_path / "config.toml", "entra", saying(said))
    at = "2026-08-24T10:27:47Z"
    assert found == LogBeside(
        (
            Seen("entra only", at, "ada", "No such request came here.", "create success", "-"),
            Seen("here only", at, "ada", "No such request came here.", "-", "POST - (7)"),
        ),
        {"agree": 3, "entra only": 1, "here only": 1},
    )


@pytest.mark.parametrize("output", ["", "no JSON", '{"items": 1}'])
async def test_why_it_was_not_read_is_told_with_what_to_do(tmp_path: Path, output: str) -> None:
    with pytest.raises(CommandFailed, match=r"not read: it lacks AuditLog\.Read\.All.*Run in a terminal"):
        await read_beside(tmp_path / "config.toml", "entra", saying(output, "it lacks AuditLog.Read.All"))
