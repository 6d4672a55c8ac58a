"""Rate, latency and failures of the last minute, each way, for the sparklines of a console.

The log is followed by id, as `core.store.traffic` does: a reading adds up what came since the one before, and never
more than `AT_MOST` rows. Durations are added up by their two leading digits, so that a percentile is right to a tenth
and a busy second takes no more memory than a quiet one.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from core.exchange import NO_FAILURE, Direction
from core.store import exchanges, tables

MINUTE = 60
"""Seconds that are kept."""
AT_MOST = 20_000
"""Exchanges that one reading adds up."""
_SHARE = 0.95
_DIGITS = 100
"""Codes of one power of ten."""
_POWERS = 8
"""Powers of ten of microseconds that are told apart: what takes a quarter of an hour or longer counts as that."""
_LONGEST = _POWERS * _DIGITS - 1

_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]


def _code(duration: ColumnElement[int]) -> ColumnElement[int]:
    """The two leading digits of a duration in microseconds, and in front of them its power of ten."""
    steps = [(duration < _DIGITS * 10**power, power * _DIGITS + duration // 10**power) for power in range(_POWERS)]
    return case(*steps, else_=_LONGEST)


_SECOND = (_EXCHANGES.c.at // 1000).label("second")
_CODE = _code(_EXCHANGES.c.duration).label("code")
_FAILED = or_(
    _EXCHANGES.c.status.is_(None),
    and_(_EXCHANGES.c.status >= 400, ~_EXCHANGES.c.outcome.in_(sorted(NO_FAILURE))),
)
_ADDED_UP = select(
    _EXCHANGES.c.direction, _SECOND, _CODE, func.count(), func.sum(case((_FAILED, 1), else_=0))
).group_by(_EXCHANGES.c.direction, "second", "code")


@dataclass(frozen=True, slots=True)
class Gauge:
    """What went one way in one stretch of time."""

    count: int = 0
    failed: int = 0
    """Those that had no answer, or one of 400 and above that was not what was asked for."""
    slowest: int | None = None
    """Microseconds that 95 of 100 took at most, to a tenth; `None` where there was none."""


@dataclass(slots=True)
class _Second:
    """What went one way in one second."""

    failed: int = 0
    codes: Counter[int] = field(default_factory=Counter)


class Gauges:
    """Follows the log of one store. Not thread-safe."""

    def __init__(self) -> None:
        self.seen = 0
        """The number of the last exchange that is added up."""
        self._seconds: dict[Direction, defaultdict[int, _Second]] = {
            "in": defaultdict(_Second),
            "out": defaultdict(_Second),
        }

    def read(self, connection: Connection, now: int) -> None:
        """Add up what came since the last reading, and forget what is older than a minute before `now`."""
        head = exchanges.newest(connection)
        after = max(self.seen, head - AT_MOST)
        new = _ADDED_UP.where(_EXCHANGES.c.id > after, _EXCHANGES.c.id <= head)
        for direction, second, code, count, failed in connection.execute(new) if head > after else ():
            kept = self._seconds[direction][second]
            kept.codes[code] += count
            kept.failed += failed
        self.seen = head
        for seconds in self._seconds.values():
            for second in [second for second in seconds if second < now // 1000 - MINUTE]:
                del seconds[second]

    def of(self, direction: Direction, first: int, last: int) -> Gauge:
        """What went this way from one second since 1970-01-01 UTC to another, both included."""
        seconds = self._seconds[direction]
        kept = [seconds[second] for second in range(first, last + 1) if second in seconds]
        codes = sum((second.codes for second in kept), Counter[int]())
        return Gauge(codes.total(), sum(second.failed for second in kept), _slowest(codes))


def _slowest(codes: Counter[int]) -> int | None:
    rest = math.ceil(codes.total() * _SHARE)
    for code in sorted(codes):  # a higher code is a longer duration
        rest -= codes[code]
        if rest <= 0:
            return int(code % _DIGITS * 10 ** (code // _DIGITS))
    return None
