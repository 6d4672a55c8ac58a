"""Waiting until an engine has nothing left to do, by looking at its store as a console would."""

import asyncio
import time

from core.sandbox.demo.workplace import DemoFailed
from core.store import Store, pending, runs

_STUCK_SECONDS = 180.0


async def settled(store: Store, stuck_after: float = _STUCK_SECONDS) -> None:
    """Return once no key is pending and no run is under way.

    :raises DemoFailed: when nothing has moved for `stuck_after` seconds.
    """
    seen, since = None, time.monotonic()
    with store.watch() as watch:
        while (now := _state(store)) is not None:
            if now != seen:
                seen, since = now, time.monotonic()
            elif time.monotonic() - since > stuck_after:
                raise DemoFailed(f"the engine has {now[0]} keys left, and has not moved for {stuck_after:.0f} s")
            await watch.wait(1.0)
            await asyncio.sleep(0.05)


def _state(store: Store) -> tuple[int, int, int] | None:
    """Keys left, and how far the latest run is; `None` where there is nothing to do."""
    with store.read() as connection:
        left = sum(backlog.keys for backlog in pending.backlogs(connection))
        under_way = runs.in_states(connection, runs.UNDER_WAY)
        latest = runs.newest(connection, 1)
    if not left and not under_way:
        return None
    return left, latest[0].id if latest else 0, latest[0].done + latest[0].read if latest else 0
