"""Leaving a target, or one kind of work on it, alone after it failed: longer each time, until it works again."""

from dataclasses import dataclass

FIRST_BACK_OFF, LONGEST_BACK_OFF = 5.0, 300.0
"""Seconds without work after a failure; doubles with each further one."""


@dataclass(slots=True)
class BackOff:
    """How long nothing is begun after failures. Orders do not wait for it."""

    first: float = FIRST_BACK_OFF
    until: float = 0.0
    failures: int = 0

    def learn(self, *, failed: bool, now: float) -> None:
        """Lengthen the pause after a failure; a success ends it."""
        if not failed:
            self.failures, self.until = 0, 0.0
            return
        self.until = now + min(LONGEST_BACK_OFF, self.first * 2 ** min(self.failures, 16))
        self.failures += 1
