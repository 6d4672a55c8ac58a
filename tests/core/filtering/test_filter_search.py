from collections.abc import Iterator
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert

from core.filtering import parse
from core.filtering.search import ENOUGH, STRIDE, Search
from core.store import tables
from core.store.exchanges import Listed

EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
LAST = 130_000
"""Ids go from 1 to here; each tenth is an error, each 40,000th is slow."""
ERRORS = parse("status:500", 0)
SLOW = parse("is:slow", 0)


def row(number: int) -> dict[str, object]:
    status, duration = 200 if number % 10 else 500, 5 if number % 40_000 else 2_000_000
    listed = Listed(number, "in", "entra", number, duration, "GET", "/", status, "", "", "", None, None, None)
    return asdict(listed)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    EXCHANGES.create(engine)
    with engine.connect() as connection:
        connection.execute(insert(EXCHANGES), [row(number) for number in range(1, LAST + 1)])
        yield connection


def back(connection: Connection, search: Search, oldest: int = 1) -> bool:
    step = search.back(oldest)
    if step is not None:
        search.take(step, search.look(connection, step))
    return step is not None


def ahead(connection: Connection, search: Search, newest: int = LAST, most: int = STRIDE) -> bool:
    step = search.ahead(newest, most)
    if step is not None:
        search.take(step, search.look(connection, step))
    return step is not None


def test_a_search_begins_empty_and_hungry(connection: Connection) -> None:
    search = Search(ERRORS, LAST)
    assert len(search) == 0
    assert search.is_hungry(1)
    assert (search.window(0, 5), search.window_ending(LAST, 5)) == ([], [])


def test_a_common_match_stops_after_enough(connection: Connection) -> None:
    search = Search(ERRORS, LAST)
    back(connection, search)
    assert len(search) == ENOUGH
    assert (search[-1], search[0], search.reached) == (LAST, LAST - (ENOUGH - 1) * 10, search[0])
    assert not search.is_hungry(1)


def test_a_rare_match_looks_at_one_stride_a_step_and_goes_on(connection: Connection) -> None:
    search = Search(SLOW, LAST)
    back(connection, search)
    assert (list(search), search.reached) == ([120_000], LAST + 1 - STRIDE)
    assert search.is_hungry(1)
    back(connection, search)
    back(connection, search)
    assert (list(search), search.reached) == ([40_000, 80_000, 120_000], 1)
    assert not search.is_hungry(1)
    assert not back(connection, search)


def test_asking_near_the_oldest_found_makes_it_hungry_again(connection: Connection) -> None:
    search = Search(ERRORS, LAST)
    back(connection, search)
    search.window_ending(LAST, 20)
    assert not search.is_hungry(1)
    search.window(search[10], 20)
    assert search.is_hungry(1)
    back(connection, search)
    assert len(search) == 2 * ENOUGH
    assert not search.is_hungry(1)


def test_wanting_all_goes_back_to_the_beginning(connection: Connection) -> None:
    search = Search(ERRORS, LAST)
    search.want_all()
    while search.is_hungry(1):
        back(connection, search)
    assert list(search) == list(range(10, LAST + 1, 10))


def test_a_search_begun_in_the_middle_goes_both_ways(connection: Connection) -> None:
    search = Search(SLOW, 60_000)
    back(connection, search)
    ahead(connection, search)
    assert list(search) == [40_000, 80_000]
    assert (search.reached, search.head) == (60_001 - STRIDE, 60_000 + STRIDE)
    while ahead(connection, search):
        pass
    assert (list(search), search.head) == ([40_000, 80_000, 120_000], LAST)


def test_new_exchanges_are_looked_at_in_small_steps(connection: Connection) -> None:
    search = Search(ERRORS, 1_000)
    ahead(connection, search, newest=1_250, most=100)
    assert (list(search), search.head) == (list(range(1_010, 1_101, 10)), 1_100)


def test_a_step_that_no_longer_borders_on_what_was_searched_is_let_go(connection: Connection) -> None:
    search = Search(SLOW, LAST)
    step = search.back(1)
    assert step is not None
    found = search.look(connection, step)
    search.take(step, found)
    search.take(step, found)
    assert list(search) == [120_000]


def test_what_the_log_no_longer_has_is_forgotten(connection: Connection) -> None:
    search = Search(SLOW, 60_000)
    back(connection, search)
    ahead(connection, search)
    search.forget_before(40_001)
    assert list(search) == [80_000]
    search.forget_before(90_000)
    assert list(search) == []


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(0, 300),
    turns=st.lists(st.booleans(), max_size=8),
    first=st.integers(-5, 400),
    height=st.integers(0, 30),
)
def test_windows_are_those_of_a_sorted_list(
    connection: Connection, start: int, turns: list[bool], first: int, height: int
) -> None:
    search = Search(ERRORS, start)
    for turn in turns:
        if turn:
            ahead(connection, search, newest=320, most=25)
        else:
            back(connection, search, oldest=max(1, search.reached - 25))
    ids = [number for number in range(10, 321, 10) if search.reached <= number <= search.head]
    assert list(search) == ids
    assert search.window(first, height) == [number for number in ids if number >= first][:height]
    assert search.window_ending(first, height) == (
        [number for number in ids if number <= first][-height:] if height else []
    )
    assert search.after(first) == sum(number > first for number in ids)
