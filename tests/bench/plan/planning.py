"""Planning alone: seconds and memory of one plan of everything, in a process of its own."""

import gc
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from core.planning.plan import plan
from core.planning.rules import TargetRules
from tests.bench.plan.company import changed, in_place
from tests.bench.plan.memory import peak_mib


@dataclass(frozen=True, slots=True)
class Planned:
    """What one plan took."""

    seconds: float
    """Of planning; the world was there."""
    mib: float
    """Of the whole process, world and plan together."""
    changes: int
    conflicts: int


def measured(users: int, groups: int, percent: float) -> Planned:
    """Plan in a new process, so that no earlier plan's memory counts."""
    command = [sys.executable, "-m", __name__, str(users), str(groups), str(percent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return Planned(**found)


def _measure(users: int, groups: int, percent: float) -> Planned:
    world = in_place(users, groups)
    if percent:
        world = changed(world, percent)
    gc.collect()
    gc.freeze()
    started = time.perf_counter()
    made = plan(world, TargetRules())
    seconds = time.perf_counter() - started
    return Planned(seconds, peak_mib(), len(made.changes), len(made.conflicts))


if __name__ == "__main__":
    found = _measure(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
    print(json.dumps({name: getattr(found, name) for name in Planned.__slots__}))
