from dataclasses import replace

from core.exchange import Exchange
from core.filtering import parse
from core.store import Store, retention
from tui.request_search import RequestSearch
from tui.request_source import CATCH_UP, Matches, RequestLog

PLAIN = Exchange("in", "entra", 1_000, 12_000, "PATCH", "/Users/42", 200, "ada", "ok")


def log(store: Store, number: int) -> None:
    """So many exchanges; every hundredth is refused, and every thousandth fails."""

    def write(tx: object) -> None:
        for n in range(1, number + 1):
            status = 500 if n % 1_000 == 0 else 404 if n % 100 == 0 else 200
            tx.log(replace(PLAIN, at=n, status=status))  # type: ignore[attr-defined]

    store.writer.write_now(write)


def searching(store: Store, text: str, start: int) -> tuple[RequestSearch, Matches]:
    source = RequestLog(store)
    source.head()
    search = RequestSearch(source)
    return search, search.begin(text, parse(text, 0), start)


async def test_it_goes_on_until_enough_is_found_or_the_log_ends(store: Store) -> None:
    log(store, 3_000)
    search, matches = searching(store, "status:500", 3_000)
    assert search.is_searching
    assert not search.is_complete
    while await search.advance():
        pass
    assert list(matches.search) == [1_000, 2_000, 3_000]
    assert search.is_complete
    assert search.reached_at == 1


async def test_it_says_how_far_back_it_got(store: Store) -> None:
    log(store, 3_000)
    search, matches = searching(store, "method:patch", 3_000)
    await search.advance()
    assert not search.is_searching
    assert not search.is_complete
    assert search.reached_at == matches.search.reached == 2_001


async def test_it_covers_an_exchange_far_from_where_it_began(store: Store) -> None:
    log(store, 3_000)
    search, matches = searching(store, "method:patch", 3_000)
    await search.cover(500)
    assert matches.search.reached <= 500
    search, matches = searching(store, "status:500", 100)
    await search.cover(2_500)
    assert list(matches.search) == [1_000, 2_000, 3_000]


async def test_a_filter_that_is_off_does_not_search(store: Store) -> None:
    log(store, 100)
    search, _ = searching(store, "status:404", 100)
    search.is_on = False
    assert not search.is_searching
    assert not await search.advance()


async def test_another_filter_ends_what_the_one_before_looked_for(store: Store) -> None:
    log(store, 3_000)
    search, matches = searching(store, "method:patch", 3_000)
    search.clear()
    await search.cover(1)
    assert len(matches.search) == 0
    assert (search.text, search.is_on, search.matches) == ("", False, None)


async def test_errors_are_found_on_either_side_and_within_the_filter(store: Store) -> None:
    log(store, 3_000)
    source = RequestLog(store)
    source.head()
    search = RequestSearch(source)
    assert await search.find_error(150, forward=True) == 200
    assert await search.find_error(150, forward=False) == 100
    assert await search.find_error(100, forward=False) is None
    assert await search.find_error(3_000, forward=True) is None
    search.begin("-status:4xx", parse("-status:4xx", 0), 3_000)
    assert await search.find_error(150, forward=True) == 1_000
    search.is_on = False
    assert await search.find_error(150, forward=True) == 200


async def test_new_exchanges_are_looked_at_in_ticks_and_many_of_them_in_steps(store: Store) -> None:
    log(store, 1_000)
    search, matches = searching(store, "status:500", 1_000)
    await search.advance()
    log(store, 1_000)
    assert matches.head() == 2_000
    log(store, CATCH_UP + 1)
    matches.head()
    log(store, CATCH_UP + 2)
    search.matches = matches
    matches._log.head()
    assert search.is_searching
    await search.advance()
    assert matches.search.head == 2_000 + CATCH_UP + 1 + CATCH_UP + 2


def test_the_oldest_match_moves_when_the_log_is_cut(store: Store) -> None:
    log(store, 300)
    search, matches = searching(store, "status:404", 300)
    step = matches.search.back(1)
    assert step is not None
    with store.read() as connection:
        matches.search.take(step, matches.search.look(connection, step))
    assert matches.tail() == 100
    store.writer.write_now(lambda tx: retention.delete_up_to(tx, 150))
    matches._log.refresh_tail()
    assert matches.tail() == 200
    assert search.is_complete
