"""What 10,000 open conflicts cost: to find and keep them, to list them, to scroll through them, to answer one and all.

    .venv/bin/python -m tests.bench.conflicts [--number 10000]

As many users have a name that the product refuses; the target is in memory, so all that is measured is manciple's own.
The console runs on a pseudo-terminal of its own, at 80x24 and at 160x48. Times depend on the machine and on what else
it does; a key is timed until the frame that it leads to begins.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.apply.running import Comparison, compare
from core.apply.site import Site
from core.apply.stopping import Stop
from core.config import load_settings
from core.planning.values import Capabilities
from core.store import Store, Transaction, conflicts, engines, identities
from core.targets.confluence.names import NAME_RULES
from tests.bench.console.opening import SETTLED, settle
from tests.bench.console.terminal import Terminal
from tests.bench.plan.memory import forget_peak, peak_mib
from tests.core.apply.instant import Instant

CONFIG = """\
[store]
url = "sqlite:///manciple.db"
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
SIZES = ((80, 24), (160, 48))
KEYS = 40
AT_A_TIME = 500


def main() -> None:
    """Seed, run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.conflicts", description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=10_000)
    number = parser.parse_args().number
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text(CONFIG)
        asyncio.run(_found(config, number))
        _say("manciple conflicts --limit 100", _command(config, "conflicts", "--limit", "100"))
        _say("manciple conflicts --json, all", _command(config, "conflicts", "--limit", str(number), "--json"))
        _say("manciple conflicts show", _command(config, "conflicts", "show", "5000"))
        for size in SIZES:
            _console(config, size)
        _in_bulk(config, number)
        took = _command(config, "conflicts", "resolve", "--kind", "C16", "--answer", "X", "--yes")
        _say("manciple conflicts resolve --kind: what is left", took)


async def _found(config: Path, number: int) -> None:
    """Plan for that many users whose names will not do, twice: the second time all are known."""
    settings = load_settings(config)
    with Store.open(settings.store.url) as store:
        for start in range(0, number, AT_A_TIME):
            store.writer.write_now(lambda tx, start=start: _hire(tx, start, min(AT_A_TIME, number - start)))
        site = Site(store, settings.targets[0], Instant(capabilities=Capabilities(names=NAME_RULES)))
        forget_peak()
        before = peak_mib()
        for what in ("find and keep them", "find them once more"):
            started = time.perf_counter()
            await compare(site, Comparison("schedule", hold=False), Stop(), 4)
            _say(what, time.perf_counter() - started)
        with store.read() as connection:
            found = conflicts.number_open(connection).get("wiki", 0)
        print(f"{'':52}{found:,} are open; {peak_mib() - before:,.0f} MiB more at most")


def _hire(tx: Transaction, start: int, number: int) -> None:
    for place in range(start, start + number):
        emails = [{"type": "work", "value": f"u{place}@contoso.example"}]
        document = {"userName": f"u+{place}", "displayName": f"User {place}", "active": True, "emails": emails}
        identities.create(tx, "entra", "User", document)


def _command(config: Path, *arguments: str) -> float:
    """Seconds of one command, with the start of its process."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "tui", *arguments, "--config", str(config)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=os.getcwd(),
    )
    return time.perf_counter() - started


def _console(config: Path, size: tuple[int, int]) -> None:
    """Visit the screen, scroll, answer one and take it back."""
    terminal, shown = _opened(config, size), f"console {size[0]}x{size[1]}: "
    pressed = terminal.press(b"4")
    _say(f"{shown}the screen, first time", terminal.wait_for(b"C16", after=pressed, timeout=60.0) - pressed)
    settle(terminal)
    for what, key in (
        ("one down", b"j"),
        ("a page down", b"\x1b[6~"),
        ("to the last", b"G"),
        ("to the first", b"\x1b[H"),
    ):
        times = 1 if key in (b"G", b"\x1b[H") else KEYS
        _say(f"{shown}{what}", statistics.median(_frame(terminal, key) for _ in range(times)))
    for what, key in (("answers are asked for", b"a"), ("X is chosen", b"x"), ("what X leads to", b"\r")):
        _say(f"{shown}{what}", _frame(terminal, key))
    _say(f"{shown}X is answered", _frame(terminal, b"\r"))
    settle(terminal)
    _say(f"{shown}and taken back", _frame(terminal, b"u"))
    settle(terminal)
    print(f"{shown + 'memory':52}{terminal.memory():,.0f} MiB")
    terminal.close()


def _in_bulk(config: Path, number: int) -> None:
    """Answer all that are open in the console, and how long somebody else waits for a write meanwhile."""
    terminal = _opened(config, SIZES[0])
    for key in (b"4", b"a", b"x"):
        _frame(terminal, key)
    for key, shown in ((b"\r", b"gives this answer"), (b"\t", b"So for all")):
        terminal.wait_for(shown, after=terminal.press(key))
    with Store.open(load_settings(config).store.url) as store:
        for what, key, left in (("answered alike", b"\r", 0), ("taken back", b"u", number)):
            waits: list[float] = []
            pressed = terminal.press(key)
            _until(lambda: _open(store, waits) == left)  # noqa: B023
            took = time.perf_counter() - pressed
            _say(f"console: {number:,} {what}", took)
            _say("  another process waits for a write at most", max(waits))
            settle(terminal)
    terminal.close()


def _open(store: Store, waits: list[float]) -> int:
    """How many are open; and one more time that a write waited."""
    started = time.perf_counter()
    store.writer.write_now(lambda tx: engines.beat(tx, 0))
    waits.append(time.perf_counter() - started)
    time.sleep(0.05)
    with store.read() as connection:
        return conflicts.number_open(connection).get("wiki", 0)


def _opened(config: Path, size: tuple[int, int]) -> Terminal:
    """A console that shows the overview, wherever the one before it was left."""
    command = ["env", "-u", "SSH_CONNECTION", "XDG_CONFIG_HOME=/nonexistent", f"XDG_STATE_HOME={config.parent}"]
    terminal = Terminal.start([*command, sys.executable, "-m", "tui", "--config", str(config)], *size)
    terminal.wait_for(b" manciple", timeout=60.0)
    time.sleep(1.0)  # the screens are made ready
    terminal.press(b"1")
    time.sleep(SETTLED)
    settle(terminal)
    return terminal


def _frame(terminal: Terminal, key: bytes) -> float:
    """Seconds from a key to the frame that it leads to."""
    settle(terminal)
    pressed = terminal.press(key)
    _until(lambda: bool(terminal.frames_since(pressed)))
    return terminal.frames_since(pressed)[0] - pressed


def _until(is_so: Callable[[], bool], seconds: float = 120.0) -> None:
    """Wait until it is so.

    :raises TimeoutError: when it does not come to that.
    """
    until = time.perf_counter() + seconds
    while not is_so():
        if time.perf_counter() > until:
            raise TimeoutError("it took too long")
        time.sleep(0.002)


def _say(what: str, seconds: float) -> None:
    print(f"{what:52}{seconds * 1000:,.0f} ms" if seconds < 10 else f"{what:52}{seconds:,.1f} s", flush=True)


if __name__ == "__main__":
    main()
