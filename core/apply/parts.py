"""Many rows in several writes: each part is one write, so that no SCIM write waits long behind it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from core.store import Store, Transaction

T = TypeVar("T")
PART = 100


async def write_parts(
    store: Store, items: Sequence[T], write: Callable[[Transaction, int, Sequence[T]], object]
) -> None:
    """Call `write` with the position of each part's first item, and the part. An error leaves the parts before it."""
    for start in range(0, len(items), PART):
        part = items[start : start + PART]
        await store.writer.write(_write(write, start, part))


def _write(
    write: Callable[[Transaction, int, Sequence[T]], object], start: int, part: Sequence[T]
) -> Callable[[Transaction], object]:
    return lambda tx: write(tx, start, part)
