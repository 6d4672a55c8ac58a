"""Which run a screen shows unasked. A run that found a plan that waits already is no news, and never that."""

from sqlalchemy import Connection

from core.store import runs

_BATCH = 20
"""Runs that are read at first to find one that is news."""
_REPEATED = "the same plan as run"
"""How the error of a run begins that was dropped since its plan waits already."""


def is_repeat(run: runs.Run) -> bool:
    """Whether it was dropped since an earlier one waits with the same plan."""
    return run.state == "dropped" and (run.error or "").startswith(_REPEATED)


def latest_run(connection: Connection, target: str | None = None) -> runs.Run | None:
    """The newest run that repeats none; `None` where there is none."""
    limit = _BATCH
    while True:
        found = runs.newest(connection, limit, target)
        latest = next((run for run in found if not is_repeat(run)), None)
        if latest is not None or len(found) < limit:
            return latest
        limit *= 10


def important_run(connection: Connection) -> runs.Run | None:
    """The run to show unasked: a whole one under way, else one that waits, else any under way, else the newest.

    Pushes start runs all the time; they must not take a waiting plan from under an admin's eyes.
    """
    under_way = runs.in_states(connection, runs.UNDER_WAY)
    whole = [run for run in under_way if run.scope == "all"]
    ranked = [*whole[-1:], *runs.in_states(connection, ("waiting",))[-1:], *under_way[-1:]]
    return ranked[0] if ranked else latest_run(connection)
