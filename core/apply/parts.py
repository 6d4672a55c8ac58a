"""Many rows in several writes: each part is one write, so that no SCIM write waits long behind it.

Within the engine's process its writer takes turns. Beside it, from a command or a console, SQLite gives none: whoever
writes again at once may keep the engine waiting. So there parts are smaller, with a pause between two.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from core.store import Store, Transaction

T = TypeVar("T")
PART = 100
PART_BESIDE, PAUSE = 50, 0.01
"""Rows in one write from beside the engine, and seconds between two."""


async def write_parts(
    store: Store, items: Sequence[T], write: Callable[[Transaction, int, Sequence[T]], object]
) -> None:
    """Call `write` with the position of each part's first item, and the part. An error leaves the parts before it."""
    for start in range(0, len(items), PART):
        part = items[start : start + PART]
        await store.writer.write(_write(write, start, part))


async def write_beside(store: Store, items: Sequence[T], write: Callable[[Transaction, Sequence[T]], object]) -> None:
    """The same from a process beside the engine's, whose event loop goes on."""
    for pause, part_of in _beside(items, write):
        await asyncio.sleep(pause)
        await store.writer.write(part_of)


def write_beside_now(store: Store, items: Sequence[T], write: Callable[[Transaction, Sequence[T]], object]) -> None:
    """The same where there is no event loop."""
    for pause, part_of in _beside(items, write):
        time.sleep(pause)
        store.writer.write_now(part_of)


def _beside(
    items: Sequence[T], write: Callable[[Transaction, Sequence[T]], object]
) -> Iterator[tuple[float, Callable[[Transaction], object]]]:
    """The writes, each with the pause before it."""
    for start in range(0, len(items), PART_BESIDE):
        yield PAUSE if start else 0.0, _write_some(write, items[start : start + PART_BESIDE])


def _write(
    write: Callable[[Transaction, int, Sequence[T]], object], start: int, part: Sequence[T]
) -> Callable[[Transaction], object]:
    return lambda tx: write(tx, start, part)


def _write_some(
    write: Callable[[Transaction, Sequence[T]], object], part: Sequence[T]
) -> Callable[[Transaction], object]:
    return lambda tx: write(tx, part)
