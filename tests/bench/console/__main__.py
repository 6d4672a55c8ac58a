"""What the console costs, beside bare Textual applications in the same run: opening, visiting, following, idling.

    .venv/bin/python -m tests.bench.console [--rows 100000] [--rate 2000] [--seconds 10] [--peer NAME=COMMAND ...]

Each application runs on a pseudo-terminal of its own; the console over a store that another process writes to. Times
depend on the machine and on what else it does; the ratios hardly do. A peer is any other terminal program, such as
posting, harlequin or mitmproxy, installed in an environment of its own: of it, start and idling are measured.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from tests.bench.console import live, opening, stores
from tests.bench.console.bare import PAINTED
from tests.bench.console.terminal import Terminal

SIZES = ((80, 24), (120, 40))
STARTS = 7
STARTED = 500
"""Bytes after which a peer has shown something."""
CONFIG = """
[[provider]]
name = "entra"
kind = "entra"
[[target]]
name = "wiki"
kind = "confluence"
url = "http://127.0.0.1:9"
credential = "env:TOKEN"
provider = "entra"
"""
# Compiled, as an installation is, even where this process must not compile.
PLAIN = (
    "env",
    "-u",
    "PYTHONDONTWRITEBYTECODE",
    "-u",
    "SSH_CONNECTION",
    "-u",
    "NO_COLOR",
    "XDG_CONFIG_HOME=/nonexistent",
)


def main() -> None:
    """Seed, run, print; or be the one who writes."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.console", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=2_000)
    parser.add_argument("--rate", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--only", choices=("opening", "visits", "live"), help="one part; default: all")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    for internal in ("--url", "--write"):
        parser.add_argument(internal, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        stores.write(given.url, int(given.write), given.seconds)
        return
    with tempfile.TemporaryDirectory() as folder:
        url, config = f"sqlite:///{folder}/manciple.db", Path(folder) / "config.toml"
        config.write_text(f'[store]\nurl = "{url}"\n{CONFIG}')
        stores.seed(url, given.rows, given.users)
        ours = [*PLAIN, sys.executable, "-m", "tui", "--config", str(config)]
        bare = [*PLAIN, sys.executable, "-m", "tests.bench.console.bare"]
        if given.only in (None, "opening"):
            say_opening(ours, [*bare, "screen"], [peer.partition("=") for peer in given.peer])
        if given.only in (None, "visits"):
            say_visits(ours, config)
        for size in SIZES if given.only in (None, "live") else ():
            say_live(ours, [*bare, "log", url], config, size, url, given.rate, given.seconds)


def say_opening(ours: Sequence[str], bare: Sequence[str], peers: Sequence[tuple[str, str, str]]) -> None:
    """First paint, and what is sent while nothing happens."""
    print(f"{'first paint, ms':26}{'console':>12}{'bare screen':>12}{'ratio':>8}   goal 1.3")
    for size in SIZES:
        one = opening.first_paint(ours, b"Overview]", size, STARTS)
        other = opening.first_paint(bare, PAINTED.encode(), size, STARTS)
        say_row(f"  {size[0]}x{size[1]}", one[0], other[0])
        say_row("    of the processor", one[1], other[1])
    for name, _, command in peers:
        terminal = Terminal.start(["sh", "-c", f"exec {command}"], *SIZES[0])
        try:
            took = terminal.wait_for_bytes(STARTED) - terminal.started
            time.sleep(8.0)
            idle = terminal.bytes_since(time.perf_counter() - 3.0) / 3
            print(f"  {name}: first {STARTED} bytes after {took * 1000:.0f} ms, {idle:.0f} bytes/s idle")
        except TimeoutError as error:
            print(f"  {name}: left out, since {error}")
        terminal.close()


def say_visits(ours: Sequence[str], config: Path) -> None:
    """Milliseconds from a key to its screen."""
    print(f"\n{'visit, ms (goal: first < 200)':32}{'first':>8}{'later':>8}")
    forget(config)
    seen = opening.visits(ours, SIZES[1])
    for place, first in seen.first.items():
        print(f"  {place:30}{first:8.0f}{seen.later[place]:8.0f}")


def say_live(
    ours: Sequence[str],
    bare: Sequence[str],
    config: Path,
    size: tuple[int, int],
    url: str,
    rate: int,
    seconds: float,
) -> None:
    """Both while exchanges come."""
    forget(config)
    terminal = Terminal.start(ours, *size)
    terminal.wait_for(b"Overview]")
    opening.settle(terminal)
    opening.visit(terminal, "requests")
    console = live.measure(terminal, b"> ", url, rate, seconds)
    terminal.close()
    terminal = Terminal.start(bare, *size)
    terminal.wait_for(b"@example.com")
    log = live.measure(terminal, b"", url, rate, seconds)
    terminal.close()
    print(f"\n{f'{size[0]}x{size[1]}, {rate:,} exchanges/s':26}{'requests':>12}{'bare Log':>12}{'ratio':>8}")
    for field in fields(live.Live):
        say_row(f"  {field.name}", getattr(console, field.name), getattr(log, field.name))


def say_row(name: str, one: float, other: float) -> None:
    """Two figures, and how they compare."""
    ratio = f"{one / other:8.2f}" if other else f"{'-':>8}"
    print(f"{name:26}{one:12.1f}{other:12.1f}{ratio}", flush=True)


def forget(config: Path) -> None:
    """Let the console begin at its first screen."""
    for session in config.parent.glob(f".{config.name}.*.console"):
        session.unlink()


if __name__ == "__main__":
    main()
