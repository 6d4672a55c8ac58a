"""Exchanges per second over the last minute, for the sparklines of a console.

The log is followed by id: each reading adds up only what came since the one before, and never more than `AT_MOST`
rows, so its cost does not grow with the log. A console that has just been opened on a very busy store therefore knows
the last seconds at once and the whole minute a little later.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, or_, select

from core.exchange import NO_FAILURE, Direction
from core.store import exchanges, tables

MINUTE = 60
"""Seconds that are kept."""
AT_MOST = 20_000
"""Exchanges that one reading adds up."""

_EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
_SECOND = (_EXCHANGES.c.at // 1000).label("second")
_EXPECTED = _EXCHANGES.c.outcome.in_(sorted(NO_FAILURE))
_FAILED = or_(_EXCHANGES.c.status.is_(None), and_(_EXCHANGES.c.status >= 400, ~_EXPECTED))
_PER_SECOND = select(
    _EXCHANGES.c.direction,
    _EXCHANGES.c.party,
    _SECOND,
    func.count(),
    func.sum(case((_FAILED, 1), else_=0)),
    func.max(_EXCHANGES.c.at),
).group_by(_EXCHANGES.c.direction, _EXCHANGES.c.party, "second")


@dataclass(frozen=True, slots=True)
class Flow:
    """What one party sent or was sent in the last minute."""

    counts: tuple[int, ...] = (0,) * MINUTE
    """Exchanges in each second, oldest first; the last is the last whole second."""
    failed: int = 0
    """Exchanges of the minute that had no answer, or one of 400 and above other than 404 (nothing was found)."""
    last_at: int | None = None
    """When the latest exchange began, in milliseconds since 1970-01-01 UTC; `None` where none was read."""
    end: int = 0
    """The second after the last of `counts`, since 1970-01-01 UTC."""


class Traffic:
    """Follows the log of one store. Not thread-safe."""

    def __init__(self) -> None:
        self._seen = 0
        self._counts: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self._failed: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self._last: dict[tuple[str, str], int] = {}

    def read(self, connection: Connection, now: int) -> None:
        """Add up what came since the last reading, and forget what is older than a minute before `now`."""
        head = exchanges.newest(connection)
        after = max(self._seen, head - AT_MOST)
        new = _PER_SECOND.where(_EXCHANGES.c.id > after, _EXCHANGES.c.id <= head)
        for direction, party, second, count, failed, last in connection.execute(new) if head > after else ():
            key = (direction, party)
            self._counts[key][second] += count
            self._failed[key][second] += failed
            self._last[key] = max(last, self._last.get(key, 0))
        self._seen = head
        self._forget(now // 1000 - MINUTE)

    def of(self, direction: Direction, party: str, now: int) -> Flow:
        """The flow of one party, in the minute before `now`."""
        key, end = (direction, party), now // 1000
        counts, failed = self._counts[key], self._failed[key]
        seconds = range(end - MINUTE, end)
        return Flow(
            tuple(counts[second] for second in seconds),
            sum(failed[second] for second in seconds),
            self._last.get(key),
            end,
        )

    def _forget(self, oldest: int) -> None:
        for by_second in (*self._counts.values(), *self._failed.values()):
            for second in [second for second in by_second if second < oldest]:
                del by_second[second]
