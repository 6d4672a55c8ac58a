"""Whether the SCIM listener keeps its memory and its latency through hours of what an IdP sends.

    .venv/bin/python tests/bench/scim_soak.py [--minutes 30] [--rate 50] [--users 20000]

`manciple serve` is sent Entra ID's mix (match queries, creations, changes of `active`, members, reads) at a steady
rate. Memory is shown every ten seconds, latency every minute, and at the end how fast memory grew once it was warm.
Ends with 1 where it did not stay flat, or an answer was wrong.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import linear_regression
from typing import Any

import orjson

from tests.bench.scim import ours
from tests.bench.scim.contender import Contender

SAMPLE_SECONDS = 10.0
WARM = 1 / 3
"""The part of the time, from the start, that says nothing about growth: caches fill."""
FLAT = 6.0
"""MiB an hour that memory may grow."""


class Memory(threading.Thread):
    """Weighs the engine every ten seconds until `over`, and says what it found."""

    def __init__(self, engine: Contender) -> None:
        super().__init__(daemon=True)
        self._engine = engine
        self._begin = time.monotonic()
        self.over = threading.Event()
        self.samples: list[tuple[float, float]] = []
        """Seconds since the start, and MiB."""

    def run(self) -> None:
        while not self.over.wait(SAMPLE_SECONDS):
            self.samples.append((time.monotonic() - self._begin, self._engine.memory_mib()))
            print("{:7.0f} s  memory {:.1f} MiB".format(*self.samples[-1]), flush=True)

    def growth(self) -> float:
        """MiB an hour, of the line that fits best what was found once it was warm."""
        warm = self.samples[int(len(self.samples) * WARM) :]
        seconds, memory = [at for at, _ in warm], [mib for _, mib in warm]
        return linear_regression(seconds, memory).slope * 3600 if len(warm) > 1 else float("nan")


def soaked(engine: Contender, rate: float, seconds: float) -> int:
    """Send the mix and say a line for each minute; returns how many answers were wrong."""
    task = engine.task("mix", 1, seconds, "1000") | {"rate": rate, "every": 60.0}
    load = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.scim.paced"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert load.stdin is not None
    assert load.stdout is not None
    wrong = 0
    try:
        load.stdin.write(orjson.dumps(task))
        load.stdin.close()
        for line in load.stdout:
            found: dict[str, Any] = orjson.loads(line)
            wrong += found["errors"]
            shown = f"{found['count']:,} answers, p50 {found['p50']:.1f} ms, p99 {found['p99']:.1f} ms, "
            shown += f"longest {found['longest']:.0f} ms, {found['errors']} wrong {found['first_error']}"
            print(f"{found['at']:7.0f} s  {shown.rstrip()}", flush=True)
    finally:
        load.kill()
        ended = load.wait()
    return wrong + (ended > 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=50.0, help="requests per second")
    parser.add_argument("--users", type=int, default=20_000, help="1000 or more")
    parser.add_argument("--cache", type=Path, default=ours.CACHE, help="where furnished stores are kept")
    given = parser.parse_args()
    store = ours.furnished(given.cache, given.users)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        engine = ours.start(stack, folder / "us", store, "manciple")
        memory = Memory(engine)
        memory.start()
        stack.callback(memory.join)
        stack.callback(memory.over.set)
        wrong = soaked(engine, given.rate, given.minutes * 60)
        growth = memory.growth()
    flat = growth <= FLAT
    print(f"{wrong} wrong answers; memory grew by {growth:.1f} MiB an hour: {'flat' if flat else 'NOT FLAT'}")
    return 0 if flat and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
