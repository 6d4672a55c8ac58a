"""Writing what a filter shows into a HAR file: the newest that match, read in parts, however long the log is."""

from collections.abc import Iterator
from pathlib import Path

from core.config.settings import Settings
from core.exchange import Exchange
from core.filtering import Condition
from core.filtering.search import STRIDE
from core.har import har
from core.store import Store, exchanges
from core.whole_file import write_whole

AT_MOST = 10_000
"""Exchanges of one file: what reads such files reads them whole."""
_TOGETHER = 100
"""Exchanges that are read at a time."""


def export(store: Store, settings: Settings, condition: Condition, path: Path, limit: int, *, replace: bool) -> int:
    """Write the newest `limit` exchanges that match, oldest first; returns how many, and writes no file for none.

    :raises FileExistsError: when there is a file already and it may not be replaced.
    :raises OSError: when it cannot be written.
    :raises StoreError: when the store cannot be read.
    """
    if path.exists() and not replace:
        raise FileExistsError(f"{path} is there already")
    numbers = _matching(store, condition, limit)
    if numbers:
        write_whole(path, har(_opened(store, numbers), settings), replace=replace)
    return len(numbers)


def _matching(store: Store, condition: Condition, limit: int) -> list[int]:
    """Ascending; each step reads by itself, so that it holds up no checkpoint of the database."""
    sql, found = condition.sql(), list[int]()
    with store.read() as connection:
        last, oldest = exchanges.newest(connection), exchanges.oldest(connection)
    while last and last >= oldest and len(found) < limit:
        with store.read() as connection:
            first = max(oldest, last - STRIDE)
            found += exchanges.matching(connection, sql, first, last, limit - len(found))
        last = first - 1
    return found[::-1]


def _opened(store: Store, numbers: list[int]) -> Iterator[tuple[int, Exchange]]:
    for start in range(0, len(numbers), _TOGETHER):
        part = numbers[start : start + _TOGETHER]
        with store.read() as connection:
            opened = [(number, exchanges.opened(connection, number)) for number in part]
        yield from ((number, exchange) for number, exchange in opened if exchange is not None)
