"""Asking an admin whether a plan is to be applied: by yes or no, and where brakes hold it, by the run's number.

A number that must be typed is read first; a y is given without looking.
"""

import sys

import typer

from core.cli.naming import manciple
from core.cli.output import say
from core.cli.planned import Planned
from core.planning.wording import counted
from core.store.runs import Run


def agreed(planned: Planned, *, as_json: bool) -> bool:
    """Ask, where there is somebody to ask and they have seen the plan."""
    if as_json or not sys.stdin.isatty():
        return False
    say()
    if not planned.run.holds:
        return typer.confirm(f"Apply {_these(planned)}?", default=False, err=True)
    text = f"Type {planned.run.id} to apply {_these(planned)} nevertheless, or nothing to leave"
    return bool(typer.prompt(text, default="", show_default=False, err=True).strip() == str(planned.run.id))


def by_number(run: Run) -> str:
    """What to do about a run that brakes hold, where nobody can be asked."""
    look = manciple(f"runs {run.id}")
    return (
        f"run {run.id} waits, held by {counted(len(run.holds), 'brake')}: look at it with `{look}`, "
        f"then approve it with `{manciple(f'runs {run.id} --approve')}`"
    )


def _these(planned: Planned) -> str:
    number = len(planned.changes)
    return "this change" if number == 1 else f"these {number} changes"
