"""The sync screen: one run with its changes, and all runs.

It shows the run that matters most until another is opened. What is shown is read again when something was committed,
save for the counts of its changes by kind and state, and for conflicts: those once a second at most.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal

from sqlalchemy import Connection
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widget import Widget

from core.config.settings import Settings
from core.store import Store, runs
from tui.actions import Action, Place, bindings
from tui.screens import sync_asking, sync_text
from tui.screens.change_list import ChangeList
from tui.screens.change_text import change_lines
from tui.screens.console_screen import ConsoleScreen
from tui.screens.drifting import show_drift
from tui.screens.pace import Pace
from tui.screens.run_reading import RunReading
from tui.screens.sync_facts import ChangeFacts, read_change
from tui.screens.sync_sources import Runs
from tui.screens.synchronising import synchronise
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll
from tui.widgets.window_view import WindowView
from tui.widgets.words_bar import WordsBar

if TYPE_CHECKING:
    from tui.app import Console

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
        "Marks: > under way, = paused, v done, X failed, ~ planned anew as things changed, - given up or taken out, "
        "? waits for you.",
        "A change that is taken out of a plan takes with it what needs it, and waits for approval in later runs too.",
        "Undoing plans the way back, which waits like any plan. Drift shows what others changed at a target.",
        "A search looks for all its words in what a change does, to whom, why, how it stands, and before and after.",
        "Closing the console stops no run.",
    )

    def __init__(self, store: Store, settings: Settings) -> None:
        super().__init__()
        self._store = store
        self._settings = settings
        self._shown = RunReading()
        self._position: int | None = None
        """Of the opened change; `None`: none is."""
        self._change: ChangeFacts | None = None
        self._pane: Pane = "changes"
        self._pace = Pace()
        self._runs = Runs(store, lambda: self.now)
        self._summary, self._detail = Page(self._run_lines), Page(self._change_lines)
        self._headings = tuple(Page(compose, classes="heading") for compose in (self._runs_head, self._changes_head))
        self._runs_view = WindowView(self._runs, id="runs")
        self._bar = WordsBar(id="words")
        self._changes_view = ChangeList(store, id="changes")

    def body(self) -> ComposeResult:
        """What is said of the run over all runs; its changes over the opened one."""
        of_runs, of_changes = self._headings
        with Container(id="left"):
            yield Scroll(self._summary, id="summary")
            yield Container(of_runs, self._runs_view, id="runs-pane")
        with Container(id="right"):
            yield Container(of_changes, self._bar, self._changes_view, id="changes-pane")
            yield Scroll(self._detail, id="detail")

    def on_mount(self) -> None:
        """Begin with the changes."""
        self._go_to("changes")

    def news(self) -> None:
        """Read the run, its opened change, and both lists."""
        self._take_ordered()
        with self._store.read() as connection:
            self._shown.read(connection)
            self._read_change(connection)
        self._update_lists()
        self._update_pages()

    def second(self) -> None:
        """Count the changes anew where the run goes on, read open conflicts; compose, since ages move on."""
        if (run := self._shown.run) is not None and not run.is_over:
            self._pace.note(run.id, run.done + run.failed, self.now)
        self._shown.count(self._store)
        if run is not None and run.planned and not self._changes_view.rows:
            self._update_lists()  # the store could not be read for a moment
        self._update_pages()

    def go_back(self) -> None:
        """Leave what is typed; close the opened change; end the search; leave the opened run."""
        if self._bar.is_open:
            self._bar.close()
            self._go_to("changes")
        elif self._position is not None:
            self._position = self._change = None
            self._go_to("changes")
        elif self._changes_view.words:
            self._changes_view.search("")
            self._update_pages()
        elif self._shown.pinned is not None:
            self._leave()

    def reason_against(self, action: Action) -> str:
        """What must hold before a run can be ordered, approved, dropped or cancelled."""
        if self._bar.is_open:
            return "words are being typed" if action.place != "everywhere" else ""
        if action.id in ("sync.synchronise", "sync.drift") and not self._settings.targets:
            return "no target is configured"
        reason = sync_asking.reason_against(action.id, self._shown.run, self.console.standing.waiting)
        # Nobody but this console takes a change out of a plan: no engine is needed for that.
        return reason or ("" if action.id == "sync.exclude" else super().reason_against(action))

    def action_synchronise(self) -> None:
        """Order a run that compares everything."""
        if self.can("sync.synchronise"):
            synchronise(self.console, self._leave)

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
        position = self._changes_view.cursor - 1
        self._about_run("sync.exclude", lambda console, run: sync_asking.exclude(console, run, position))

    def action_undo(self) -> None:
        """Order that what puts the run back be planned, and go on to that plan once it is there."""
        if self.can("sync.undo") and (run := self._shown.run) is not None:
            sync_asking.undo(self.console, run)
            self._leave()

    def action_search(self) -> None:
        """Type the words that the list of changes is searched for."""
        if self.can("sync.search"):
            self._shown.pin()  # words are about the run that is seen, whatever begins meanwhile
            self._see("changes")
            self._bar.open(self._changes_view.words)
            self.update_frame()

    def action_drift(self) -> None:
        """Show the drift of the shown run's target, or of one that is asked for."""
        if self.can("sync.drift"):
            show_drift(self.console, run.target if (run := self._shown.run) is not None else None, self._leave)

    def action_next_pane(self) -> None:
        """Go on to the next pane; the detail is one only while a change is open."""
        panes = [pane for pane in _ORDER if pane != "detail" or self._position is not None]
        self._go_to(panes[(panes.index(self._pane) + 1) % len(panes)])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While words are typed, the keys of the screen are characters like any other."""
        return not (self._bar.is_open and action in ("search", "next_pane"))

    def on_words_bar_applied(self, message: WordsBar.Applied) -> None:
        """Search, or show everything again."""
        self._bar.close()
        self._position = self._change = None
        self._changes_view.search(message.text)
        self._go_to("changes")
        self._update_pages()
        self.update_frame()

    def on_searched_view_searched(self, message: ChangeList.Searched) -> None:
        """Say how far a search is."""
        self._headings[1].update()
        if message.problem:
            self.flash(message.problem, "bad")

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """Open a run, or a change."""
        if message.view is self._runs_view:
            self.open_run(message.row.id)
            return
        self._shown.pin()
        self._position = message.row.id - 1
        self._go_to("detail")
        self.show_news()

    def open_run(self, number: int | None) -> None:
        """Show one run, and stay with it; `None`: the one that matters most."""
        self._shown.pinned, self._position, self._change = number, None, None
        self._go_to("changes")
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

    def _about_run(self, action_id: str, ask: Callable[["Console", runs.Run], None]) -> None:
        """Do something about the shown run, and stay with it."""
        if self.can(action_id) and (run := self._shown.run) is not None:
            self._shown.pin()
            ask(self.console, run)

    def _leave(self) -> None:
        """Leave what is opened."""
        self.open_run(None)

    def _take_ordered(self) -> None:
        """Stay with the run that came of an order, unless the admin went on to another since."""
        ordered, self.console.ordered = self.console.ordered, None
        if self._shown.pinned is None:
            self._shown.pinned = ordered

    def _go_to(self, pane: Pane) -> None:
        """Give a pane the keys."""
        self._see(pane)
        self._widget_of(pane).focus(scroll_visible=False)

    def _see(self, pane: Pane) -> None:
        """On a narrow screen, let this pane be the one that is seen."""
        self._pane = pane
        for name in _ORDER:
            self.set_class(name == pane, f"-pane-{name}")
        self.set_class(self._position is not None, "-opened")

    def _widget_of(self, pane: Pane) -> Widget:
        scrolls = {"summary": self._summary.parent, "detail": self._detail.parent}
        found = scrolls.get(pane) or {"changes": self._changes_view, "runs": self._runs_view}.get(pane)
        assert isinstance(found, Widget)
        return found

    def _read_change(self, connection: Connection) -> None:
        if (run := self._shown.run) is not None and self._position is not None:
            self._change = read_change(connection, run.id, self._position)

    def _update_lists(self) -> None:
        shown = run.id if (run := self._shown.run) is not None else 0
        self._changes_view.show_run(shown, at=self._first_open())
        self._runs.shown = shown
        self._runs_view.reload()

    def _first_open(self) -> int:
        """The row to begin with: of a run under way the first change that is not over."""
        run = self._shown.run
        return run.done + run.failed + 1 if run is not None and run.state == "applying" else 1

    def _update_pages(self) -> None:
        for page in (self._summary, self._detail, *self._headings):
            page.update()

    def _run_lines(self, width: int) -> list[Line]:
        keymap = self.console.keymap
        if (facts := self._shown.facts) is None:
            return sync_text.no_run_lines(keymap, width)
        lines = sync_text.run_lines(facts, self._pace, keymap, width, self.now)
        return [*lines[:1], *sync_text.other_lines(facts.run, self._shown.other, keymap, width), *lines[1:]]

    def _change_lines(self, width: int) -> list[Line]:
        return change_lines(self._change, self.console.keymap, width, self.now)

    def _runs_head(self, width: int) -> list[Line]:
        return [sync_text.list_heading("Runs", self._pane == "runs", self.console.keymap, width)]

    def _changes_head(self, width: int) -> list[Line]:
        title = self._changes_view.heading(run.planned if (run := self._shown.run) is not None else 0)
        return [sync_text.list_heading(title, self._pane == "changes", self.console.keymap, width)]
