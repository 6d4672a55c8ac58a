"""The JSON forms of what several commands print. Their keys are a contract with scripts: add, never rename."""

from collections.abc import Iterable

from sqlalchemy import Connection

from core.cli.times import iso, iso_or_none
from core.planning.changes import Change, Hold
from core.planning.document import change_document as planned_document
from core.planning.document import hold_document
from core.store import changes, holds
from core.store.changes import Listed
from core.store.engines import Engine
from core.store.runs import Run

Document = dict[str, object]

_ALL = 1 << 31
"""More changes than a run has."""


def engine_document(engine: Engine) -> Document:
    """An engine that is alive."""
    return {
        "id": engine.id,
        "host": engine.host,
        "pid": engine.pid,
        "version": engine.version,
        "listening": engine.listening,
        "started": iso(engine.started_at),
        "beat": iso(engine.beat_at),
        "draining": engine.draining,
    }


def stale_of(connection: Connection, run: Run) -> int:
    """How many changes of a run no longer fitted; the run itself counts them among those that are not done."""
    if not run.failed:
        return 0
    return sum(number for (_, state), number in changes.counts(connection, run.id).items() if state == "stale")


def holds_of(connection: Connection, run: Run) -> tuple[Hold, ...]:
    """The brakes that hold a run, each with every change that it holds."""
    return holds.whole(connection, run.id, run.holds)


def run_document(run: Run, stale: int, holding: Iterable[Hold]) -> Document:
    """A run, without its changes, of which `stale` no longer fitted; `holding` are the brakes that hold it, whole."""
    return {
        "id": run.id,
        "target": run.target,
        "trigger": run.trigger,
        "scope": run.scope,
        "state": run.state,
        "started": iso(run.started_at),
        "finished": iso_or_none(run.finished_at),
        "read": run.read,
        "planned": run.planned,
        "done": run.done,
        "failed": run.failed - stale,
        "stale": stale,
        "conflicts": run.conflicts,
        "hash": run.plan_hash,
        "notes": list(run.sentences),
        "asked_by": run.asked_by,
        "approved_by": run.approved_by,
        "error": run.error,
        "holds": [hold_document(hold) for hold in holding],
        "verified": run.verified,
        "differing": run.differing,
        "undoes": run.undoes,
    }


def change_document(listed: Listed, change: Change) -> Document:
    """A change of a run: what is planned, and what became of it."""
    return planned_document(change) | {
        "id": listed.id,
        "state": listed.state,
        "attempts": listed.attempts,
        "finished": iso_or_none(listed.finished_at),
        "error": listed.error,
    }


def changes_of(connection: Connection, run: Run) -> list[tuple[Listed, Change]]:
    """The changes of a run as listed and in full, in the order to make them."""
    listed = {row.id: row for row in changes.window(connection, run.id, 0, 0, _ALL)}
    return [(listed[stored.id], stored.change) for stored in changes.of_run(connection, run.id) if stored.id in listed]


def change_documents(found: Iterable[tuple[Listed, Change]]) -> list[Document]:
    """The JSON forms of changes."""
    return [change_document(listed, change) for listed, change in found]
