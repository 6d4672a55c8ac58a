"""A target whose brakes take hold early, and what waits at it."""

from core.planning.rules import BrakeRules, Limit, TargetRules
from core.store import Store, changes, runs
from core.store.runs import Run
from tests.core.apply.company import TARGET

BRAKED = TargetRules(brakes=BrakeRules(deactivate=Limit(count=1), update=Limit(count=2)))
"""More than one deactivation, or two updates, wait."""


def waiting_runs(store: Store) -> list[Run]:
    """The runs that wait for approval, oldest first."""
    with store.read() as connection:
        return runs.in_states(connection, ("waiting",), TARGET)


def waiting_run(store: Store) -> Run:
    """The one run that waits for approval."""
    (run,) = waiting_runs(store)
    return run


def ids(store: Store, run: int, *accounts: str) -> list[int]:
    """Ids of the changes of a run that are about these accounts."""
    with store.read() as connection:
        return [each.id for each in changes.of_run(connection, run) if each.change.account in accounts]
