"""How fast requests are answered while a full synchronisation runs: `manciple sync` against a simulated Confluence.

The store and the simulated Confluence have the same people; groups and memberships are missing there. Synchronisations
follow one another until the load ends, and all processes share the machine.
"""

import subprocess
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from core.cli.exits import NEEDS_ADMIN
from core.sandbox.directory import Directory
from core.store import Store
from tests.bench.scim import ours
from tests.bench.scim.contender import Contender, loaded
from tests.bench.scim.people import SPARE, user
from tests.bench.scim.processes import free_port, running

RATE = 25
"""Requests per second."""
SEED = 1
TEAM = 200
TEAMS = 10


def measured(folder: Path, users: int, seconds: float) -> dict[str, Any]:
    """Latencies in milliseconds, the same at rest, and how many synchronisations ended meanwhile."""
    folder.mkdir()
    with ExitStack() as stack:
        port = free_port()
        command = [ours.MANCIPLE, "sandbox", "confluence", "--port", str(port), "--users", str(users)]
        said = folder / "confluence.log"
        stack.enter_context(running([*command, "--seed", str(SEED)], port, said))
        secret = folder / "secret"
        secret.touch(0o600)
        secret.write_text(_token(said))
        store = _furnished(folder / "furnished.db", users)
        us = ours.start(stack, folder / "us", store, "us", ours.target(port, f"file:{secret}"))
        at_rest = _loaded(us, seconds / 4)
        syncing = stack.enter_context(_Syncing(folder / "us" / "config.toml", folder / "sync.log"))
        found = _loaded(us, seconds) | {"synchronisations": syncing.ended, "at_rest": at_rest}
        if syncing.failed:
            raise RuntimeError((folder / "sync.log").read_text()[-2000:])
        return found


def _loaded(us: Contender, seconds: float) -> dict[str, Any]:
    task = us.task("mix", 1, seconds, str(TEAM)) | {"rate": RATE, "every": seconds + 60}
    return loaded("tests.bench.scim.paced", task, seconds + 90)


class _Syncing:
    """Runs one `manciple sync` after the other until the end of the block."""

    def __init__(self, config: Path, log: Path) -> None:
        self._command = [ours.MANCIPLE, "sync", "wiki", "--yes", "--config", str(config)]
        self._log = log
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run)
        self.ended = 0
        self.failed = False

    def __enter__(self) -> "_Syncing":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join()

    def _run(self) -> None:
        with self._log.open("wb") as said:
            while not self._over.wait(0.1) and not self.failed:
                self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
                if self._over.is_set():
                    self._process.terminate()
                code = self._process.wait()
                if not self._over.is_set():
                    self.ended += 1
                    self.failed = code not in (0, NEEDS_ADMIN)


def _furnished(path: Path, users: int) -> Path:
    directory = Directory.seeded(users, SEED)
    people = [directory.person(ident) for ident in directory.people]
    documents = [
        user(person.user_principal_name.lower().partition("@")[0])
        | {"userName": person.user_principal_name.lower(), "displayName": person.display_name}
        | {"emails": [{"type": "work", "primary": True, "value": person.mail or ""}], "active": person.in_service}
        for person in people
    ]
    with Store.open(f"sqlite:///{path}") as store:
        ours.write_people(store, [*documents, *(user(f"spare{number}") for number in range(SPARE))])
        for team in range(TEAMS):
            ours.write_group(store, f"Team {team} of {TEAM}", team * TEAM % users, min(TEAM, users))
    return path


def _token(said: Path) -> str:
    """The token that the simulator shows once it listens."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for line in said.read_text().splitlines():
            if line.strip().startswith("token "):
                return line.split()[1]
        time.sleep(0.05)
    raise RuntimeError("the simulated Confluence showed no token")
