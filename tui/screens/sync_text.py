"""What the sync screen says of a run. Pure: the same facts, width and time give the same lines."""

from collections.abc import Mapping, Sequence
from typing import get_args

from core.planning.changes import ChangeKind
from core.store import changes, runs
from tui import marks
from tui.actions import keys_of
from tui.counting import counted
from tui.screens.bullets import bullet
from tui.screens.conflict_text import conflict_lines
from tui.screens.pace import Pace
from tui.screens.run_text import trigger
from tui.screens.sync_facts import Counts, RunFacts
from tui.screens.sync_progress import progress_lines
from tui.times import ago, moment
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

ABOUT = (
    "One run with its changes: the one that matters most now, or the one that you open in the list of runs.",
    "A run that you order compares everything, then waits with its plan. Nothing is changed before you approve.",
    "Marks: > under way, = paused, v done, X failed, ~ planned anew as things changed, - given up or taken out, "
    "? waits for you.",
    "A change that is taken out of a plan takes with it what needs it, and waits for approval in later runs too.",
    "Undoing plans the way back, which waits like any plan. Drift shows what others changed at a target.",
    "A search looks for all its words in what a change does, to whom, why, how it stands, and before and after.",
    "Changes can be grouped; a group opens and closes. Two runs are compared: mark the one, then choose the other.",
    "The trail goes on from a change to the request that caused it and to its calls, and back.",
    "Closing the console stops no run.",
)
"""What the screen shows, for its help page."""
TAKES_AWAY = (
    ChangeKind.DEACTIVATE_ACCOUNT,
    ChangeKind.DELETE_ACCOUNT,
    ChangeKind.DELETE_GROUP,
    ChangeKind.REMOVE_MEMBER,
)
"""The kinds of change whose number an admin must type before they are applied."""
_STATES: tuple[changes.State, ...] = get_args(changes.State)


def run_lines(facts: RunFacts, pace: Pace, keymap: Mapping[str, str], width: int, now: int) -> list[Line]:
    """A run: what it is, how far it is, its changes by kind and state, what was left out, and what is open."""
    rows = [*_head(facts, width, now), *progress_lines(facts.run, pace, keymap, width), *_table(facts.counts, width)]
    notes = [row for note in facts.run.sentences for row in bullet("-", note, "page--plain", width)]
    return [*rows, *notes, *conflict_lines(facts, width)]


def no_run_lines(keymap: Mapping[str, str], width: int) -> list[Line]:
    """What to do where there is no run."""
    key = keys_of("sync.synchronise", keymap)[0]
    text = f"No run yet. {key} compares a target with the rules, and shows what would be changed before anything is."
    return [line(f" {part}") for part in wrapped(text, width - 2)]


def other_lines(shown: runs.Run, other: runs.Run | None, keymap: Mapping[str, str], width: int) -> list[Line]:
    """That the run which matters most is another than the one that is shown; nothing where it is not."""
    if other is None:
        return []
    what = "is newer" if other.id > shown.id else f"is {other.state}"
    text = f"run {other.id} {what}: {keys_of('everywhere.back', keymap)[0]} goes back to it"
    return [line(Words(f"   {part}", "page--dim")) for part in wrapped(text, width - 3)]


def list_heading(title: str, has_keys: bool, keymap: Mapping[str, str], width: int) -> Line:
    """A list's title, in brackets where its keys act, else with the key that goes on to it."""
    if has_keys:
        return line(Words(f" [{title}]", "page--title"))
    return line(Words(f"  {title} ", "page--title"), Words(f"   {keys_of('sync.next_pane', keymap)[0]}", "page--dim"))


def by_kind(counts: Counts, states: Sequence[changes.State]) -> dict[str, int]:
    """How many changes there are of each kind in any of these states, in the order of the kinds; only what there is."""
    sums = {kind.value: sum(counts.get((kind.value, state), 0) for state in states) for kind in ChangeKind}
    return {kind: number for kind, number in sums.items() if number}


def _head(facts: RunFacts, width: int, now: int) -> list[Line]:
    run = facts.run
    mark = marks.RUN[run.state]
    ended = f", ended {ago(run.finished_at, now)}" if run.finished_at is not None else ""
    approved = f", approved by {run.approved_by}" if run.approved_by else ""
    head = line(
        Words(f" Run {run.id}  {run.target}  ", "page--title"),
        Words(f"{mark.sign} {run.state}", mark.on_page),
        Words(f"  {run.scope}, {trigger(run)}{approved}"),
    )
    read = f", {_read(run)} read" if run.read else ""
    checked = f", {run.verified:,} read back as they should be" if run.verified else ""
    differing = f", {run.differing:,} not" if run.differing else ""
    when = f"   began {moment(run.started_at, now)}{ended}{read}{checked}{differing}"
    errors = bullet("X", run.error, "page--bad", width) if run.error else []
    return [head, line(Words(when, "page--dim")), *errors]


def _read(run: runs.Run) -> str:
    """How many objects were read; while it lasts also of how many, as far as is known."""
    if run.state == "reading" and run.to_read and run.to_read > run.read:
        return f"{run.read:,} of about {run.to_read:,} objects"
    return counted(run.read, "object")


def _table(counts: Counts, width: int) -> list[Line]:
    """Kinds by states; a state that no change is in has no column, and a single state needs no table."""
    states = [state for state in _STATES if any(found == state for _, found in counts)]
    kinds = by_kind(counts, states)
    if len(states) < 2:
        numbers = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
        return bullet(marks.CHANGE[states[0]].sign, f"{states[0]}: {numbers}", "page--plain", width) if kinds else []
    head = line(Words(" " * 22 + "".join(f"{state:>9}" for state in states), "page--dim"))
    return [head, *(_kind(kind, [counts.get((kind, state), 0) for state in states], states) for kind in kinds)]


def _kind(kind: str, numbers: Sequence[int], states: Sequence[changes.State]) -> Line:
    cells = [
        Words(f"{number:>9,}" if number else f"{'.':>9}", _number_style(number, state))
        for number, state in zip(numbers, states, strict=True)
    ]
    return line(f"   {kind:<19}", *cells)


def _number_style(number: int, state: changes.State) -> str:
    if not number:
        return "page--dim"
    return "page--bad" if state == "failed" else "page--plain"
