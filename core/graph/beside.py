"""Entra's provisioning log beside our own: what both saw, what only one did, and where they do not agree.

Entra writes a row when a change is over, so a request belongs to the row of the same user or group that is nearest in
time. One row may stand for several requests: a group's members come in parts. Pure: the same logs give the same pairs.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.graph.provisioning_log import LogRow
from core.store.scim_writes import ScimWrite

NEAR = 120_000
"""Milliseconds between a request and the row that it belongs to, at most."""
LAG = 900_000
"""Milliseconds that Entra's log may be behind."""
Key = tuple[str, str]
"""Kind, and an id or a name."""
Verdict = Literal["agree", "differ", "entra only", "here only", "awaited"]


@dataclass(frozen=True, slots=True)
class Beside:
    """One change: Entra's row of it, our requests, or both."""

    verdict: Verdict
    row: LogRow | None
    writes: tuple[ScimWrite, ...]
    says: str
    """What it means, and what to do about it; empty where both agree."""

    @property
    def at(self) -> int:
        """When it was."""
        return self.row.at if self.row is not None else self.writes[0].at

    @property
    def name(self) -> str:
        """Whom it is about."""
        return self.row.name if self.row is not None else self.writes[0].subject or self.writes[0].resource


def lay_beside(rows: Sequence[LogRow], writes: Sequence[ScimWrite], now: int) -> list[Beside]:
    """Each row with its requests, each request without a row by itself; in the order of time."""
    exports = sorted((row for row in rows if row.is_export), key=lambda row: row.at)
    of_row: defaultdict[int, list[ScimWrite]] = defaultdict(list)
    open_ones = _Open(writes)
    # One request for each row first: Entra's times are whole seconds, and rows of one user stand close together.
    for place, row in enumerate(exports):
        if (write := open_ones.take_nearest(row)) is not None:
            of_row[place].append(write)
    alone: list[ScimWrite] = []
    rows_of = _by_key(exports)
    for write in open_ones.left():
        nearest = _nearest_row(write, exports, rows_of)
        (alone if nearest is None else of_row[nearest]).append(write)
    pairs = [_of_row(row, tuple(sorted(of_row[place], key=lambda w: w.at))) for place, row in enumerate(exports)]
    return sorted([*pairs, *(_alone(write, now) for write in alone)], key=lambda each: each.at)


class _Open:
    """Requests that belong to no row yet, by what they are about."""

    def __init__(self, writes: Sequence[ScimWrite]) -> None:
        self._writes = dict(enumerate(writes))
        self._of: defaultdict[Key, list[int]] = defaultdict(list)
        for place, write in self._writes.items():
            for key in _keys_of(write):
                self._of[key].append(place)

    def take_nearest(self, row: LogRow) -> ScimWrite | None:
        """The request that is nearest to a row in time, and belongs to it from now on."""
        for key in _keys(row):
            near = [place for place in self._of.get(key, ()) if place in self._writes]
            near = [place for place in near if abs(self._writes[place].at - row.at) <= NEAR]
            if near:
                return self._writes.pop(min(near, key=lambda place: (abs(self._writes[place].at - row.at), place)))
        return None

    def left(self) -> list[ScimWrite]:
        """Those that belong to none still."""
        return list(self._writes.values())


def _nearest_row(write: ScimWrite, rows: Sequence[LogRow], rows_of: Mapping[Key, Sequence[int]]) -> int | None:
    """The place of the row that a further request belongs to."""
    for key in _keys_of(write):
        near = [place for place in rows_of.get(key, ()) if abs(rows[place].at - write.at) <= NEAR]
        if near:
            return min(near, key=lambda place: (abs(rows[place].at - write.at), place))
    return None


def _by_key(rows: Sequence[LogRow]) -> Mapping[Key, Sequence[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for key in _keys(row):
            found[key].append(place)
    return found


def _keys(row: LogRow) -> Iterator[Key]:
    """What a row is about: our id where Entra knows it, and each name."""
    if row.target:
        yield row.kind, row.target
    for name in row.names:
        yield row.kind, name


def _keys_of(write: ScimWrite) -> Iterator[Key]:
    if write.resource:
        yield write.kind, write.resource
    if write.subject:
        yield write.kind, write.subject.casefold()


def _of_row(row: LogRow, writes: tuple[ScimWrite, ...]) -> Beside:
    if not writes:
        if row.status == "failure":
            says = f"Entra failed before a request came here ({row.error or 'no reason given'})."
        else:
            says = "No such request came here: look at proxies and addresses on the way, and at the Tenant URL."
        return Beside("entra only", row, (), says)
    refused = writes[-1].is_refused
    if row.status == "failure" and not refused:
        reason = row.error or "no reason given"
        return Beside("differ", row, writes, f"Entra counts it as failed ({reason}); it was answered well here.")
    if row.status != "failure" and refused:
        answered = writes[-1].status or "not at all"
        return Beside("differ", row, writes, f"It was answered {answered} here; Entra does not count it as failed.")
    return Beside("agree", row, writes, "")


def _alone(write: ScimWrite, now: int) -> Beside:
    if now - write.at < LAG:
        return Beside("awaited", None, (write,), "Entra's log may be some minutes behind.")
    says = "Entra has no such change: look who else sends with a token of this provider."
    return Beside("here only", None, (write,), says)
