"""Where in the log a time is, found by halving: ids rise as requests end, so their beginnings rise nearly as much."""

from sqlalchemy import Connection

from core.store import exchanges

_NEAR = 200
"""Exchanges around the place that are looked at one by one: a request that took long is logged after later ones."""


def first_since(connection: Connection, at: int) -> int | None:
    """The first exchange that began at `at` or later, in milliseconds since 1970-01-01 UTC; `None` where none did.

    Reads a few dozen rows, however long the log is.
    """
    low, high = exchanges.oldest(connection), exchanges.newest(connection) + 1
    while low < high:
        middle = (low + high) // 2
        found = exchanges.window(connection, middle, 0, 1)
        if found and found[0].at < at:
            low = found[0].id + 1
        else:
            high = middle
    near = exchanges.window(connection, low, _NEAR, _NEAR)
    return next((row.id for row in near if row.at >= at), None)
