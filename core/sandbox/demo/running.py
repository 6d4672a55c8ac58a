"""`manciple demo`, with and without a console."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.sandbox.demo.once import demonstrate
from core.sandbox.demo.products import LED
from core.sandbox.demo.workplace import DemoFailed, Method, Workplace, engine

_FURNISH_SECONDS = 60.0

OpenConsole = Callable[[Path], int]
"""Opens the console on a configuration; returns its exit code."""


def run(
    *, users: int, seed: int, faults: float, method: Method, as_json: bool, open_console: OpenConsole | None
) -> int:
    """Show it all at work; without `open_console` once through. Returns 0 where both sides agree at the end."""
    with TemporaryDirectory(prefix="manciple-demo-") as folder, _ended_by_signals():
        try:
            if open_console is not None:
                return _watched(Path(folder), users, seed, faults, method, open_console)
            return _once(Path(folder), users, seed, faults, method, as_json)
        except DemoFailed as error:
            print(f"manciple demo: {error}", file=sys.stderr)  # noqa: T201
            return 1


def _once(folder: Path, users: int, seed: int, faults: float, method: Method, as_json: bool) -> int:
    document = asyncio.run(demonstrate(folder, users, seed, faults, method))
    print(json.dumps(document, indent=2, ensure_ascii=False) if as_json else _told(document))  # noqa: T201
    return 0 if document["agree"] else 1


def _watched(folder: Path, users: int, seed: int, faults: float, method: Method, open_console: OpenConsole) -> int:
    with simulated_ends(folder, users, seed, faults, method) as workplace, engine(workplace), _interrupts_ignored():
        return open_console(workplace.config)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A terminal that is closed, or a kill, ends the demonstration in good order: engine stopped, folder deleted."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ctrl-C is the console's to answer; it reaches this process as well."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def simulated_ends(folder: Path, users: int, seed: int, faults: float, method: Method = "scim") -> Iterator[Workplace]:
    """The simulated ends as a process, once the configuration they write is there."""
    command = [sys.executable, "-m", "core.sandbox.demo.live", str(folder), str(users), str(seed), str(faults), method]
    with (folder / "ends.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield _furnished(folder, process)
    finally:
        process.terminate()
        process.wait()


def _furnished(folder: Path, process: "subprocess.Popen[bytes]") -> Workplace:
    """The workplace that the other process furnished.

    :raises DemoFailed: when that process ends, or takes too long.
    """
    deadline = time.monotonic() + _FURNISH_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if (port := Workplace.port_in(folder)) is not None:
            return Workplace(folder, port)
        time.sleep(0.05)
    said = (folder / "ends.log").read_text(errors="replace").strip()
    raise DemoFailed(f"the simulated ends did not start: {said or 'it took too long'}")


def _told(document: dict[str, Any]) -> str:
    """The document in a few lines for people."""
    entra = document["entra"]
    lines = [
        f"Pushed     {_pushed(document['pushed'])}" if "pushed" in document else f"Pulled     {_pulled(document)}",
        f"Planned    {_numbers(document['planned'])}",
        f"Applied    {_numbers(document['applied'])}",
        f"Entra      {entra['users']} users ({entra['active']} active), {entra['groups']} groups, "
        f"{entra['memberships']} memberships",
        *(_product(name, document[name.lower()]) for name in ("Confluence", "Jira", "Bitbucket")),
        *([f"Leaver     {document['leaver']} led {LED} in Jira"] if document["leaver"] else []),
        f"Conflicts  {len(document['conflicts'])} held for an admin",
        *(f"  {each['target']:<8}{each['kind']}  {each['title']}" for each in document["conflicts"][:10]),
    ]
    if document["agree"]:
        return "\n".join([*lines, f"All sides agree, after {document['seconds']} s."])
    return "\n".join([*lines, "The sides differ:", *(f"  {each}" for each in document["differences"])])


def _product(name: str, there: dict[str, Any]) -> str:
    active = f"{there['accounts']} accounts ({there['active']} active)"
    return f"{name:<11}{active}, {there['groups']} groups, {there['memberships']} memberships"


def _pushed(cycles: list[dict[str, Any]]) -> str:
    requests = sum(cycle["requests"] for cycle in cycles)
    return f"{len(cycles)} cycles, {requests} requests, {sum(cycle['failures'] for cycle in cycles)} failures"


def _pulled(document: dict[str, Any]) -> str:
    pulled = document["pulled"]
    return f"{pulled['requests']} requests, {pulled['units']} resource units, {pulled['throttled']} answered 429"


def _numbers(counted: dict[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in counted.items()) or "nothing"
