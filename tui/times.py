"""Times as an admin reads them: coarse spans that change seldom, and clock times of the local zone.

A span has one unit only, so that a line with an age in it is drawn again once a minute, and later once an hour.
"""

from datetime import datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""Milliseconds."""


def span(milliseconds: int) -> str:
    """How long: `12 s`, `3 min`, `5 h`, `4 d`. Two days are still told in hours; a negative span is none."""
    length = max(0, milliseconds)
    for unit, name, largest in ((SECOND, "s", MINUTE), (MINUTE, "min", HOUR), (HOUR, "h", 2 * DAY)):
        if length < largest:
            return f"{length // unit} {name}"
    return f"{length // DAY} d"


def ago(at: int, now: int) -> str:
    """How long ago, both in milliseconds since 1970-01-01 UTC."""
    return f"{span(now - at)} ago"


def clock_time(at: int) -> str:
    """`10:41:07`, in the local zone."""
    return f"{datetime.fromtimestamp(at / SECOND):%H:%M:%S}"


def short_moment(at: int, now: int) -> str:
    """The time of day, or where it was not today the date and the minute: 11 columns at most."""
    day, today = (datetime.fromtimestamp(time / SECOND) for time in (at, now))
    return clock_time(at) if day.date() == today.date() else f"{day:%m-%d %H:%M}"


def moment(at: int, now: int) -> str:
    """The time of day, and before it the date where it was not today."""
    day, today = (datetime.fromtimestamp(time / SECOND).date() for time in (at, now))
    return clock_time(at) if day == today else f"{day:%Y-%m-%d} {clock_time(at)}"
