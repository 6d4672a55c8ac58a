"""What runs leave behind: collected without making the SCIM listener wait.

A full garbage collection looks at all objects there are, with the whole process standing still: half a second, with a
large company in memory, several times in one run. What plans are made of has no cycles, so full collections may be
seldom. And when the last name for a million objects goes, all of them are freed in one step, unless somebody does it
little by little.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

SHARE = 400
"""The process stands still for full collections at most one part in so many of the time."""
_NEVER = 1_000_000_000
_STEP = 1_000


@contextmanager
def seldom_full_collections(clock: Callable[[], float] = perf_counter) -> Iterator[None]:
    """Meanwhile a full collection that took long is followed by none for `SHARE` times as long."""
    usual = gc.get_threshold()
    began = ends = clock()

    def collected(phase: str, info: dict[str, int]) -> None:
        nonlocal began, ends
        now = clock()
        if phase == "start":
            began = now
        elif info["generation"] == 2:
            ends = now + SHARE * (now - began)
            gc.set_threshold(usual[0], usual[1], _NEVER)
        elif info["generation"] == 1 and now >= ends:
            gc.set_threshold(*usual)

    gc.callbacks.append(collected)
    try:
        yield
    finally:
        gc.callbacks.remove(collected)
        gc.set_threshold(*usual)


def let_go(objects: list[Any]) -> None:
    """Empty a list that holds the last names for many objects, little by little; for use in a thread."""
    while objects:
        del objects[-_STEP:]
