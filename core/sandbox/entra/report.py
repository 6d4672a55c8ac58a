"""What one cycle did: counted while it runs, and handed out as values."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from core.sandbox.entra.errors import (
    QUARANTINE_EXCEPTION,
    UNAUTHORIZED,
    ProvisioningError,
    quarantine_reason,
)

CycleKind = Literal["initial", "incremental"]


class Step(StrEnum):
    """The steps of a cycle, in their order."""

    CONNECTION = "connection"
    USERS = "users"
    MANAGERS = "managers"
    GROUPS = "groups"
    MEMBERSHIPS = "memberships"

    @property
    def needs(self) -> "Step | None":
        """The step in which the same object must have succeeded; only steps that write references need one."""
        return {Step.MANAGERS: Step.USERS, Step.MEMBERSHIPS: Step.GROUPS}.get(self)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a cycle is; given to the progress callback after every object."""

    cycle: CycleKind
    step: Step
    done: int
    total: int
    """Objects in this step."""
    requests: int
    failures: int
    """Both of the cycle so far."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An object that could not be brought up to date in this cycle."""

    step: Step
    object_id: str
    """Entra's id of the person or group; empty for the connection test."""
    code: str
    """As in Entra's provisioning log."""
    detail: str
    request: str
    """The kind of request that failed; empty if none was sent."""
    status: int | None


@dataclass(frozen=True, slots=True)
class CycleReport:
    """The outcome of a cycle. Made of plain values throughout, so `dataclasses.asdict` of it is JSON."""

    cycle: CycleKind
    pushed: Mapping[str, Mapping[str, int]]
    """Per step the number of each action, such as users: created, updated, disabled, enabled, deleted, …"""
    requests: Mapping[str, Mapping[str, int]]
    """Per kind of request (`POST /Users`) the number of each status; `Timeout` and the like for no answer."""
    failures: tuple[Failure, ...]
    escrowed: int
    """Objects that the next cycle sends again."""
    quarantine: str | None
    """Why the job is now in quarantine; None if it is healthy."""
    duration: float
    """Seconds."""
    p50_ms: float
    p99_ms: float
    """Latency of the requests; 0 if there were none."""


class Tally:
    """Counts while a cycle runs."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.quarantine: str | None = None
        self.sent = 0
        self._attempts = 0
        self._reference_failures = 0
        self._latencies: list[float] = []
        self._pushed: dict[str, Counter[str]] = {}
        self._requests: dict[str, Counter[str]] = {}

    def count_request(self, kind: str, outcome: str, seconds: float) -> None:
        """Count a request that was answered, or that failed to be."""
        self.sent += 1
        self._requests.setdefault(kind, Counter())[outcome] += 1
        self._latencies.append(seconds)

    def count_action(self, step: Step, action: str, number: int = 1) -> None:
        """Count what was done to an object, or to a number of memberships."""
        self._pushed.setdefault(step.value, Counter())[action] += number

    def count_attempt(self) -> None:
        """Count an object as attempted."""
        self._attempts += 1

    def fail(self, step: Step, object_id: str, error: ProvisioningError) -> None:
        """Count a failure, and put the job in quarantine if it is one too many."""
        self.failures.append(Failure(step, object_id, error.code, error.detail, error.request, error.status))
        if error.code == UNAUTHORIZED or (step is Step.CONNECTION and not error.transient):
            self.quarantine = QUARANTINE_EXCEPTION
            return
        self._reference_failures += step.needs is not None
        failures = len(self.failures) - self._reference_failures
        self.quarantine = quarantine_reason(self._attempts, failures, self._reference_failures)

    def report(self, cycle: CycleKind, escrowed: int, duration: float) -> CycleReport:
        """Return the counts as they are now."""
        latencies = sorted(self._latencies)
        return CycleReport(
            cycle=cycle,
            pushed={step: dict(actions) for step, actions in self._pushed.items()},
            requests={kind: dict(outcomes) for kind, outcomes in self._requests.items()},
            failures=tuple(self.failures),
            escrowed=escrowed,
            quarantine=self.quarantine,
            duration=duration,
            p50_ms=_percentile(latencies, 0.50) * 1000,
            p99_ms=_percentile(latencies, 0.99) * 1000,
        )


def _percentile(ascending: list[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed."""
    return ascending[math.ceil(share * len(ascending)) - 1] if ascending else 0.0
