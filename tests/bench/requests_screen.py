"""What the requests screen costs, beside a bare Textual application with a `Log` widget in the same run.

    .venv/bin/python tests/bench/requests_screen.py [--rows 100000] [--rate 2000] [--seconds 10]

Each is run on a pseudo-terminal over a store that another process writes to. Times depend on the machine and on what
else it does; the ratios of the last column hardly do.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert
from terminal import Terminal
from textual.app import App, ComposeResult
from textual.widgets import Log

from core.config.settings import ProviderSettings, Settings, StoreSettings
from core.exchange import Exchange
from core.store import Store, exchanges, tables

SIZES = ((80, 24), (120, 40))
TICK = 0.1
KEYS = 40
BATCHES = 50
"""Commits per second of the writer."""


class Bare(App[None]):
    """The least that shows a log: a `Log` that is given the new lines ten times a second."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.animation_level = "none"
        self._store = store
        self._lines = Log(max_lines=10_000)
        self._seen = 0

    def compose(self) -> ComposeResult:
        yield self._lines

    def on_mount(self) -> None:
        with self._store.read() as connection:
            self._seen = exchanges.newest(connection) - 1_000
        self.tick()
        self.set_interval(TICK, self.tick)

    def tick(self) -> None:
        with self._store.read() as connection:
            new = exchanges.window(connection, self._seen + 1, 0, 10_000)
        if new:
            self._seen = new[-1].id
            self._lines.write_lines(
                f"{row.at} {row.direction} {row.method} {row.status} {row.subject} {row.outcome}" for row in new
            )


@dataclass(frozen=True, slots=True)
class Figures:
    """What one application cost."""

    first_paint: float
    """Milliseconds from its start until a row was on the screen."""
    idle_bytes: int
    """Sent within two quiet seconds."""
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


def exchange(number: int) -> Exchange:
    """One of several kinds."""
    status, outcome = (409, "uniqueness") if number % 50 == 0 else (200, "ok")
    at = time.time_ns() // 1_000_000
    path = f"/Users/2819c223-{number:08}"
    return Exchange(
        "in", "entra", at, 4_000 + number % 9_000, "PATCH", path, status, f"user{number}@example.com", outcome
    )


def seed(url: str, rows: int) -> None:
    """A store with so many exchanges."""
    table = tables.Exchange.metadata.tables["exchanges"]
    columns = [column.name for column in table.c if hasattr(exchange(0), column.name)]
    with Store.open(url) as store:
        for start in range(0, rows, 20_000):
            made = [exchange(number) for number in range(start, min(rows, start + 20_000))]
            values = [{column: getattr(one, column) for column in columns} for one in made]
            store.writer.write_now(lambda tx, values=values: tx.execute(insert(table), values))


def write(url: str, rate: int, seconds: float) -> None:
    """Log `rate` exchanges a second."""
    with Store.open(url) as store:
        started, number = time.perf_counter(), 0
        while (passed := time.perf_counter() - started) < seconds:
            due = range(number, int(passed * rate))
            store.writer.write_now(lambda tx, due=due: [tx.log(exchange(one)) for one in due])
            number = due.stop
            time.sleep(1 / BATCHES)


def show(url: str, which: str) -> None:
    """Be one of the two applications."""
    settings = Settings(Path("config.toml"), store=StoreSettings(url), providers=(ProviderSettings("entra", "entra"),))
    with Store.open(url) as store:
        if which == "bare":
            Bare(store).run()
            return
        from tui.app import Console  # the bare one does not pay for its imports

        Console.DEFAULT_MODE = "requests"
        Console(store, settings).run()


def measure(url: str, which: str, size: tuple[int, int], rate: int, seconds: float) -> Figures:
    """Run one application through its paces."""
    me = [sys.executable, __file__]
    terminal = Terminal.start([*me, "--show", which, "--url", url], *size)
    first_paint = terminal.wait_for(b"@example.com") - terminal.started
    time.sleep(2.0)
    quiet = time.perf_counter()
    time.sleep(2.0)
    idle = terminal.bytes_since(quiet)

    writer = subprocess.Popen([*me, "--write", str(rate), "--seconds", str(2 * seconds + 4), "--url", url])
    time.sleep(1.5)
    began, cpu = time.perf_counter(), terminal.cpu()
    time.sleep(seconds)
    passed, used = time.perf_counter() - began, terminal.cpu() - cpu
    frames, sent = terminal.frames_since(began), terminal.bytes_since(began)
    slots = {int((at - began) / TICK) for at in frames}
    busy = keys(terminal, which)
    writer.wait()
    calm = keys(terminal, which)
    memory = terminal.memory()
    terminal.close()
    return Figures(
        first_paint=first_paint * 1000,
        idle_bytes=idle,
        cpu=used / passed * 100,
        frames=len(frames) / passed,
        frame_bytes=sent / max(1, len(frames)),
        bytes_per_second=sent / passed,
        missed=int(passed / TICK) - len(slots),
        key_quiet=statistics.median(calm),
        key_busy=statistics.median(busy),
        key_busy_p95=sorted(busy)[int(len(busy) * 0.95)],
        memory=memory,
    )


def keys(terminal: Terminal, which: str) -> list[float]:
    """Milliseconds from each of many keys to the cursor's mark in its new place; of the `Log`, to the next byte."""
    answer = b"> " if which == "requests" else b""
    took = []
    for number in range(KEYS):
        pressed = terminal.press(b"\x1b[A" if number % 2 == 0 else b"\x1b[B")
        took.append((terminal.wait_for(answer, after=pressed) - pressed) * 1000)
        time.sleep(0.05)
    return took


def report(size: tuple[int, int], ours: Figures, bare: Figures) -> None:
    """Print both, and how they compare."""
    print(f"\n{size[0]}x{size[1]}{'':20}{'requests':>12}{'bare Log':>12}{'ratio':>8}")
    for name in Figures.__dataclass_fields__:
        one, other = getattr(ours, name), getattr(bare, name)
        ratio = f"{one / other:8.2f}" if other else f"{'-':>8}"
        print(f"{name:26}{one:12.1f}{other:12.1f}{ratio}")


def main() -> None:
    """Seed, run, print; or be one of the processes that this needs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    for internal in ("--url", "--show", "--write"):
        parser.add_argument(internal, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.show:
        show(options.url, options.show)
    elif options.write:
        write(options.url, int(options.write), options.seconds)
    else:
        for size in SIZES:
            figures = []
            for which in ("requests", "bare"):
                with tempfile.TemporaryDirectory() as folder:
                    url = f"sqlite:///{folder}/manciple.db"
                    seed(url, options.rows)
                    figures.append(measure(url, which, size, options.rate, options.seconds))
            report(size, *figures)


if __name__ == "__main__":
    main()
