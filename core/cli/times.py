"""Times as commands show them: local time with its zone to people, ISO 8601 in UTC to scripts."""

from datetime import UTC, datetime

_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))


def local(milliseconds: int) -> str:
    """`2026-11-25 14:03:07 CET`, of milliseconds since 1970-01-01 UTC."""
    return _moment(milliseconds).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def clock(milliseconds: int) -> str:
    """`14:03:07`, local time, where there is no room for the date."""
    return _moment(milliseconds).astimezone().strftime("%H:%M:%S")


def local_or_dash(milliseconds: int | None) -> str:
    """The same; `-` where there is none."""
    return "-" if milliseconds is None else local(milliseconds)


def iso(milliseconds: int) -> str:
    """`2026-11-25T13:03:07.123Z`, of milliseconds since 1970-01-01 UTC."""
    return _moment(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(milliseconds: int | None) -> str | None:
    """The same; `None` where there is none."""
    return None if milliseconds is None else iso(milliseconds)


def span(milliseconds: int) -> str:
    """How long, in the largest unit that it fills: `3 d`, `2 h`, `5 min`, `12 s`, `40 ms`."""
    for size, unit in _UNITS:
        if milliseconds >= size:
            return f"{milliseconds // size} {unit}"
    return f"{max(milliseconds, 0)} ms"


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
