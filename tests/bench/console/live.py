"""What a list of exchanges costs while they come: the requests screen, beside Textual's own `Log`."""

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.bench.console.bare import TICK
from tests.bench.console.terminal import Terminal

KEYS = 60
WARM_UP = 1.5
"""Seconds that rows come before anything is measured."""


@dataclass(frozen=True, slots=True)
class Live:
    """What one application cost."""

    idle_bytes: int
    """Sent within three quiet seconds."""
    cpu: float
    """Percent of one core while rows come."""
    frames: float
    """Per second."""
    frame_bytes: float
    bytes_per_second: float
    missed: int
    """Ticks of a tenth of a second without a frame."""
    key_quiet: float
    """Milliseconds from a key to the moved cursor, the median."""
    key_busy: float
    key_busy_p95: float
    memory: float
    """Mebibytes at the end."""
    memory_growth: float
    """Mebibytes that it grew by while rows came."""


def measure(terminal: Terminal, cursor: bytes, url: str, rate: int, seconds: float) -> Live:
    """Put an application that shows the newest exchanges through its paces; `cursor` begins a row with the cursor."""
    time.sleep(2.0)
    quiet = time.perf_counter()
    time.sleep(3.0)
    idle = terminal.bytes_since(quiet)

    command = [sys.executable, "-m", "tests.bench.console", "--write", str(rate), "--url", url]
    with subprocess.Popen([*command, "--seconds", str(seconds + 2 * WARM_UP + KEYS * 0.1 + 4)]) as writer:
        time.sleep(WARM_UP)
        began, cpu, before = time.perf_counter(), terminal.cpu(), terminal.memory()
        time.sleep(seconds)
        passed, used = time.perf_counter() - began, terminal.cpu() - cpu
        frames, sent = terminal.frames_since(began), terminal.bytes_since(began)
        slots = {int((at - began) / TICK) for at in frames}
        busy = keys(terminal, cursor)
        writer.wait()
    calm = keys(terminal, cursor)
    memory = terminal.memory()
    return Live(
        idle_bytes=idle,
        cpu=used / passed * 100,
        frames=len(frames) / passed,
        frame_bytes=sent / max(1, len(frames)),
        bytes_per_second=sent / passed,
        missed=max(0, int(passed / TICK) - len(slots)),
        key_quiet=statistics.median(calm),
        key_busy=statistics.median(busy),
        key_busy_p95=sorted(busy)[int(len(busy) * 0.95)],
        memory=memory,
        memory_growth=memory - before,
    )


def keys(terminal: Terminal, cursor: bytes) -> list[float]:
    """Milliseconds from each of many keys to the cursor's mark in its new place, or to the next byte without one."""
    took = []
    for number in range(KEYS):
        pressed = terminal.press(b"\x1b[A" if number % 2 == 0 else b"\x1b[B")
        took.append((terminal.wait_for(cursor, after=pressed) - pressed) * 1000)
        time.sleep(0.05)
    return took
