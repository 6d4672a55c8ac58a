"""How soon something is seen: an application after its start, and each screen of the console when it is visited."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.console.terminal import Terminal
from tui.actions import keys_of
from tui.frame import MODES

SETTLED = 0.4
"""Seconds without a byte after which a screen is whole."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Milliseconds from the key to the screen, by its place."""

    first: dict[str, float]
    later: dict[str, float]


def first_paint(command: Sequence[str], text: bytes, size: tuple[int, int], times: int) -> tuple[float, float]:
    """Milliseconds from the start of an application until it shows `text`, and those of the processor that it had used
    by then, which hardly depend on what else the machine does: the medians of so many starts.
    """
    took, used = [], []
    for _ in range(times):
        terminal = Terminal.start(command, *size)
        took.append((terminal.wait_for(text) - terminal.started) * 1000)
        used.append(terminal.cpu() * 1000)
        terminal.close()
    return statistics.median(took), statistics.median(used)


def visits(command: Sequence[str], size: tuple[int, int]) -> Visits:
    """Go through all screens twice."""
    terminal = Terminal.start(command, *size)
    terminal.wait_for(b"Overview]")
    rounds = []
    for _ in range(2):
        taken = {}
        for place in MODES[1:]:
            settle(terminal)
            taken[place] = visit(terminal, place)
        settle(terminal)
        visit(terminal, MODES[0])
        rounds.append(taken)
    terminal.close()
    return Visits(*rounds)


def visit(terminal: Terminal, place: str) -> float:
    """Milliseconds until the title says that it is this screen."""
    name = place.capitalize().replace("_", " ").encode()
    pressed = terminal.press(keys_of(f"everywhere.{place}", {})[0].encode())
    return (terminal.wait_for(name + b"]", after=pressed) - pressed) * 1000


def settle(terminal: Terminal) -> None:
    """Wait until nothing more is sent."""
    while terminal.bytes_since(time.perf_counter() - SETTLED):
        time.sleep(0.05)
