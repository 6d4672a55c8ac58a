"""Stores to show: a log of any length, and somebody who writes to it at a steady pace."""

import time

from sqlalchemy import insert

from core.exchange import Exchange
from core.store import Store, Transaction, identities, tables

BATCHES = 50
"""Commits per second of the writer."""


LONG_AGO = 600_000
"""Milliseconds: what is as old is in no rate and in no bar any more."""


def exchange(number: int, age: int = 0) -> Exchange:
    """One of several kinds, that began so many milliseconds ago."""
    status, outcome = (409, "uniqueness") if number % 50 == 0 else (200, "ok")
    at = time.time_ns() // 1_000_000 - age
    path = f"/Users/2819c223-{number:08}"
    return Exchange(
        "in", "entra", at, 4_000 + number % 9_000, "PATCH", path, status, f"user{number}@example.com", outcome
    )


def seed(url: str, rows: int, users: int) -> None:
    """A store with so many exchanges and users."""
    table = tables.Exchange.metadata.tables["exchanges"]
    columns = [column.name for column in table.c if hasattr(exchange(0), column.name)]

    def hire(tx: Transaction) -> None:
        for number in range(users):
            document = {"userName": f"user{number}", "displayName": f"User {number}", "active": True}
            identities.create(tx, "entra", "User", document, None)

    with Store.open(url) as store:
        store.writer.write_now(hire)
        for start in range(0, rows, 20_000):
            made = [exchange(number, LONG_AGO) for number in range(start, min(rows, start + 20_000))]
            values = [{column: getattr(one, column) for column in columns} for one in made]
            store.writer.write_now(lambda tx, values=values: tx.execute(insert(table), values))


def write(url: str, rate: int, seconds: float) -> None:
    """Log `rate` exchanges a second."""
    with Store.open(url) as store:
        started, number = time.perf_counter(), 0
        while (passed := time.perf_counter() - started) < seconds:
            due = range(number, int(passed * rate))
            store.writer.write_now(lambda tx, due=due: [tx.log(exchange(one)) for one in due])
            number = due.stop
            time.sleep(1 / BATCHES)
