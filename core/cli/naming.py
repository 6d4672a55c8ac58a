"""Commands as remedies name them: with the configuration that this command was given, so that they can be copied."""

import os
import shlex
from contextvars import ContextVar
from pathlib import Path

from core.config.locating import VARIABLE

_given: ContextVar[Path | None] = ContextVar("the value of --config", default=None)


def note_config(given: Path | None) -> Path | None:
    """Keep what `--config` of this command is, as remedies far from its body name it too; returns it."""
    _given.set(given)
    return given


def manciple(command: str) -> str:
    """`manciple runs 7`, and `--config PATH` where `--config` or `$MANCIPLE_CONFIG` names one."""
    named = _given.get() or os.environ.get(VARIABLE)
    return f"manciple {command} --config {shlex.quote(str(named))}" if named else f"manciple {command}"
