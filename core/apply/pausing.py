"""Leaving a target alone after it failed: longer each time, and not at all once it works again."""

from dataclasses import dataclass

from core.apply.ending import Ended

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds without work after the target failed; doubles with each further failure."""


@dataclass(slots=True)
class Pause:
    """How long the target is left alone after failures. Orders do not wait for it."""

    until: float = 0.0
    failures: int = 0

    def learn(self, ended: Ended, now: float) -> None:
        """Lengthen or end the pause by how a run ended."""
        if not ended.is_target_down:
            self.failures, self.until = 0, 0.0
            return
        self.until = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.failures, 16))
        self.failures += 1
