"""How far a run is: its phases, the bar of the one that it is in, how fast that goes on, and how long it still takes.

Pure: the same run, pace, width and keys give the same lines.
"""

from collections.abc import Mapping

from core.planning.wording import listed
from core.store import runs
from core.store.holds import RunHold
from tui.actions import keys_of
from tui.counting import counted
from tui.screens.bullets import bullet
from tui.screens.pace import Pace
from tui.sparkline import per_second_text
from tui.times import span
from tui.widgets.page import Line, Words, line

_BAR = 24
"""Columns of the progress bar."""
_PHASES: tuple[tuple[runs.State, str], ...] = (
    ("reading", "read"),
    ("planning", "plan"),
    ("applying", "apply"),
    ("verifying", "verify"),
)
_OVER, _NOW, _TO_COME = ("v", "page--good"), (">", "page--title"), (".", "page--dim")


def steps_over(run: runs.Run) -> int:
    """How much of the phase that a run is in is over, in objects or in changes; what its pace is measured by."""
    return run.read if run.state == "reading" else run.done + run.failed


def progress_lines(run: runs.Run, pace: Pace, keymap: Mapping[str, str], width: int) -> list[Line]:
    """How far a run is, and what to do where it waits."""
    if run.state == "waiting":
        return _waiting(run, keymap, width)
    if run.state in ("reading", "planning"):
        return [_phases(run), *_reading(run, pace)]
    if not run.planned:
        return [line("   nothing to change")] if run.is_over and run.error is None else []
    phases = [] if run.is_over else [_phases(run)]
    paused = _paused(keymap, width) if run.state == "paused" else []
    return [*phases, _applying(run, pace), *paused]


def _phases(run: runs.Run) -> Line:
    """`v read  > plan  . apply  . verify`: what is over, what goes on, what is to come."""
    state = "applying" if run.state == "paused" else run.state
    now = [phase for phase, _ in _PHASES].index(state)
    words = [Words("   ")]
    for place, (_, name) in enumerate(_PHASES):
        mark, style = _OVER if place < now else _NOW if place == now else _TO_COME
        words.append(Words(f"{mark} {name}  ", style))
    return tuple(words)


def _reading(run: runs.Run, pace: Pace) -> list[Line]:
    """The bar of a reading, where it is known how much there is to read."""
    if run.state != "reading" or not run.to_read:
        return []
    read = min(run.read, run.to_read)
    return [line("   ", _bar(read, run.to_read), _counts(read, run.to_read), _speed(pace, run.to_read - read))]


def _applying(run: runs.Run, pace: Pace) -> Line:
    over = steps_over(run)
    speed = _speed(pace, run.planned - over) if run.state == "applying" else ""
    failed = Words(f"   X {run.failed:,} failed" if run.failed else "", "page--bad")
    return line("   ", _bar(over, run.planned), _counts(over, run.planned) + speed, failed)


def _bar(over: int, total: int) -> Words:
    full = min(_BAR, over * _BAR // total)
    return Words("█" * full + "░" * (_BAR - full), "page--good")


def _counts(over: int, total: int) -> str:
    return f"  {over:,} of {total:,}  {100 * over // total} %"


def _speed(pace: Pace, remaining: int) -> str:
    per_second = pace.per_second()
    if per_second is None:
        return ""
    left = f"  ~{span(pace.left(remaining) or 0)} left" if remaining > 0 else ""
    return f"  {per_second_text(per_second)}{left}"


def _waiting(run: runs.Run, keymap: Mapping[str, str], width: int) -> list[Line]:
    approve, drop = (keys_of(name, keymap)[0] for name in ("sync.approve", "sync.drop"))
    verb = "waits" if run.planned == 1 else "wait"
    text = f"{counted(run.planned, 'change')} {verb}. {approve} applies exactly this plan, {drop} drops it."
    return [*bullet("?", text, "page--warning", width), *(each for hold in run.holds for each in _hold(hold, width))]


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
