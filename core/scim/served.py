"""What the listener needs to know of a provider that may push."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.config.settings import ANYWHERE, IpNetwork


@dataclass(frozen=True, slots=True)
class Served:
    """One provider that may push: its name, the targets that follow it, and how it is let in."""

    name: str
    targets: Sequence[str] = ()
    allow: Sequence[IpNetwork] = ANYWHERE
    """Addresses that may send requests for it, among those that may send any."""
    basic: bool = False
    """Whether it may send a bearer token's secret as the password of HTTP Basic."""
    rate: int | None = None
    """Requests per second at most; `None`: as many as come."""
    hold: int = 0
    """Seconds for which what is new waits before targets look at it (`core.planning.probes`)."""
