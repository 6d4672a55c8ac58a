"""Whatever state a run or a change can have, and whatever sets a run off, the console has a word and a mark for it."""

from typing import get_args

from core.store import changes, runs
from tui import marks
from tui.screens.run_text import _TRIGGERS


def test_every_state_and_trigger_is_known() -> None:
    assert set(get_args(runs.State)) == set(marks.RUN)
    assert set(get_args(changes.State)) == set(marks.CHANGE)
    assert set(get_args(runs.Trigger)) == set(_TRIGGERS)
