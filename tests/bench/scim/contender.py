"""A contender: a server that runs, furnished with people, and how it is spoken to."""

import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.bench.scim.processes import HOST, resident_mib
from tests.bench.scim.traffic import Wire

SCIM = frozenset(("patch", "members", "group", "list", "userName", "externalId", "create", "get"))
"""The operations of a SCIM server."""
FLOOR = frozenset(("create", "get"))
"""The operations of a floor."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One server under load."""

    name: str
    port: int
    pid: int
    people: Path
    """Its population (`Population.save`)."""
    wire: Wire
    operations: frozenset[str] = SCIM
    largest_group: int | None = None
    """The size of its largest group, where it cannot do with larger ones."""

    def memory_mib(self) -> float:
        return resident_mib(self.pid)

    def task(self, operation: str, connections: int, seconds: float, group: str = "", seed: int = 0) -> dict[str, Any]:
        """What the load process is to do."""
        return {
            "host": HOST, "port": self.port, "people": str(self.people), "wire": asdict(self.wire),
            "operation": operation, "connections": connections, "seconds": seconds, "warm": min(0.5, seconds / 4),
            "group": group, "seed": seed,
        }  # fmt: skip

    def measure(
        self, operation: str, connections: int, seconds: float, group: str = "", seed: int = 0
    ) -> dict[str, Any]:
        """Put it under load for some seconds in a closed loop (`tests.bench.scim.load`)."""
        task = self.task(operation, connections, seconds, group, seed)
        return loaded("tests.bench.scim.load", task, seconds + 90)


def loaded(module: str, task: dict[str, Any], timeout: float) -> dict[str, Any]:
    """What a load process found.

    :raises RuntimeError: when it failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", module], input=orjson.dumps(task), capture_output=True, timeout=timeout, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def headers(port: int, token: str | None = None) -> str:
    """The header lines of every request, each with its line end."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"Host: {HOST}:{port}\r\nAccept: application/scim+json\r\nUser-Agent: bench\r\n{bearer}"
