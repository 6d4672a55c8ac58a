"""Starting an engine from the console: a process of its own, which outlives the console and its SSH session."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LONGEST_LOG = 64 * 1024
"""Bytes of an engine's log that are searched for its first error."""


@dataclass(frozen=True, slots=True)
class StartedEngine:
    """An engine that was just started."""

    process: subprocess.Popen[bytes]
    log: Path
    """Where its output goes."""
    start: int
    """Where in that file the output of this engine begins."""

    def death(self) -> str | None:
        """Why it is no longer there: the first error in what it wrote; `None` while it runs."""
        code = self.process.poll()
        if code is None:
            return None
        return _first_error(self._output()) or f"it ended with exit code {code} and said nothing"

    def _output(self) -> str:
        with self.log.open("rb") as file:
            file.seek(self.start)
            return file.read(_LONGEST_LOG).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class EngineStart:
    """Starts `manciple serve` on a configuration."""

    config: Path
    log: Path
    command: Sequence[str] = (sys.executable, "-m", "tui", "serve")

    def __call__(self) -> StartedEngine:
        """Start it, in a session of its own, so that neither ctrl+c nor the end of this terminal reaches it.

        :raises OSError: when the log cannot be written or the program not started.
        """
        # Others must not read it: an exception's text may hold what a person is called.
        descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            start = os.fstat(descriptor).st_size
            process = subprocess.Popen(
                [*self.command, "--config", str(self.config)],
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
            )
        finally:
            os.close(descriptor)
        return StartedEngine(process, self.log, start)


def _first_error(output: str) -> str:
    """The first line that tells of an error, else the first line of all."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower() or line.startswith("manciple:")]
    return next(iter(errors or lines), "")
