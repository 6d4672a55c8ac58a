"""The load process: keeps some connections busy for some seconds, and prints what that came to.

    echo '{…}' | python -m tests.bench.scim.load

A closed loop: each connection sends its next request when the answer to the last one is complete. Latency is from
sending to the complete answer. The rate of a kind of request is its answers over the share of the time that went into
them, so that kinds that take turns are told apart. Time runs until the last answer: what is slow is not cut off.
"""

import asyncio
import random
import sys
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvloop

from tests.bench.scim.connection import Connection
from tests.bench.scim.people import Population
from tests.bench.scim.traffic import OPERATIONS, Lane, Request, Wire

PATIENCE = 30.0
"""Seconds that answers may take beyond the end."""


@dataclass(slots=True)
class Tally:
    """What was seen of one kind of request; times in seconds, the second one summed over all connections."""

    latencies: "array[float]" = field(default_factory=lambda: array("d"))
    spent: float = 0.0

    def document(self, seconds: float) -> dict[str, float]:
        """Its figures; `seconds` is the part of the clock that went into this kind."""
        ordered = sorted(self.latencies)
        count = len(ordered)
        return {
            "count": count,
            "rate": count / seconds if count else 0.0,
            "p50": ordered[count // 2] * 1000 if count else 0.0,
            "p99": ordered[min(count - 1, count * 99 // 100)] * 1000 if count else 0.0,
        }


@dataclass(slots=True)
class _Busy:
    """One connection's state."""

    requests: Iterator[Request]
    request: Request
    sent: float
    answered: float


class Closed:
    """A closed loop over some connections."""

    def __init__(self, host: str, port: int, begin: float, end: float) -> None:
        self._host, self._port = host, port
        self._begin, self._end = begin, end
        self._busy: dict[Connection, _Busy] = {}
        self._over = asyncio.Event()
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.wrong: Counter[str] = Counter()

    def documents(self) -> dict[str, dict[str, float]]:
        """The figures of each kind."""
        seconds = time.perf_counter() - self._begin
        spent = sum(tally.spent for tally in self.tallies.values())
        return {kind: tally.document(seconds * tally.spent / spent) for kind, tally in sorted(self.tallies.items())}

    async def run(self, lanes: list[Lane], operation: str) -> None:
        loop = asyncio.get_running_loop()
        for lane in lanes:
            _, connection = await loop.create_connection(
                lambda: Connection(self._answered, self._lost), self._host, self._port
            )
            requests = OPERATIONS[operation](lane)
            now = time.perf_counter()
            self._busy[connection] = _Busy(requests, next(requests), now, now)
        for connection in list(self._busy):
            self._send(connection)
        try:
            async with asyncio.timeout(self._end - time.perf_counter() + PATIENCE):
                await self._over.wait()
        except TimeoutError:
            self.wrong[f"no answer within {PATIENCE:.0f} s"] += len(self._busy)
        for connection in list(self._busy):
            connection.close()

    def _send(self, connection: Connection) -> None:
        busy = self._busy[connection]
        busy.sent = time.perf_counter()
        connection.send(busy.request.raw)

    def _answered(self, connection: Connection, status: int, body: bytes) -> None:
        now = time.perf_counter()
        busy = self._busy[connection]
        request = busy.request
        if status not in request.statuses or request.holds not in body:
            self.wrong[f"{request.kind}: {status} {body[:200].decode(errors='replace')}"[:300]] += 1
        elif now >= self._begin:
            tally = self.tallies[request.kind]
            tally.latencies.append(now - busy.sent)
            tally.spent += now - max(busy.answered, self._begin)
        busy.answered = now
        if now >= self._end:
            self._finish(connection)
            return
        busy.request = next(busy.requests)
        self._send(connection)

    def _lost(self, connection: Connection) -> None:
        if connection in self._busy and not self._over.is_set():
            self.wrong["the connection was closed"] += 1
            self._finish(connection)

    def _finish(self, connection: Connection) -> None:
        del self._busy[connection]
        connection.close()
        if not self._busy:
            self._over.set()


async def measured(task: dict[str, Any]) -> dict[str, Any]:
    people = Population.load(Path(task["people"]))
    wire = Wire(**task["wire"])
    count = task["connections"]
    lanes = [Lane(people, wire, n, count, task["group"], random.Random(f"{task['seed']} {n}")) for n in range(count)]
    begin = time.perf_counter() + task["warm"]
    closed = Closed(task["host"], task["port"], begin, begin + task["seconds"])
    used = time.process_time()
    await closed.run(lanes, task["operation"])
    kinds = closed.documents()
    return {
        "kinds": kinds,
        "errors": closed.wrong.total(),
        "first_error": next(iter(closed.wrong), ""),
        "client_cpu": (time.process_time() - used) / (task["seconds"] + task["warm"]),
    }


if __name__ == "__main__":
    print(orjson.dumps(uvloop.run(measured(orjson.loads(sys.stdin.read())))).decode())
