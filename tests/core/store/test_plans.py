"""What SQLite does to answer the queries that a console or the engine repeats: it searches, and never walks a table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from core.filtering import parse
from core.store import Store, Transaction, audit, exchanges, orders, pending, tokens

QUERIES: dict[str, Callable[[Connection], object]] = {
    "the newest exchange": exchanges.newest,
    "a window of exchanges": lambda c: exchanges.window(c, 50, 20, 20),
    "the oldest exchange": exchanges.oldest,
    "exchanges by their ids": lambda c: exchanges.listed(c, [5, 7]),
    "one exchange": lambda c: exchanges.opened(c, 5),
    "what an exchange caused": lambda c: exchanges.caused_by(c, 5, 20),
    "the exchanges of a change": lambda c: exchanges.of_change(c, 5, 20),
    "a claim": lambda c: pending.claim(c, "wiki", 10, 20),
    "finding a token": lambda c: tokens.find(c, "entra", "mcp_x", 10),
    "the tokens of a provider": lambda c: tokens.listing(c, "entra"),
    "an order": lambda c: orders.order(c, 1),
}


FILTERS = (
    *("", "status:404", "status:4xx", "status:404|500|none", "is:error", "-is:error", "is:slow|write", "ada", "-ada"),
    *("dir:in party:entra", "method:patch|put", "since:10m", "id:5..9", "run:2", "change:3|4", "cause:7", "took:<1s"),
)


@contextmanager
def statements(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """The statements executed on `connection` meanwhile, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool) -> None:
        seen.append((statement, parameters[0] if many else parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


def plans(connection: Connection, seen: list[tuple[str, Any]]) -> list[str]:
    """The steps of every SELECT, UPDATE and DELETE among `seen`, as SQLite plans them."""
    explained = [
        connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        for statement, parameters in seen
        if statement.startswith(("SELECT", "UPDATE", "DELETE"))
    ]
    return [row.detail for rows in explained for row in rows]


def walks(steps: list[str]) -> list[str]:
    return [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_a_repeated_query_searches_an_index(store: Store, query: Callable[[Connection], object]) -> None:
    with store.read() as connection:
        with statements(connection) as seen:
            query(connection)
        steps = plans(connection, seen)
    assert steps
    assert walks(steps) == []


@pytest.mark.parametrize("text", FILTERS)
@pytest.mark.parametrize("newest", [True, False], ids=["from the newest", "from the oldest"])
def test_a_filter_walks_no_more_than_the_range_it_is_given(store: Store, text: str, newest: bool) -> None:
    condition = parse(text, now=10).sql()
    with store.read() as connection:
        with statements(connection) as seen:
            exchanges.matching(connection, condition, 50, 90, 20, newest=newest)
        (step,) = plans(connection, seen)
    assert step.startswith("SEARCH exchanges USING ")
    assert "rowid>? AND rowid<?" in step or "id>? AND id<?" in step


def test_taking_an_order_failing_and_clearing_keys_search_an_index(store: Store) -> None:
    key = pending.Key("wiki", "user", "a", 1, 1, 0, None)

    def write(tx: Transaction) -> list[str]:
        with statements(tx.connection) as seen:
            orders.give(tx, "sync", "wiki", "ada")
            orders.take(tx)
            pending.fail(tx, key, "503")
            pending.clear(tx, [key, key])
        return plans(tx.connection, seen)

    steps = store.writer.write_now(write)
    assert len(steps) == 5  # find, take and read the order; fail; clear
    assert walks(steps) == []


def test_the_audit_trail_is_read_from_its_end(store: Store) -> None:
    with store.read() as connection, statements(connection) as seen:
        audit.newest(connection, 5)
        steps = plans(connection, list(seen))
    assert steps == ["SCAN audit"]  # by descending id and limited: no sorting


def test_the_check_itself_notices_a_walk(store: Store) -> None:
    with store.read() as connection:
        assert walks(plans(connection, [("SELECT * FROM exchanges WHERE subject = 'a'", ())]))
        assert walks(plans(connection, [("SELECT * FROM exchanges ORDER BY subject", ())]))
