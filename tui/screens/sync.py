"""The sync screen: one run with its changes, and all runs.

It shows the run that matters most until another is opened. What is shown is read again when something was committed,
save for the counts of its changes by kind and state, and for conflicts: those once a second at most.
"""

from dataclasses import replace
from typing import ClassVar, Literal

from sqlalchemy import Connection
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from core.config.settings import Settings
from core.store import Store, runs
from tui.actions import Action, Place, bindings
from tui.restraint import Restraint
from tui.screens import sync_asking, sync_text
from tui.screens.change_text import change_lines
from tui.screens.console_screen import ConsoleScreen
from tui.screens.pace import Pace
from tui.screens.shown_run import important_run
from tui.screens.sync_facts import ChangeFacts, RunFacts, read_change, read_run
from tui.screens.sync_sources import Changes, Runs
from tui.screens.synchronising import synchronise
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll
from tui.widgets.window_view import WindowView

Pane = Literal["changes", "detail", "runs", "summary"]
_ORDER: tuple[Pane, ...] = ("detail", "changes", "runs", "summary")


class SyncScreen(ConsoleScreen):
    """Runs: what they are about to do, what they do, what they did."""

    PLACE = "sync"
    PLACES: ClassVar[tuple[Place, ...]] = ("sync", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sync")]
    CSS_PATH = "sync.tcss"
    AUTO_FOCUS = ""
    ABOUT: ClassVar[tuple[str, ...]] = (
        "One run with its changes: the one that matters most now, or the one that you open in the list of runs.",
        "A run that you order compares everything, then waits with its plan. Nothing is changed before you approve.",
        "Marks: > under way, v done, X failed, ~ planned anew as things changed, - given up, ? waits for you.",
        "Closing the console stops no run.",
    )

    def __init__(self, store: Store, settings: Settings) -> None:
        super().__init__()
        self._store = store
        self._settings = settings
        self._facts: RunFacts | None = None
        self._pinned: int | None = None
        """The run that the admin opened, answered for or ordered; `None` shows the one that matters most."""
        self._other: runs.Run | None = None
        """The run that matters most, where another is pinned."""
        self._position: int | None = None
        """Of the opened change; `None`: none is."""
        self._change: ChangeFacts | None = None
        self._pane: Pane = "changes"
        self._restraint = Restraint()
        self._is_stale = False
        """Whether counts and conflicts may have changed since they were read."""
        self._pace = Pace()
        self._runs = Runs(store, lambda: self.now)
        self._summary, self._detail = Page(self._run_lines), Page(self._change_lines)
        self._headings = tuple(Page(compose, classes="heading") for compose in (self._runs_head, self._changes_head))
        self._runs_view = WindowView(self._runs, id="runs")
        self._changes_view = WindowView(Changes(store, 0), id="changes")

    def body(self) -> ComposeResult:
        """What is said of the run over all runs; its changes over the opened one."""
        of_runs, of_changes = self._headings
        with Container(id="left"):
            yield Scroll(self._summary, id="summary")
            yield Container(of_runs, self._runs_view, id="runs-pane")
        with Container(id="right"):
            yield Container(of_changes, self._changes_view, id="changes-pane")
            yield Scroll(self._detail, id="detail")

    def on_mount(self) -> None:
        """Begin with the changes."""
        self._go_to("changes")

    def news(self) -> None:
        """Read the run, its opened change, and both lists."""
        self._take_ordered()
        before = self._facts
        with self._store.read() as connection:
            important = important_run(connection)
            run = runs.find(connection, self._pinned) if self._pinned is not None else important
            self._other = important if run is not None and important is not None and important.id != run.id else None
            if run is not None and before is not None and _is_same_plan(run, before.run):
                self._facts, self._is_stale = replace(before, run=run), True
            else:
                self._facts = read_run(connection, run) if run is not None else None
                self._is_stale = False
            self._read_change(connection)
        self._update_lists()
        self._update_pages()

    def second(self) -> None:
        """Count the changes anew where the run goes on, read open conflicts; compose, since ages move on."""
        if (facts := self._facts) is not None:
            run = facts.run
            if not run.is_over:
                self._pace.note(run.id, run.done + run.failed, self.now)
            if self._restraint.is_due() and self._is_stale:
                self._is_stale = False
                with self._restraint.measured(), self._store.read() as connection:
                    self._facts = read_run(connection, run, facts.counts if run.is_over else None)
        if self._facts is not None and self._facts.run.planned and not self._changes_view.rows:
            self._update_lists()  # the store could not be read for a moment
        self._update_pages()

    def go_back(self) -> None:
        """Close the opened change; then leave the opened run for the one that matters most."""
        if self._position is not None:
            self._position = self._change = None
            self._go_to("changes")
        elif self._pinned is not None:
            self._leave()

    def reason_against(self, action: Action) -> str:
        """What must hold before a run can be ordered, approved, dropped or cancelled."""
        if action.id == "sync.synchronise" and not self._settings.targets:
            return "no target is configured"
        run = self._facts.run if self._facts is not None else None
        reason = sync_asking.reason_against(action.id, run, self.console.standing.waiting)
        return reason or super().reason_against(action)

    def action_synchronise(self) -> None:
        """Order a run that compares everything."""
        if self.can("sync.synchronise"):
            synchronise(self.console, self._leave)

    def action_approve(self) -> None:
        """Ask, then order that the plan be applied."""
        if self.can("sync.approve") and self._facts is not None:
            self._pinned = self._facts.run.id
            sync_asking.ask_to_approve(self.console, self._facts.run)

    def action_drop(self) -> None:
        """Order that the plan be dropped."""
        if self.can("sync.drop") and self._facts is not None:
            self._pinned = self._facts.run.id
            sync_asking.drop(self.console, self._facts.run)

    def action_cancel(self) -> None:
        """Ask, then order that the run be stopped."""
        if self.can("sync.cancel") and self._facts is not None:
            self._pinned = self._facts.run.id
            sync_asking.ask_to_cancel(self.console, self._facts.run)

    def action_next_pane(self) -> None:
        """Go on to the next pane; the detail is one only while a change is open."""
        panes = [pane for pane in _ORDER if pane != "detail" or self._position is not None]
        self._go_to(panes[(panes.index(self._pane) + 1) % len(panes)])

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """Open a run, or a change."""
        if message.view is self._runs_view:
            self._pinned, self._position, self._change = message.row.id, None, None
            self._go_to("changes")
        else:
            self._pinned = self._facts.run.id if self._facts is not None else None
            self._position = message.row.id - 1
            self._go_to("detail")
        self.show_news()

    def on_window_view_highlighted(self, message: WindowView.Highlighted) -> None:
        """An opened change follows the cursor."""
        if message.view is self._changes_view and self._position is not None:
            self._position = message.row.id - 1
            with self.flashing(), self._store.read() as connection:
                self._read_change(connection)
            self._detail.update()

    def on_descendant_focus(self) -> None:
        """The headings say which list has the keys."""
        for heading in self._headings:
            heading.update()

    def _leave(self) -> None:
        """Leave what is opened for the run that matters most."""
        self._pinned = self._position = self._change = None
        self._go_to("changes")
        self.show_news()

    def _take_ordered(self) -> None:
        """Stay with the run that came of an order, unless the admin went on to another since."""
        ordered, self.console.ordered = self.console.ordered, None
        if self._pinned is None:
            self._pinned = ordered

    def _go_to(self, pane: Pane) -> None:
        """Give a pane the keys; on a narrow screen it is the one that is seen."""
        self._pane = pane
        for name in _ORDER:
            self.set_class(name == pane, f"-pane-{name}")
        self.set_class(self._position is not None, "-opened")
        self._widget_of(pane).focus(scroll_visible=False)

    def _widget_of(self, pane: Pane) -> Widget:
        scrolls = {"summary": self._summary.parent, "detail": self._detail.parent}
        found = scrolls.get(pane) or {"changes": self._changes_view, "runs": self._runs_view}.get(pane)
        assert isinstance(found, Widget)
        return found

    def _read_change(self, connection: Connection) -> None:
        if self._facts is not None and self._position is not None:
            self._change = read_change(connection, self._facts.run.id, self._position)

    def _update_lists(self) -> None:
        shown = self._facts.run.id if self._facts is not None else 0
        if shown != self._runs.shown or not self._changes_view.rows:
            self._changes_view.switch(Changes(self._store, shown), at=self._first_open())
        else:
            self._changes_view.reload()
        self._runs.shown = shown
        self._runs_view.reload()

    def _first_open(self) -> int:
        """The row to begin with: of a run under way the first change that is not over."""
        run = self._facts.run if self._facts is not None else None
        return run.done + run.failed + 1 if run is not None and run.state == "applying" else 1

    def _update_pages(self) -> None:
        for page in (self._summary, self._detail, *self._headings):
            page.update()

    def _run_lines(self, width: int) -> list[Line]:
        keymap = self.console.keymap
        if self._facts is None:
            return sync_text.no_run_lines(keymap, width)
        lines = sync_text.run_lines(self._facts, self._pace, keymap, width, self.now)
        return [*lines[:1], *sync_text.other_lines(self._facts.run, self._other, keymap, width), *lines[1:]]

    def _change_lines(self, width: int) -> list[Line]:
        return change_lines(self._change, self.console.keymap, width, self.now)

    def _runs_head(self, width: int) -> list[Line]:
        return [sync_text.list_heading("Runs", self._pane == "runs", self.console.keymap, width)]

    def _changes_head(self, width: int) -> list[Line]:
        run = self._facts.run if self._facts is not None else None
        title = f"Changes of run {run.id}: {run.planned:,}" if run is not None else "Changes"
        return [sync_text.list_heading(title, self._pane == "changes", self.console.keymap, width)]


def _is_same_plan(run: runs.Run, before: runs.Run) -> bool:
    """Whether the counts of a run still hold well enough until the next second."""
    return (run.id, run.state, run.planned) == (before.id, before.state, before.planned)
