"""Stopping what is under way: asked for from outside, and answered within one call to the target."""

from core.apply.pausing import Pause
from core.targets.protocol import CredentialFailed, TargetError, Unavailable

ENGINE_STOPPED = "the engine was stopped"
"""Why an engine that is drained breaks off what is under way."""


class Stopped(Exception):
    """Leaves a phase that has no effects; its text says why."""


class Stop:
    """Whether to stop, and why. Set once, looked at between two calls."""

    def __init__(self) -> None:
        self.run: int | None = None
        """The run that it stops, once that has begun."""
        self.reason: str | None = None
        self.is_cancelled = False
        """An admin asked for it; else the engine itself stops, and goes on after its next start."""
        self.pause = Pause()
        """Whether to wait meanwhile; a stop ends it."""

    def ask(self, reason: str, *, cancel: bool = False) -> None:
        """Ask to stop; the first reason counts."""
        if self.reason is None:
            self.reason, self.is_cancelled = reason, cancel
        self.pause.end()

    @property
    def is_engines(self) -> bool:
        """Whether the engine itself stops, so that what can go on does so after its next start."""
        return self.reason is not None and not self.is_cancelled

    def check(self) -> None:
        """Go on.

        :raises Stopped: when a stop was asked for.
        """
        if self.reason is not None:
            raise Stopped(self.reason)


def concerns_all(error: TargetError) -> bool:
    """Whether no other item could be worked on either: the credential, or the target itself, fails.

    A 500 that stays may be about one item alone: products answer it for records that they cannot read.
    """
    return isinstance(error, CredentialFailed) or (isinstance(error, Unavailable) and error.status != 500)
