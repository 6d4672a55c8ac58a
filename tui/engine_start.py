"""Starting an engine from the console: a process of its own, which outlives the console and its SSH session."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LONGEST_LOG = 64 * 1024
"""Bytes at the end of an engine's log that are searched for its last error."""
_HARMLESS = (" INFO ", " DEBUG ")
"""Levels, as lines of the log have them, of what is no error whatever its words."""


@dataclass(frozen=True, slots=True)
class Death:
    """How an engine ended."""

    cause: str
    """`exit code 4`, or `signal SIGKILL`."""
    error: str
    """The last error that it wrote; empty where it wrote none."""

    def told(self, remedy: str) -> str:
        """In one sentence. What to do comes first: an error may be longer than there is room."""
        return f"{self.cause}; {remedy}" + (f": {self.error}" if self.error else "")


@dataclass(frozen=True, slots=True)
class StartedEngine:
    """An engine that was just started."""

    process: subprocess.Popen[bytes]
    log: Path
    """Where its output goes."""
    start: int
    """Where in that file the output of this engine begins."""

    def death(self) -> Death | None:
        """How it ended; `None` while it runs."""
        code = self.process.poll()
        return Death(_cause(code), _last_error(self._output())) if code is not None else None

    def _output(self) -> str:
        """The end of what it wrote."""
        with self.log.open("rb") as file:
            file.seek(max(self.start, file.seek(0, os.SEEK_END) - _LONGEST_LOG))
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


def _cause(code: int) -> str:
    """An exit code in words; a negative one is the number of the signal that ended the process."""
    if code >= 0:
        return f"exit code {code}"
    known = {each.value: each.name for each in signal.Signals}
    return f"signal {known.get(-code, -code)}"


def _last_error(output: str) -> str:
    """The last line that tells of an error."""
    lines = [line.strip() for line in output.splitlines() if not any(level in line for level in _HARMLESS)]
    return next((line for line in reversed(lines) if "error" in line.lower() or line.startswith("manciple:")), "")
