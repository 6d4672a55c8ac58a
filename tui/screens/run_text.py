"""Runs in words, as every screen says them."""

from collections.abc import Mapping

from core.store import runs
from tui import marks
from tui.counting import counted
from tui.times import ago
from tui.widgets.page import Words

_TRIGGERS: Mapping[str, str] = {
    "push": "by push",
    "schedule": "by schedule",
    "order": "ordered",
    "undo": "undoing, ordered",
}


def trigger(run: runs.Run) -> str:
    """What set it off: `by push`, `ordered by ada@host`."""
    return _TRIGGERS[run.trigger] + (f" by {run.asked_by}" if run.asked_by else "")


def outcome(run: runs.Run, now: int) -> tuple[Words, ...]:
    """How it stands, in one line: `v run 41 by push: done 2 min ago, 12 changes`."""
    mark = marks.RUN[run.state]
    when = ago(run.finished_at if run.finished_at is not None else run.started_at, now)
    changes = counted(run.planned, "change") if run.planned else "nothing to change" if run.state == "done" else ""
    failed = Words(f"  X {run.failed:,} failed" if run.failed else "", "page--bad")
    text = f"{mark.sign} run {run.id} {_TRIGGERS[run.trigger]}: {run.state} {when}"
    return Words(text, mark.on_page), Words(f", {changes}" if changes else ""), failed
