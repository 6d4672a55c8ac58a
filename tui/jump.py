"""Where in the log to go, as it is typed: the number of an exchange, a time, or how long ago."""

import re
from datetime import datetime, timedelta

from tui.times import DAY, HOUR, MINUTE, SECOND

HELP = "an exchange by its number: 4711; a time: 10:41, 10:41:07, 2026-08-24 10:41; how long ago: 15m, 2h, 3d"
LARGEST = 2**63 - 1
_AGO = re.compile(r"-?(?P<number>\d{1,6})(?P<unit>[smhd])")
_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
_CLOCKS = ("%H:%M", "%H:%M:%S")
_DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


def number_of(text: str) -> int | None:
    """The number of an exchange; `None` where a text is none."""
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= LARGEST else None


def time_of(text: str, now: int) -> int | None:
    """A time in milliseconds since 1970-01-01 UTC; `None` where a text is none. One without a date is the last such."""
    if ago := _AGO.fullmatch(text):
        return now - int(ago["number"]) * _UNITS[ago["unit"]]
    if (date := _read(text, _DATES)) is not None:
        return int(date.timestamp() * SECOND)
    if (clock := _read(text, _CLOCKS)) is None:
        return None
    today = datetime.fromtimestamp(now / SECOND)
    at = datetime.combine(today.date(), clock.time())
    if at > today:
        at -= timedelta(days=1)
    return int(at.timestamp() * SECOND)


def problem_of(text: str, now: int) -> str:
    """Why a text is no place in the log; empty where it is one."""
    if number_of(text) is not None or time_of(text, now) is not None:
        return ""
    return f'"{text}" is no number and no time' if text else "type a number or a time"


def _read(text: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            read = datetime.strptime(text, form)
            read.timestamp()  # years that the system cannot count from are none
        except (ValueError, OverflowError, OSError):
            continue
        return read
    return None
