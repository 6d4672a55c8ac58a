"""The sync screen: one run with its changes, and all runs.

It shows the run that matters most until another is opened. What is shown is read again when something was committed,
save for the counts of its changes by kind and state, and for conflicts: those once a second at most.
"""

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.store import Store, runs
from tui.actions import Action, Place, bindings
from tui.screens import sync_asking, sync_text
from tui.screens.change_list import ChangeList
from tui.screens.comparing import mark_or_compare
from tui.screens.opened_change import OpenedChange, links
from tui.screens.pace import Pace
from tui.screens.run_orders import RunOrders
from tui.screens.sync_progress import steps_over
from tui.screens.sync_sources import Runs
from tui.screens.trailing import go_back, go_on
from tui.session import Kept
from tui.trail import Stop
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll
from tui.widgets.window_view import WindowView
from tui.widgets.words_bar import WordsBar

if TYPE_CHECKING:
    pass

Pane = Literal["changes", "detail", "runs", "summary"]
_ORDER: tuple[Pane, ...] = ("detail", "changes", "runs", "summary")


class SyncScreen(RunOrders):
    """Runs: what they are about to do, what they do, what they did."""

    PLACE = "sync"
    PLACES: ClassVar[tuple[Place, ...]] = ("sync", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sync")]
    CSS_PATH = "sync.tcss"
    AUTO_FOCUS = ""
    ABOUT: ClassVar[tuple[str, ...]] = sync_text.ABOUT

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._pane: Pane = "changes"
        self._pace = Pace()
        self._runs = Runs(store, lambda: self.now)
        self._summary, self._detail = Page(self._run_lines), OpenedChange(id="detail")
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
            yield self._detail

    def on_mount(self) -> None:
        """Begin with the changes."""
        self._go_to("changes")

    def news(self) -> None:
        """Read the run, its opened change, and both lists."""
        self._shown.take(self.console.ordered)
        self.console.ordered = None
        with self._store.read() as connection:
            self._shown.read(connection)
            self._detail.read(connection, self._shown.number)
        self._update_lists()
        self._update_pages()

    def second(self) -> None:
        """Count the changes anew where the run goes on, read open conflicts; compose, since ages move on."""
        if (run := self._shown.run) is not None and not run.is_over:
            self._pace.note(run.id, steps_over(run), self.now)
        self._shown.count(self._store)
        if run is not None and run.planned and not self._changes_view.rows:
            self._update_lists()  # the store could not be read for a moment
        self._update_pages()

    def go_back(self) -> None:
        """Leave what is typed; close the opened change; end the search; leave the opened run."""
        if self._bar.is_open:
            self._bar.close()
            self._go_to("changes")
        elif self._detail.is_open:
            self._detail.open(None)
            self._go_to("changes")
        elif self._changes_view.words:
            self._changes_view.search("")
            self._update_pages()
        elif self._shown.pinned is not None:
            self.leave()

    def kept(self) -> Kept:
        """The run that was opened, what is looked for in it, its opened change, and the pane."""
        change, view = self._detail.position, self._changes_view
        at = 1 + (view.position or 0)
        run = {"run": self._shown.pinned or 0, "at": at, "change": 0 if change is None else change + 1}
        opened = run if self._shown.pinned else {}
        return Kept({**opened, "words": view.words, "pane": self._pane, "order": view.order})

    def take_up(self, kept: Kept) -> None:
        """Open the run and its change as before, if they are still there."""
        self._changes_view.take_order(kept.text("order"))
        with self._store.read() as connection:
            run = runs.find(connection, kept.number("run"))
            if run is not None:
                self._shown.pinned = run.id
                self._detail.open(kept.number("change") - 1 if kept.number("change") else None)
            self._shown.read(connection)
            self._detail.read(connection, self._shown.number)
        if run is not None:
            self._changes_view.show_run(run.id, kept.number("at") or 1, kept.text("words"))
        panes = [pane for pane in _ORDER if pane == kept.text("pane") and self._has(pane)]
        self._go_to(panes[0] if panes else "changes")

    def reason_against(self, action: Action) -> str:
        """What must hold before a run can be ordered, approved, dropped or cancelled."""
        if self._bar.is_open:
            return "words are being typed" if action.place != "everywhere" else ""
        if action.id in ("sync.synchronise", "sync.drift") and not self.console.settings.targets:
            return "no target is configured"
        if action.id == "sync.trail_back" and not self.console.remembered.trail:
            return "the trail begins here"
        if action.id in ("sync.order", "sync.trail", "sync.compare") and self._shown.run is None:
            return "there is no run"
        reason = sync_asking.reason_against(action.id, self._shown.run, self.console.standing.waiting)
        # Nobody but this console takes a change out of a plan: no engine is needed for that.
        return reason or ("" if action.id == "sync.exclude" else super().reason_against(action))

    def action_search(self) -> None:
        """Type the words that the list of changes is searched for."""
        if self.can("sync.search"):
            self._shown.pin()  # words are about the run that is seen, whatever begins meanwhile
            self._see("changes")
            self._bar.open(self._changes_view.words)
            self.update_frame()

    def action_order(self) -> None:
        """Group the changes by what comes next, or not at all."""
        if self.can("sync.order"):
            self._changes_view.next_order()
            self._go_to("changes")
            self._update_pages()

    @work(exclusive=True, group="compare")
    async def action_compare(self) -> None:
        """Mark the run under the cursor of the list, else the shown one, or compare it with the marked one."""
        if self.can("sync.compare"):
            chosen = self._runs_view.cursor if self._pane == "runs" else self._shown.number
            self._runs.marked = await mark_or_compare(self.console, self._runs.marked, chosen)
            self._runs_view.reload()

    def action_trail(self) -> None:
        """Go on to the request that caused the change under the cursor, or to its calls."""
        if self.can("sync.trail"):
            run, position = self._shown.number, self._changes_view.position
            with self.flashing(), self._store.read() as connection:
                go_on(self.console, Stop(run=run, position=position), links(connection, run, position))

    def action_trail_back(self) -> None:
        """Go back to where one came from."""
        if self.can("sync.trail_back"):
            go_back(self.console)

    def action_next_pane(self) -> None:
        """Go on to the next pane; the detail is one only while a change is open."""
        panes = [pane for pane in _ORDER if self._has(pane)]
        self._go_to(panes[(panes.index(self._pane) + 1) % len(panes)])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While words are typed, the keys of the screen are characters like any other."""
        return not (self._bar.is_open and action in ("search", "next_pane"))

    def on_words_bar_applied(self, message: WordsBar.Applied) -> None:
        """Search, or show everything again."""
        self._bar.close()
        self._detail.open(None)
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
        elif (position := self._changes_view.position_of(message.row.id)) is None:
            self._changes_view.fold(message.row.id)
        else:
            self._shown.pin()
            self._detail.open(position)
            self._go_to("detail")
            self.show_news()

    def open_run(self, number: int | None, position: int | None = None) -> None:
        """Show one run, and stay with it, with its change at a position opened; `None`: the one that matters most."""
        self._shown.pinned = number
        self._detail.open(position)
        self._go_to("changes" if position is None else "detail")
        self.show_news()
        if position is not None:
            self._changes_view.go_to(position)

    def on_window_view_highlighted(self, message: WindowView.Highlighted) -> None:
        """An opened change follows the cursor."""
        position = self._changes_view.position
        if message.view is self._changes_view and self._detail.is_open and position is not None:
            self._detail.open(position)
            with self.flashing(), self._store.read() as connection:
                self._detail.read(connection, self._shown.number)
            self._detail.update()

    def on_descendant_focus(self) -> None:
        """The headings say which list has the keys."""
        for heading in self._headings:
            heading.update()

    def leave(self) -> None:
        """Leave what is opened."""
        self.open_run(None)

    @property
    def position(self) -> int | None:
        """The change under the cursor."""
        return self._changes_view.position

    def _has(self, pane: Pane) -> bool:
        return pane != "detail" or self._detail.is_open

    def _go_to(self, pane: Pane) -> None:
        """Give a pane the keys."""
        self._see(pane)
        self.query_one(f"#{pane}").focus(scroll_visible=False)

    def _see(self, pane: Pane) -> None:
        """On a narrow screen, let this pane be the one that is seen."""
        self._pane = pane
        for name in _ORDER:
            self.set_class(name == pane, f"-pane-{name}")
        self.set_class(self._detail.is_open, "-opened")

    def _update_lists(self) -> None:
        self._changes_view.show_run(self._shown.number, at=self._shown.first_open)
        self._runs.shown = self._shown.number
        self._runs_view.reload()

    def _update_pages(self) -> None:
        self._detail.update()
        for page in (self._summary, *self._headings):
            page.update()

    def _run_lines(self, width: int) -> list[Line]:
        keymap, shown = self.console.keymap, self._shown
        if shown.facts is None:
            return sync_text.no_run_lines(keymap, width)
        lines = sync_text.run_lines(shown.facts, self._pace, keymap, width, self.now)
        return [*lines[:1], *sync_text.other_lines(shown.facts.run, shown.other, keymap, width), *lines[1:]]

    def _runs_head(self, width: int) -> list[Line]:
        return [sync_text.list_heading("Runs", self._pane == "runs", self.console.keymap, width)]

    def _changes_head(self, width: int) -> list[Line]:
        title = self._changes_view.heading(run.planned if (run := self._shown.run) is not None else 0)
        return [sync_text.list_heading(title, self._pane == "changes", self.console.keymap, width)]
