"""The trail from the IdP's request to the target's answer: what an exchange or a change leads on to, and the way back.

inbound exchange -> change of a run -> outbound exchange -> the inbound one again
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.exchange import Exchange
from core.store import changes, exchanges
from core.store.effects import Effects

MOST = 30
"""Links of a kind that are offered; a filter shows the others."""
_DEEPEST = 50
"""Steps that can be gone back."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the trail: an exchange, a run with a change of it or without, or the log under a filter."""

    exchange: int = 0
    run: int = 0
    position: int | None = None
    """Of the change in its run."""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One way on."""

    text: str
    """How it is offered; no two of an object's are the same."""
    stop: Stop


class Trail:
    """The stops that were left behind, the last one first."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []

    def __bool__(self) -> bool:
        return bool(self._stops)

    def leave(self, stop: Stop) -> None:
        """Go on from a stop."""
        self._stops = [*self._stops, stop][-_DEEPEST:]

    def back(self) -> Stop | None:
        """The stop that was left last; `None` where the trail begins."""
        return self._stops.pop() if self._stops else None


def links_of_exchange(number: int, exchange: Exchange, effects: Effects) -> list[Link]:
    """What an exchange leads on to: of an inbound one what it led to, of an outbound one what led to it."""
    if exchange.direction == "in":
        return [*_changes(effects.changes), *_calls(effects.calls, f"cause:{number}")]
    found = []
    if effects.change is not None:
        found += list(_changes((effects.change[0],)))
    elif exchange.run is not None:
        found.append(Link(f"run:{exchange.run}", Stop(run=exchange.run)))
    if effects.cause is not None:
        found.append(_call(effects.cause, "caused by "))
    if exchange.change is not None:
        found.append(Link(f"all calls of change:{exchange.change}", Stop(query=f"change:{exchange.change}")))
    if exchange.run is not None:
        found.append(Link(f"all calls of run:{exchange.run}", Stop(query=f"run:{exchange.run}")))
    return found


def links_of_change(
    change: changes.Listed, cause: exchanges.Listed | None, sent: tuple[exchanges.Listed, ...]
) -> list[Link]:
    """What a change leads on to: the request that caused it, and the calls that carried it out."""
    caused = [_call(cause, "caused by ")] if cause is not None else []
    whole = Link(f"all calls of run:{change.run}", Stop(query=f"run:{change.run}"))
    return [*caused, *_calls(sent, f"change:{change.id}"), whole]


def _changes(found: tuple[changes.Listed, ...]) -> Iterator[Link]:
    for change in found[:MOST]:
        about = ", ".join(name for name in (change.account, change.group_name) if name) or "-"
        text = f"change:{change.id} of run:{change.run}  {change.target}  {change.kind}  {about}  {change.state}"
        yield Link(text, Stop(run=change.run, position=change.position))


def _calls(found: tuple[exchanges.Listed, ...], query: str) -> Iterator[Link]:
    yield from (_call(row) for row in found[:MOST])
    if len(found) > 1:
        yield Link(f"all of them (filter {query})", Stop(query=query))


def _call(row: exchanges.Listed, before: str = "") -> Link:
    status = "no answer" if row.status is None else row.status
    return Link(f"{before}id:{row.id}  {row.party}  {row.method} {row.path}  {status}", Stop(exchange=row.id))
