"""What the sync screen says of a run. Pure: the same facts, width and time give the same lines."""

from collections.abc import Mapping, Sequence
from typing import get_args

from core.planning.changes import ChangeKind
from core.planning.wording import listed
from core.store import changes, runs
from core.store.holds import RunHold
from tui import marks
from tui.actions import keys_of
from tui.counting import counted
from tui.screens.bullets import bullet
from tui.screens.conflict_text import conflict_lines
from tui.screens.pace import Pace
from tui.screens.run_text import trigger
from tui.screens.sync_facts import Counts, RunFacts
from tui.sparkline import per_second_text
from tui.times import ago, moment, span
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

TAKES_AWAY = (
    ChangeKind.DEACTIVATE_ACCOUNT,
    ChangeKind.DELETE_ACCOUNT,
    ChangeKind.DELETE_GROUP,
    ChangeKind.REMOVE_MEMBER,
)
"""The kinds of change whose number an admin must type before they are applied."""
_STATES: tuple[changes.State, ...] = get_args(changes.State)
_BAR = 24
"""Columns of the progress bar."""


def run_lines(facts: RunFacts, pace: Pace, keymap: Mapping[str, str], width: int, now: int) -> list[Line]:
    """A run: what it is, how far it is, its changes by kind and state, what was left out, and what is open."""
    rows = [*_head(facts, width, now), *_progress(facts, pace, keymap, width), *_table(facts.counts, width)]
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


def _progress(facts: RunFacts, pace: Pace, keymap: Mapping[str, str], width: int) -> list[Line]:
    run = facts.run
    if run.state == "waiting":
        approve, drop = (keys_of(name, keymap)[0] for name in ("sync.approve", "sync.drop"))
        verb = "waits" if run.planned == 1 else "wait"
        text = f"{counted(run.planned, 'change')} {verb}. {approve} applies exactly this plan, {drop} drops it."
        held = [each for hold in run.holds for each in _hold(hold, width)]
        return [*bullet("?", text, "page--warning", width), *held]
    if not run.planned:
        return [line("   nothing to change")] if run.is_over and run.error is None else []
    over = run.done + run.failed
    full = min(_BAR, over * _BAR // run.planned)
    bar = Words("█" * full + "░" * (_BAR - full), "page--good")
    failed = Words(f"   X {run.failed:,} failed" if run.failed else "", "page--bad")
    counts = f"  {over:,} of {run.planned:,}  {100 * over // run.planned} %"
    paused = _paused(keymap, width) if run.state == "paused" else []
    return [line("   ", bar, counts + _speed(facts, pace), failed), *paused]


def _paused(keymap: Mapping[str, str], width: int) -> list[Line]:
    resume, cancel = (keys_of(name, keymap)[0] for name in ("sync.pause", "sync.cancel"))
    text = f"Paused before its next change. {resume} lets it go on, {cancel} cancels it."
    return bullet("=", text, "page--warning", width)


def _hold(hold: RunHold, width: int) -> list[Line]:
    """What holds a run, why, and some of those whom it is about."""
    never = "" if hold.approvable else " Nobody can approve this."
    names = listed(hold.sample, hold.number)
    return [
        *bullet("!", f"{hold.text}{never}", "page--warning", width),
        *bullet(" ", f"{hold.cause} {names}".strip(), "page--dim", width),
    ]


def _speed(facts: RunFacts, pace: Pace) -> str:
    run = facts.run
    per_second = pace.per_second()
    if run.state != "applying" or per_second is None:
        return ""
    remaining = run.planned - run.done - run.failed
    left = f"  ~{span(pace.left(remaining) or 0)} left" if remaining > 0 else ""
    return f"  {per_second_text(per_second)}{left}"


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
