"""What came of one thing that a check tried."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried, and how it is."""

    subject: str
    """The key of `[provider.graph]`, or what was read."""
    state: Literal["ok", "warning", "failed"]
    detail: str
    remedy: str = ""
    is_here: bool = False
    """Whether the fault is in the configuration, or in what it names on this machine."""
