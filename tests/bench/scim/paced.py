"""The paced load process: so many requests a second, evenly, whether or not answers keep up.

    echo '{…}' | python -m tests.bench.scim.paced

Latency counts from the moment a request was due, so that a server that stops for a while is not asked less meanwhile.
Prints one JSON line for each span of `every` seconds.
"""

import asyncio
import random
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import uvloop

from tests.bench.scim.connection import Connection
from tests.bench.scim.people import Population
from tests.bench.scim.traffic import OPERATIONS, Lane, Request, Wire

PATIENCE = 30.0
"""Seconds that answers may take beyond the end."""


class Paced:
    """Requests at a steady rate, over as many connections as it takes."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._idle: list[Connection] = []
        self._under_way: dict[Connection, tuple[Request, float]] = {}
        self._latencies: list[float] = []
        self._wrong: Counter[str] = Counter()
        self._sent_all = False
        self._over = asyncio.Event()

    async def run(self, lane: Lane, operation: str, rate: float, seconds: float, every: float) -> None:
        requests = OPERATIONS[operation](lane)
        begin = time.perf_counter()
        reported = begin
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self._send(next(requests), due)
            if due - reported >= every:
                self._report(due - begin)
                reported = due
        self._sent_all = True
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE if self._under_way else 0):
                await self._over.wait()
        self._wrong["no answer"] += len(self._under_way)
        self._report(time.perf_counter() - begin)

    async def _send(self, request: Request, due: float) -> None:
        if self._idle:
            connection = self._idle.pop()
        else:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: Connection(self._answered, self._lost), self._host, self._port
            )
        self._under_way[connection] = (request, due)
        connection.send(request.raw)

    def _answered(self, connection: Connection, status: int, body: bytes) -> None:
        request, due = self._under_way.pop(connection)
        self._latencies.append(time.perf_counter() - due)
        if status not in request.statuses or request.holds not in body:
            self._wrong[f"{request.kind}: {status} {body[:200].decode(errors='replace')}"[:300]] += 1
        self._idle.append(connection)
        self._look_for_end()

    def _lost(self, connection: Connection) -> None:
        if self._under_way.pop(connection, None) is not None:
            self._wrong["the connection was closed"] += 1
            self._look_for_end()
        elif connection in self._idle:
            self._idle.remove(connection)

    def _look_for_end(self) -> None:
        if self._sent_all and not self._under_way:
            self._over.set()

    def _report(self, at: float) -> None:
        """Print what the span that ends `at` seconds came to, and begin the next."""
        ordered, count = sorted(self._latencies), len(self._latencies)
        found = {
            "at": at,
            "count": count,
            "p50": ordered[count // 2] * 1000 if count else 0.0,
            "p99": ordered[min(count - 1, count * 99 // 100)] * 1000 if count else 0.0,
            "longest": ordered[-1] * 1000 if count else 0.0,
            "errors": self._wrong.total(),
            "first_error": next(iter(+self._wrong), ""),
        }
        print(orjson.dumps(found).decode(), flush=True)
        self._latencies, self._wrong = [], Counter()


async def paced(task: dict[str, Any]) -> None:
    lane = Lane(Population.load(Path(task["people"])), Wire(**task["wire"]), 0, 1, task["group"], random.Random(1))
    load = Paced(task["host"], task["port"])
    await load.run(lane, task["operation"], task["rate"], task["seconds"], task["every"])


if __name__ == "__main__":
    uvloop.run(paced(orjson.loads(sys.stdin.read())))
