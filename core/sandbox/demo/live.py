"""The two simulated ends of a demonstration that is watched: they go on until they are stopped.

    python -m core.sandbox.demo.live FOLDER USERS SEED FAULTS

A process of its own, so that simulating never delays the console. It writes the configuration first, and pushes once
the engine is there.
"""

import asyncio
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random

import httpx

from core.sandbox.churn import churn
from core.sandbox.demo.products import demo_products
from core.sandbox.demo.workplace import Workplace, furnish, issue_token
from core.sandbox.directory import Directory
from core.sandbox.entra import EntraClient, Pacing
from core.sandbox.faults import Faults, FaultyApp
from core.sandbox.serving import serve

PACE = Pacing(in_flight=4, per_second=12)
"""Slow enough to be followed by eye."""
BETWEEN_CYCLES = 8.0
"""Seconds; Entra's own interval is about 40 minutes."""
HAPPENINGS = 0.02
"""The share of people to whom something happens between two cycles."""


async def live(folder: Path, users: int, seed: int, faults: float) -> None:
    """Push for ever."""
    directory = Directory.seeded(users, seed)
    products = demo_products(directory, seed)
    async with AsyncExitStack() as stack:
        served = {
            await stack.enter_async_context(serve(FaultyApp(product.app, Faults.every(faults), seed))): product
            for product in products.all
        }
        workplace = furnish(folder, served)
        token = issue_token(workplace)
        await _engine_is_there(workplace)
        async with EntraClient(workplace.scim_url, token, dialect="mixed", pacing=PACE) as entra:
            await entra.test_connection()
            await entra.initial_cycle(directory)
            if products.leaver is not None:
                await asyncio.sleep(BETWEEN_CYCLES)
                await entra.incremental_cycle(directory, [directory.disable(products.leaver.id)])
            await _go_on(entra, directory, Random(f"happenings {seed}"))


async def _go_on(entra: EntraClient, directory: Directory, rng: Random) -> None:
    while True:
        await asyncio.sleep(BETWEEN_CYCLES)
        await entra.incremental_cycle(directory, churn(directory, rng, HAPPENINGS))


async def _engine_is_there(workplace: Workplace) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        while True:
            with suppress(httpx.TransportError):
                await client.get(f"http://127.0.0.1:{workplace.port}/healthz")
                return
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    _folder, _users, _seed, _faults = sys.argv[1:]
    with suppress(KeyboardInterrupt):
        asyncio.run(live(Path(_folder), int(_users), int(_seed), float(_faults)))
