"""Searching a list for words: step by step, both ways, and gapless."""

from sqlalchemy import Connection

from core.store import Store
from tui.word_search import STRIDE, Ends, WordSearch


class Looked:
    """Finds every thousandth id, and remembers what was looked at."""

    def __init__(self) -> None:
        self.ranges: list[tuple[int, int]] = []

    def __call__(self, connection: Connection, first: int, last: int) -> list[int]:
        self.ranges.append((first, last))
        return [number for number in range(first, last + 1) if number % 1000 == 0]


def ends(oldest: int, newest: int) -> Ends:
    return lambda connection: (oldest, newest)


async def test_it_looks_at_each_row_once_in_steps_the_newer_ones_first(store: Store) -> None:
    looked = Looked()
    search = WordSearch("x", looked, ends(1, 12_345), 6000)
    while await search.advance(store):
        assert looked.ranges[-1][1] - looked.ranges[-1][0] < STRIDE
    assert looked.ranges == [(6001, 11_000), (11_001, 12_345), (1001, 6000), (1, 1000)]
    assert (len(search), search.first, search.last) == (12, 1000, 12_000)
    assert search.looked_at() == 12_345


async def test_what_is_found_is_read_in_windows(store: Store) -> None:
    search = WordSearch("x", Looked(), ends(1, 9000), 0)
    assert (search.first, search.last, list(search.window(1, 5))) == (0, 0, [])
    while await search.advance(store):
        pass
    assert list(search.window(2500, 2)) == [3000, 4000]
    assert list(search.window_ending(4000, 2)) == [3000, 4000]
    assert list(search.window_ending(999, 2)) == []


async def test_what_comes_later_is_looked_at_later(store: Store) -> None:
    last = 999
    search = WordSearch("x", Looked(), lambda connection: (1, last), 0)
    assert await search.advance(store)
    assert not await search.advance(store)
    last = 1000
    assert await search.advance(store)
    assert list(search.window(0, 9)) == [1000]


async def test_an_empty_list_has_nothing_to_look_at(store: Store) -> None:
    assert not await WordSearch("x", Looked(), ends(0, 0), 0).advance(store)
