"""Long computations in a thread, beside the listener: they give way often while they run.

CPython lets one thread compute for 5 ms while others wait, and a SCIM write waits at each of its statements: beside a
plan of 20,000 users it would take 50 ms. So threads change more often then; at all times that would cost throughput.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
GIVING_WAY_SECONDS = 0.0001
"""How long a thread computes while others wait, during a computation."""


async def computed(compute: Callable[..., T], *arguments: Any) -> T:
    """What `compute` returns; it runs in a thread."""
    with _giving_way():
        return await asyncio.to_thread(compute, *arguments)


_usual = sys.getswitchinterval()
_running: set[object] = set()


@contextmanager
def _giving_way() -> Iterator[None]:
    """Only the event loop's thread comes here, so nothing else changes the set meanwhile."""
    this = object()
    _running.add(this)
    sys.setswitchinterval(GIVING_WAY_SECONDS)
    try:
        yield
    finally:
        _running.discard(this)
        if not _running:
            sys.setswitchinterval(_usual)
