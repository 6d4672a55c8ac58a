"""One HTTP request and its response, inbound or outbound, as a plain value on its way to the log.

`core.scim` makes the inbound ones, `core.targets.http` the outbound ones; `core.store.exchanges` keeps them. Headers
and bodies here are already redacted (`core.redaction`), so nothing downstream can leak what it never had.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["in", "out"]
NOT_THERE, PROBED = "not there", "probed"
NO_FAILURE = frozenset({NOT_THERE, PROBED})
"""Outcomes whose status says 4xx and that are what was asked for: there is no such account, and the call exists."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the log keeps of one exchange."""

    direction: Direction
    party: str
    """The provider (inbound) or target (outbound) by name."""
    at: int
    """When the request began: milliseconds since 1970-01-01 UTC."""
    duration: int
    """Microseconds from the request's first to the answer's last byte."""
    method: str
    path: str
    """Path and query as sent, without the base URL."""
    status: int | None
    """HTTP status; `None` where no answer came."""
    subject: str = ""
    """Who or what it was about, readable: a userName, a group's displayName, else an id."""
    outcome: str = ""
    """What it did, in one or two words: `created`, `no match`, `uniqueness`, `timed out`."""
    client: str = ""
    """Address of the client (inbound)."""
    run: int | None = None
    change: int | None = None
    cause: int | None = None
    """The inbound exchange that led to this outbound one."""
    request_headers: Mapping[str, str] = field(default_factory=dict)
    request_body: bytes = b""
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: bytes = b""
    tolerances: tuple[str, ...] = ()
    """The liberties with SCIM that an inbound request took, by name; counted once it is logged."""


Log = Callable[[Exchange], None]


@dataclass(frozen=True, slots=True)
class Attribution:
    """To what the outbound exchanges made inside a block belong, and where they are logged."""

    run: int | None = None
    change: int | None = None
    cause: int | None = None
    log: Log | None = None
    """Overrides the HTTP layer's own log, so that a change's exchanges are stored together with its outcome."""


_NONE = Attribution()
_current: ContextVar[Attribution] = ContextVar("attribution", default=_NONE)


@contextmanager
def attributed(attribution: Attribution) -> Iterator[None]:
    """Attribute every outbound exchange of this block (and of tasks started in it) to `attribution`."""
    token = _current.set(attribution)
    try:
        yield
    finally:
        _current.reset(token)


def current_attribution() -> Attribution:
    """The attribution of the innermost open block; an empty one outside any."""
    return _current.get()
