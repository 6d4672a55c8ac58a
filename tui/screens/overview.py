"""The overview: engine, what needs you, providers, targets and conflicts, on two pages."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from core.store import Store
from core.store.traffic import Traffic
from tui.actions import Action, Place, bindings
from tui.dialogs.tolerances import TolerancesDialog
from tui.restraint import Restraint
from tui.screens import overview_text as text
from tui.screens.console_screen import ConsoleScreen
from tui.screens.overview_facts import OverviewFacts, read_overview
from tui.screens.overview_needs import needs
from tui.screens.synchronising import synchronise
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll


class OverviewScreen(ConsoleScreen):
    """How everything stands, at a glance."""

    PLACE = "overview"
    PLACES: ClassVar[tuple[Place, ...]] = ("overview", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("overview")]
    CSS_PATH = "overview.tcss"
    ABOUT: ClassVar[tuple[str, ...]] = (
        "Engine, providers and targets as they stand, and what needs you with the key or command that comes next.",
        "Bars show exchanges per three seconds over the last minute. Marks: v well, ! look at it, X broken.",
        "The engine is a process of its own: closing the console, or losing the line, stops nothing.",
    )

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._traffic = Traffic()
        self._facts = OverviewFacts()
        self._is_stale = True
        self._restraint = Restraint()
        self._pages = (Page(self._first_page, id="first"), Page(self._second_page, id="second"))

    def body(self) -> ComposeResult:
        """Two pages, one under the other or side by side."""
        with Scroll():
            yield from self._pages

    def news(self) -> None:
        """Remember it: counts are read once a second at most."""
        self._is_stale = True

    def second(self) -> None:
        """Read what may have changed; compose, since ages and bars move on."""
        if self._restraint.is_due() and self._is_stale:
            with self._restraint.measured(), self._store.read() as connection:
                self._facts = read_overview(connection, self.console.settings, self._traffic, self.now)
            self._is_stale = False
        else:
            self._facts = self._facts.moved_on(self._traffic, self.now)
        for page in self._pages:
            page.update()

    def reason_against(self, action: Action) -> str:
        """An engine is started where none is alive; a synchronisation needs a target, a list something in it."""
        if action.id == "overview.start_engine":
            return "an engine is alive" if self.console.is_engine_alive() else ""
        if action.id == "overview.synchronise" and not self.console.settings.targets:
            return "no target is configured"
        if action.id == "overview.tolerances" and not any(facts.tolerances for facts in self._facts.providers):
            return "no provider has needed any"
        return super().reason_against(action)

    def action_tolerances(self) -> None:
        """List what each provider sends beside the standard."""
        if self.can("overview.tolerances"):
            self.app.push_screen(TolerancesDialog(self._facts.providers, self.console.keymap, self.now))

    def action_start_engine(self) -> None:
        """Start an engine."""
        if self.can("overview.start_engine"):
            self.console.begin_engine()

    def action_synchronise(self) -> None:
        """Order a run that compares everything."""
        if self.can("overview.synchronise"):
            synchronise(self.console)

    def _first_page(self, width: int) -> list[Line]:
        console, now = self.console, self.now
        found = needs(self.console.settings, console.standing, self._facts, console.keymap, now)
        return [
            *text.engine_lines(self.console.settings, console.standing, now),
            (),
            *text.need_lines(found, width),
            (),
            *text.provider_lines(self._facts, now),
        ]

    def _second_page(self, width: int) -> list[Line]:
        conflicts = text.conflict_lines(self._facts, self.now)
        return [*text.target_lines(self._facts, self.now), *([()] if conflicts else []), *conflicts]
