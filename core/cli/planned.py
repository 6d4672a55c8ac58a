"""The plan of a run as an admin judges it before it is applied: counts by kind, changes with reasons, conflicts."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from core.cli.conflict_view import conflict_documents, conflict_lines, open_at
from core.cli.documents import Document, change_documents, changes_of, holds_of, run_document
from core.cli.naming import manciple
from core.cli.output import columns
from core.cli.table import table
from core.planning.changes import Change, ChangeKind, Conflict, Hold
from core.planning.wording import counted, listed
from core.store import Store, runs
from core.store.changes import Listed
from core.store.runs import Run

SHOWN = 20
"""Changes, and conflicts, that are shown of a plan; `--json` and `manciple runs` have them all."""

_DOES = {
    ChangeKind.CREATE_ACCOUNT: "create account",
    ChangeKind.UPDATE_ACCOUNT: "update account",
    ChangeKind.RENAME_ACCOUNT: "rename account",
    ChangeKind.DEACTIVATE_ACCOUNT: "deactivate account",
    ChangeKind.REACTIVATE_ACCOUNT: "reactivate account",
    ChangeKind.DELETE_ACCOUNT: "delete account",
    ChangeKind.LINK_ACCOUNT: "link account",
    ChangeKind.UNLINK_ACCOUNT: "unlink account",
    ChangeKind.CREATE_GROUP: "create group",
    ChangeKind.RENAME_GROUP: "rename group",
    ChangeKind.DELETE_GROUP: "delete group",
    ChangeKind.LINK_GROUP: "link group",
    ChangeKind.UNLINK_GROUP: "unlink group",
    ChangeKind.ADD_MEMBER: "add member",
    ChangeKind.REMOVE_MEMBER: "remove member",
    ChangeKind.MOVE_LEAD: "move lead",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A run with its changes, and the conflicts that are open about what it plans for."""

    run: Run
    changes: tuple[tuple[Listed, Change], ...]
    conflicts: tuple[tuple[int, Conflict], ...]
    """With their numbers in the queue."""
    holds: tuple[Hold, ...]
    """The brakes that hold the run, each with every change that it holds."""

    @property
    def states(self) -> Counter[str]:
        """How many changes stand in each state."""
        return Counter(listed.state for listed, _ in self.changes)

    @property
    def document(self) -> Document:
        """The JSON form."""
        return {
            "run": run_document(self.run, self.states["stale"], self.holds),
            "items": change_documents(self.changes),
            "conflicts": conflict_documents(self.conflicts),
            "notes": list(self.run.sentences),
        }


def read_planned(store: Store, number: int, about: Collection[str] = ()) -> Planned:
    """The plan of a run as it stands now. `about` are subjects of conflicts that it is known to be about."""
    with store.read() as connection:
        run = runs.find(connection, number)
        assert run is not None, "runs are never deleted"
        changes = tuple(changes_of(connection, run))
        found = tuple(_open_conflicts(connection, run, [change for _, change in changes], about))
        return Planned(run, changes, found, holds_of(connection, run))


def plan_lines(planned: Planned, *, is_saved: bool) -> Iterator[str]:
    """The plan in words; of one that is saved to a file, the run that it came from is of no more use."""
    run = planned.run
    named = "Plan" if is_saved else f"Plan of run {run.id}"
    rest = "in the file" if is_saved else manciple(f"runs {run.id}")
    yield f"{named} for {run.target} ({run.scope}), {counted(run.read, 'object')} read:"
    number_of = Counter(change.kind for _, change in planned.changes)
    yield from (f"  {number_of[kind]:>6}  {does}" for kind, does in _DOES.items() if number_of[kind])
    if not planned.changes:
        yield "  nothing to change"
    else:
        yield ""
        yield from _change_lines(planned, rest)
    if run.holds:
        yield ""
        yield from hold_lines(run)
    if planned.conflicts:
        yield ""
        yield from _conflict_lines(planned, rest)
    if run.sentences:
        yield ""
        yield "Notes:"
        yield from (f"  {sentence}" for sentence in run.sentences)


def hold_lines(run: Run) -> Iterator[str]:
    """What holds a run, with a sample and what is behind it."""
    yield f"Held by {counted(len(run.holds), 'brake')} until an admin approves run {run.id} by its number:"
    for hold in run.holds:
        yield f"  {hold.text}"
        yield f"    why     {hold.cause}"
        yield f"    such as {listed(hold.sample, hold.number)}"
        if not hold.approvable:
            yield "    This cannot be approved: take these changes out, or keep another administrator first."


def _change_lines(planned: Planned, rest: str) -> Iterator[str]:
    rows = [
        (_DOES[change.kind], change.account or "-", change.group or "-", change.because.text)
        for _, change in planned.changes[:SHOWN]
    ]
    yield from table(("CHANGE", "ACCOUNT", "GROUP", "BECAUSE"), rows, columns=columns())
    more = len(planned.changes) - SHOWN
    if more > 0:
        yield f"and {more} more: {rest}"


def _conflict_lines(planned: Planned, rest: str) -> Iterator[str]:
    yield f"{counted(len(planned.conflicts), 'conflict')}, left out until an admin decides:"
    yield from conflict_lines(planned.conflicts[:SHOWN], with_evidence=False)
    more = len(planned.conflicts) - SHOWN
    if more > 0:
        yield f"and {more} more: {rest}"


def _open_conflicts(
    connection: Connection, run: Run, changes: list[Change], about: Collection[str]
) -> Iterator[tuple[int, Conflict]]:
    """The conflicts of everything; of a run about something, those that it found or that its changes are about."""
    if not run.conflicts:
        return
    subjects = {f"user:{change.user_id}" for change in changes} | set(about)
    for row, conflict in open_at(connection, run.target):
        if run.scope == "all" or row.run == run.id or conflict.subject in subjects:
            yield row.id, conflict
