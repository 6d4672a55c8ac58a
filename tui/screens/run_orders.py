"""RunOrders: what a screen that shows a run lets an admin order about it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.store import runs
from tui.screens import sync_asking
from tui.screens.console_screen import ConsoleScreen
from tui.screens.drifting import show_drift
from tui.screens.run_reading import RunReading
from tui.screens.synchronising import synchronise

if TYPE_CHECKING:
    from tui.app import Console


class RunOrders(ConsoleScreen):
    """A screen that shows one run. Each order is asked for where it may take something away, and then given."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = RunReading()

    @property
    def position(self) -> int | None:
        """The position of the change under the cursor; `None` where none is."""
        raise NotImplementedError

    def leave(self) -> None:
        """Leave what is opened, for the run that matters most."""
        raise NotImplementedError

    def action_synchronise(self) -> None:
        """Order a run that compares everything."""
        if self.can("sync.synchronise"):
            synchronise(self.console, self.leave)

    def action_approve(self) -> None:
        """Ask, then order that the plan be applied."""
        self._about_run("sync.approve", sync_asking.ask_to_approve)

    def action_drop(self) -> None:
        """Order that the plan be dropped."""
        self._about_run("sync.drop", sync_asking.drop)

    def action_cancel(self) -> None:
        """Ask, then order that the run be stopped."""
        self._about_run("sync.cancel", sync_asking.ask_to_cancel)

    def action_pause(self) -> None:
        """Order that the run pause, or go on."""
        self._about_run("sync.pause", sync_asking.pause_or_resume)

    def action_exclude(self) -> None:
        """Take the change under the cursor out of the plan."""
        position = self.position
        if position is not None:
            self._about_run("sync.exclude", lambda console, run: sync_asking.exclude(console, run, position))
        elif self.can("sync.exclude"):
            self.console.flash_for_a_moment("Exclude: open the group, and choose a change of it")

    def action_undo(self) -> None:
        """Order that what puts the run back be planned, and go on to that plan once it is there."""
        if self.can("sync.undo") and (run := self._shown.run) is not None:
            sync_asking.undo(self.console, run)
            self.leave()

    def action_drift(self) -> None:
        """Show the drift of the shown run's target, or of one that is asked for."""
        if self.can("sync.drift"):
            show_drift(self.console, run.target if (run := self._shown.run) is not None else None, self.leave)

    def _about_run(self, action_id: str, ask: Callable[["Console", runs.Run], None]) -> None:
        """Do something about the shown run, and stay with it."""
        if self.can(action_id) and (run := self._shown.run) is not None:
            self._shown.pin()
            ask(self.console, run)
