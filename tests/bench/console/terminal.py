"""A program on a pseudo-terminal: what it sends and when, what it costs, and how soon it answers a key."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_FRAME = b"\x1b[?2026h"
_ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[c": b"\x1b[?62;22c", b"\x1b[6n": b"\x1b[1;1R"}
"""A program asks what the terminal can do; one that can paint a frame at once is told so."""


@dataclass
class Terminal:
    """One program on its terminal, from `start` to `close`."""

    pid: int
    master: int
    started: float
    chunks: list[tuple[float, bytes]] = field(default_factory=list)
    """What it sent, with the time of each piece."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: bool = True
    _reader: threading.Thread = field(default_factory=threading.Thread)

    @classmethod
    def start(cls, command: Sequence[str], columns: int, rows: int) -> "Terminal":
        """Run `command` on a terminal of this size."""
        started = time.perf_counter()
        pid, master = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            os.execvp(command[0], list(command))
        terminal = cls(pid, master, started)
        terminal._reader = threading.Thread(target=terminal._read, daemon=True)
        terminal._reader.start()
        return terminal

    def wait_for(self, text: bytes, after: float = 0.0, timeout: float = 20.0) -> float:
        """When it had sent `text`, after a moment; times are those of `time.perf_counter`.

        :raises TimeoutError: when it does not.
        """
        until = time.perf_counter() + timeout
        while time.perf_counter() < until:
            seen = b""
            for at, chunk in self.since(after):
                seen += chunk
                if text in seen:
                    return at
            time.sleep(0.001)
        raise TimeoutError(f"{text!r} was not sent within {timeout} s")

    def wait_for_bytes(self, number: int, timeout: float = 30.0) -> float:
        """When it had sent so many bytes.

        :raises TimeoutError: when it does not.
        """
        until = time.perf_counter() + timeout
        while time.perf_counter() < until:
            sent = 0
            for at, chunk in self.since(0.0):
                sent += len(chunk)
                if sent >= number:
                    return at
            time.sleep(0.001)
        raise TimeoutError(f"{number} bytes were not sent within {timeout} s")

    def since(self, moment: float) -> list[tuple[float, bytes]]:
        """What it sent after a moment."""
        with self._lock:
            return [(at, chunk) for at, chunk in self.chunks if at > moment]

    def bytes_since(self, moment: float) -> int:
        """How much of it."""
        return sum(len(chunk) for _, chunk in self.since(moment))

    def frames_since(self, moment: float) -> list[float]:
        """When each frame began."""
        return [at for at, chunk in self.since(moment) for _ in range(chunk.count(_FRAME))]

    def press(self, key: bytes) -> float:
        """Type a key; returns when."""
        at = time.perf_counter()
        os.write(self.master, key)
        return at

    def cpu(self) -> float:
        """Seconds of processor that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Mebibytes that it has in memory."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def close(self) -> None:
        """End the program."""
        self._open = False
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._reader.join()  # else it would read from the next terminal, which gets the same number
        os.close(self.master)

    def _read(self) -> None:
        while self._open:
            try:
                if not select.select([self.master], [], [], 0.2)[0]:
                    continue
                chunk = os.read(self.master, 65_536)
                for question, answer in _ANSWERS.items():
                    if question in chunk:
                        os.write(self.master, answer)
            except (OSError, ValueError):
                return
            with self._lock:
                self.chunks.append((time.perf_counter(), chunk))
