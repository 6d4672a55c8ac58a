"""The load that Graph lets a client put on it: resource units of the directory, requests of the reports.

Source: Microsoft Graph service-specific throttling limits, identity and access. An application may use so many units
of a tenant in ten seconds, by the size of the tenant; reports take five requests in ten seconds. What is refused
counts against the limit again, so a client that does not wait stays out.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from core.sandbox.graph.contents import Clock
from core.sandbox.graph.errors import Refusal

WINDOW_SECONDS = 10
REPORTS_PER_WINDOW = 5
_TOLD_FROM = 0.8
_MOST_TOLD = 1.8


def units_for(users: int) -> int:
    """The units per ten seconds that a tenant of that many users allows."""
    if users < 50:
        return 3500
    return 5000 if users <= 500 else 8000


def cost(base: int, query: Mapping[str, str]) -> int:
    """The units of one request: `$select` makes it cheaper, `$expand` dearer, few rows cheaper, none is free."""
    few = query.get("$top", "").isdigit() and int(query["$top"]) < 20
    return max(1, base - ("$select" in query) + ("$expand" in query) - few)


@dataclass(frozen=True, slots=True)
class Forced:
    """Throttling on order, whatever the load is."""

    requests: int
    retry_after: int | None
    """Seconds; None leaves the header out."""


class Throttle:
    """Counts what was used in the last ten seconds, of the directory and of the reports."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: dict[str, deque[tuple[float, int]]] = {}
        self._sums: dict[str, int] = {}
        self.units = 0
        """All units charged so far."""
        self.refused = 0
        """How many requests got 429."""
        self.forced = Forced(0, None)

    def charge(self, scope: str, units: int, limit: int, details: Mapping[str, str]) -> float:
        """Charge a request and answer which share of the limit is used now.

        `scope` separates what is counted; `details` are headers of the refusal.

        :raises Refusal: 429 when more than the limit is used.
        """
        self.units += units
        if self.forced.requests:
            self.forced = Forced(self.forced.requests - 1, self.forced.retry_after)
            raise self._too_many(self.forced.retry_after, details)
        now = self._clock()
        used = self._used.setdefault(scope, deque())
        while used and used[0][0] <= now - WINDOW_SECONDS:
            self._sums[scope] -= used.popleft()[1]
        used.append((now, units))
        self._sums[scope] = self._sums.get(scope, 0) + units
        share = self._sums[scope] / limit
        if share > 1:
            raise self._too_many(max(1, ceil(self._free_at(scope, limit - units) - now)), details)
        return share

    def _free_at(self, scope: str, room: int) -> float:
        """When enough of what was used lies outside the window again."""
        left = self._sums[scope]
        for moment, units in self._used[scope]:
            left -= units
            if left <= room:
                return moment + WINDOW_SECONDS
        return self._clock() + WINDOW_SECONDS

    def _too_many(self, retry_after: int | None, details: Mapping[str, str]) -> Refusal:
        self.refused += 1
        headers = dict(details) if retry_after is None else {**details, "Retry-After": str(retry_after)}
        return Refusal(429, "TooManyRequests", "Please retry again later.", headers)


def share_told(share: float) -> dict[str, str]:
    """The header that warns of the limit, from four fifths of it on."""
    return {"x-ms-throttle-limit-percentage": f"{min(share, _MOST_TOLD):.1f}"} if share > _TOLD_FROM else {}
