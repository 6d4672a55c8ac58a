"""What an admin orders about a run: when that is possible, what is asked before, and the order."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.admin import admin
from core.store import StoreError, changes, positions, runs
from tui.counting import counted
from tui.dialogs.question import YES, Asked, Question
from tui.screens.sync_text import TAKES_AWAY, by_kind

if TYPE_CHECKING:
    from tui.app import Console

_CAN_PAUSE: tuple[runs.State, ...] = ("reading", "planning", "applying")
"""States of a run that may have changes before it."""


def reason_against(action_id: str, run: runs.Run | None, waiting: Sequence[runs.Run]) -> str:
    """Why the state of the shown run forbids an action; empty where it does not."""
    if action_id in ("sync.approve", "sync.drop", "sync.exclude"):
        if run is not None and run.state == "waiting":
            return ""
        others = ", ".join(str(other.id) for other in waiting)
        return f"it is run {others} that waits; open it in the list of runs" if others else "no plan waits"
    if action_id == "sync.undo":
        return _reason_against_undoing(run)
    if action_id == "sync.pause" and (run is None or run.state not in ("paused", *_CAN_PAUSE)):
        return "this run has no changes before it" if run is not None else "no run is under way"
    if action_id == "sync.cancel" and (run is None or run.state not in runs.UNDER_WAY):
        return "this run is not under way" if run is not None else "no run is under way"
    return ""


def ask_to_approve(console: "Console", run: runs.Run) -> None:
    """Show what would be applied; what takes something away needs its number typed."""
    counts = _counts(console, run, ("planned",))
    if counts is None:
        return
    losses = sum(counts.get(kind, 0) for kind in TAKES_AWAY)
    explanation = [f"Applies exactly this plan of {counted(run.planned, 'change')}, and nothing else."]
    explanation += [f"{hold.text} {hold.cause}" for hold in run.holds]
    if losses:
        kinds = " and ".join(kind for kind in TAKES_AWAY if kind in counts)
        explanation.append(f"Something is taken away by {losses:,} of them: {kinds}.")
    if run.conflicts:
        explanation.append(f"Conflicts that stay as they are: {run.conflicts:,}.")
    title = f"Apply the plan of run {run.id} to {run.target}?"
    answer = str(run.id) if run.holds else str(losses) if losses else YES
    asked = Asked(title, counts, TAKES_AWAY, explanation, answer, "apply", "leaves the plan waiting")

    def answered(yes: bool | None) -> None:
        if not yes:
            console.flash(f"run {run.id} was not approved; nothing is applied")
            return
        shown = ", ".join(f"{number} {kind}" for kind, number in counts.items())
        detail = f"{run.target}, plan {(run.plan_hash or '')[:12]}: {shown}"
        console.run_worker(
            console.order("approve", f"{run.id} {run.plan_hash or ''}".rstrip(), f"approve {run.id}: asked", detail)
        )

    console.push_screen(Question(asked, console.keymap), answered)


def drop(console: "Console", run: runs.Run) -> None:
    """Give the order; nothing is lost that another run would not plan again."""
    console.run_worker(console.order("drop", str(run.id), f"drop {run.id}: asked", run.target))


def pause_or_resume(console: "Console", run: runs.Run) -> None:
    """Give the order; nothing is lost by a pause."""
    if run.state == "paused":
        console.run_worker(console.order("resume", str(run.id), f"resume {run.id}: asked", run.target))
    else:
        console.run_worker(console.order("pause", str(run.id), f"pause {run.id}: asked", run.target))


def undo(console: "Console", run: runs.Run) -> None:
    """Give the order; what is planned waits for approval."""
    asked = f"undo {run.id}: asked; what puts it back will wait for you here, and nothing is changed before"
    console.run_worker(console.order("undo", str(run.id), asked, run.target))


def exclude(console: "Console", run: runs.Run, position: int) -> None:
    """Take the change at a position out of the plan, with what needs it; what comes of it is flashed."""
    console.run_worker(_exclude(console, run.id, position))


def ask_to_cancel(console: "Console", run: runs.Run) -> None:
    """Show what would be given up."""
    counts = _counts(console, run, ("planned", "intent"))
    if counts is None:
        return
    done = counted(run.done, "change")
    explanation = [f"What is done stays ({done}). The rest is given up; another run plans it anew."]
    title = f"Cancel run {run.id} on {run.target}?"
    asked = Asked(title, counts, (), explanation, YES, "cancel", "lets it go on")

    def answered(yes: bool | None) -> None:
        if yes:
            console.run_worker(console.order("cancel", str(run.id), f"cancel {run.id}: asked", run.target))
        else:
            console.flash(f"run {run.id} goes on")

    console.push_screen(Question(asked, console.keymap), answered)


def _counts(console: "Console", run: runs.Run, states: Sequence[changes.State]) -> dict[str, int] | None:
    """Counted now, since what the screen shows may be a second old; `None` where that failed, which is flashed."""
    try:
        with console.store.read() as connection:
            return by_kind(changes.counts(connection, run.id), states)
    except StoreError as error:
        console.flash(str(error), "bad")
        return None


def _reason_against_undoing(run: runs.Run | None) -> str:
    if run is None:
        return "there is no run"
    if not run.is_over:
        return "this run is not over"
    return "" if run.done else "this run changed nothing"


async def _exclude(console: "Console", run: int, position: int) -> None:
    from core.apply import excluding

    try:
        with console.store.read() as connection:
            found = positions.window(connection, run, position, 1)
        if not found or found[0].state != "planned":
            console.flash("not taken out: this change is not planned any more", "warning")
            return
        console.flash(f"taking change {position + 1} out of the plan of run {run}")
        out = await excluding.exclude(console.store, run, [found[0].id], admin())
    except (StoreError, excluding.NotExcluded) as error:
        console.flash(f"not taken out: {error}", "bad")
    else:
        needing = f" with what needs it ({counted(out - 1, 'change')})" if out > 1 else ""
        text = f"change {position + 1} is out of the plan of run {run}{needing}; no later run makes it unasked"
        console.flash(text, "good")
