"""A reconciler at work, and orders for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from core.apply.reconciler import Reconciler
from core.apply.site import Site
from core.store import Store, orders
from core.store.orders import Order

NOW = 1_000_000_000_000


@asynccontextmanager
async def working(site: Site, now: int = NOW) -> AsyncIterator[Reconciler]:
    """A reconciler at work, drained in the end."""
    it = Reconciler(site, clock=lambda: now)
    task = asyncio.create_task(it.work())
    try:
        yield it
    finally:
        it.drain()
        async with asyncio.timeout(20):
            await task


async def until(store: Store, is_so: Callable[[], bool]) -> None:
    """Wait for the store to say so."""
    async with asyncio.timeout(20):
        with store.watch() as watch:
            while not is_so():
                await watch.wait()


def given(store: Store, kind: orders.Kind, subject: str) -> Order:
    """An order as the dispatcher has taken it."""
    store.writer.write_now(lambda tx: orders.give(tx, kind, subject, "ada@console"))
    order = store.writer.write_now(orders.take)
    assert order is not None
    return order


def answered(store: Store, order: Order) -> Order:
    with store.read() as connection:
        found = orders.order(connection, order.id)
    assert found is not None
    return found


def is_answered(store: Store, order: Order) -> Callable[[], bool]:
    return lambda: answered(store, order).state != "taken"
