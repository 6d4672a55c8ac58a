"""What states of all kinds look like: a mark that tells without colour, and a tone for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.store import changes, conflicts, people, runs

Tone = Literal["plain", "dim", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One character, and its tone."""

    sign: str
    tone: Tone

    @property
    def on_page(self) -> str:
        """The component class for a Page."""
        return f"page--{self.tone}"

    @property
    def in_list(self) -> str:
        """The component class for a WindowView."""
        return f"window-view--{'row' if self.tone == 'plain' else self.tone}"


GOOD, LOOK, BAD = Mark("v", "good"), Mark("!", "warning"), Mark("X", "bad")
AWAITED, NOTE = Mark(">", "plain"), Mark(" ", "dim")
"""What is to come, and what is only said beside."""
RUN: Mapping[runs.State, Mark] = {
    "reading": Mark(">", "plain"),
    "planning": Mark(">", "plain"),
    "waiting": Mark("?", "warning"),
    "applying": Mark(">", "plain"),
    "paused": Mark("=", "warning"),
    "verifying": Mark(">", "plain"),
    "done": Mark("v", "good"),
    "failed": Mark("X", "bad"),
    "cancelled": Mark("x", "warning"),
    "dropped": Mark("-", "dim"),
}
CONFLICT: Mapping[conflicts.State, Mark] = {
    "open": Mark("!", "warning"),
    "held": Mark("=", "plain"),
    "skipped": Mark("-", "dim"),
    "answered": Mark(">", "good"),
    "closed": Mark("v", "good"),
}
CHANGE: Mapping[changes.State, Mark] = {
    "planned": Mark(" ", "plain"),
    "intent": Mark(">", "plain"),
    "done": Mark("v", "good"),
    "failed": Mark("X", "bad"),
    "stale": Mark("~", "warning"),
    "excluded": Mark("-", "warning"),
    "dropped": Mark("-", "dim"),
}
PERSON: Mapping[people.State, Mark] = {
    "conflict": Mark("!", "warning"),
    "deleted": Mark("x", "dim"),
    "inactive": Mark("-", "dim"),
    "linked": Mark("v", "good"),
    "unlinked": Mark(" ", "plain"),
}
