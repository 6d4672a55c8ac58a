"""The simulated ends of a demonstration that is watched: they go on until they are stopped.

    python -m core.sandbox.demo.live FOLDER USERS SEED FAULTS METHOD

A process of its own, so that simulating never delays the console. It writes the configuration first, and begins once
the engine is there.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random
from typing import cast

import httpx

from core.sandbox.churn import churn
from core.sandbox.demo.products import demo_products
from core.sandbox.demo.workplace import GraphPlace, Method, Workplace, furnish, issue_token
from core.sandbox.directory import Directory, Event
from core.sandbox.entra import EntraClient, Pacing
from core.sandbox.faults import Faults, FaultyApp
from core.sandbox.graph import Graph, Settings
from core.sandbox.people import Person
from core.sandbox.serving import serve

PACE = Pacing(in_flight=4, per_second=12)
"""Slow enough to be followed by eye."""
BETWEEN_CYCLES = 8.0
"""Seconds; Entra's own interval is about 40 minutes."""
HAPPENINGS = 0.02
"""The share of people to whom something happens between two cycles."""
_LONG = 30 * 24 * 3600
"""Seconds that Graph's token is good for: a demonstration may be left open over a holiday."""


async def live(folder: Path, users: int, seed: int, faults: float, method: Method) -> None:
    """Let things happen for ever."""
    directory = Directory.seeded(users, seed)
    products = demo_products(directory, seed)
    graph = _graph(directory, seed) if method == "graph" else None
    async with AsyncExitStack() as stack:
        served = {
            await stack.enter_async_context(serve(FaultyApp(product.app, Faults.every(faults), seed))): product
            for product in products.all
        }
        place = GraphPlace(await stack.enter_async_context(serve(graph.app)), graph.issue_token()) if graph else None
        workplace = furnish(folder, served, place)
        token = issue_token(workplace)
        await _engine_is_there(workplace)
        happenings = _happenings(directory, Random(f"happenings {seed}"), products.leaver)
        await (
            _push(workplace, token, directory, happenings) if graph is None else _follow(graph, directory, happenings)
        )


def _graph(directory: Directory, seed: int) -> Graph:
    return Graph.of_company(directory, settings=Settings(token_seconds=_LONG), seed=seed)


async def _push(workplace: Workplace, token: str, directory: Directory, happenings: AsyncIterator[list[Event]]) -> None:
    async with EntraClient(workplace.scim_url, token, dialect="mixed", pacing=PACE) as entra:
        await entra.test_connection()
        await entra.initial_cycle(directory)
        async for events in happenings:
            await entra.incremental_cycle(directory, events)


async def _follow(graph: Graph, directory: Directory, happenings: AsyncIterator[list[Event]]) -> None:
    async for events in happenings:
        graph.follow(directory, events)


async def _happenings(directory: Directory, rng: Random, leaver: Person | None) -> AsyncIterator[list[Event]]:
    """What happens in the company between two cycles; the leaver goes first."""
    await asyncio.sleep(BETWEEN_CYCLES)
    if leaver is not None:
        yield [directory.disable(leaver.id)]
    while True:
        await asyncio.sleep(BETWEEN_CYCLES)
        yield churn(directory, rng, HAPPENINGS)


async def _engine_is_there(workplace: Workplace) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            with suppress(httpx.TransportError):
                await client.get(f"http://127.0.0.1:{workplace.port}/healthz")
                return
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    _folder, _users, _seed, _faults, _method = sys.argv[1:]
    with suppress(KeyboardInterrupt):
        asyncio.run(live(Path(_folder), int(_users), int(_seed), float(_faults), cast("Method", _method)))
