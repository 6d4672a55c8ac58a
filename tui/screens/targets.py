"""The targets screen: each target with how it is reached, how it stands, and what a check of it finds."""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.store import Store
from core.store.traffic import Traffic
from tui import health_check
from tui.actions import Action, Place, bindings
from tui.health_check import CheckFailed
from tui.restraint import Restraint
from tui.screens import targets_text as text
from tui.screens.console_screen import ConsoleScreen
from tui.screens.overview_facts import OverviewFacts, TargetFacts, read_overview
from tui.screens.targets_text import Checked
from tui.session import Kept
from tui.widgets.fixed_rows import FixedRows
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll
from tui.widgets.window_source import Row
from tui.widgets.window_view import WindowView

Pane = Literal["list", "detail"]


class TargetsScreen(ConsoleScreen):
    """The products that are provisioned."""

    PLACE = "targets"
    PLACES: ClassVar[tuple[Place, ...]] = ("targets", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("targets")]
    CSS_PATH = "targets.tcss"
    AUTO_FOCUS = ""
    ABOUT: ClassVar[tuple[str, ...]] = (
        "The products that are provisioned: how each is reached, what is pending there, and its last run.",
        "A check tries URL, credential, permissions and directories of all targets, and changes nothing; what fails "
        "comes with its remedy. It goes on while you look at other screens.",
        "Marks: v well, ! look at it, X broken, > no run yet.",
    )

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._traffic = Traffic()
        self._restraint = Restraint()
        self._is_stale = True
        self._facts = OverviewFacts()
        self._checked: Checked | None = None
        self._pane: Pane = "list"
        self._heading = Page(self._head, classes="heading")
        self._detail = Page(self._detail_lines)
        self._list = WindowView(FixedRows(self._rows), id="list")

    def body(self) -> ComposeResult:
        """The list, and what is said of the target under its cursor."""
        with Container(id="list-pane"):
            yield self._heading
            yield self._list
        yield Scroll(self._detail, id="detail")

    def on_mount(self) -> None:
        """Begin at the first."""
        with self.flashing():
            self._read()
        self._list.switch(FixedRows(self._rows), at=1)
        self._go_to("list")

    def news(self) -> None:
        """Remember it: counts are read once a second at most."""
        self._is_stale = True

    def second(self) -> None:
        """Read what may have changed; compose, since ages and bars move on."""
        if self._restraint.is_due() and self._is_stale:
            with self._restraint.measured():
                self._read()
        else:
            self._facts = self._facts.moved_on(self._traffic, self.now)
        self._update()

    def go_back(self) -> None:
        """Go back to the list."""
        self._go_to("list")

    def kept(self) -> Kept:
        """The target under the cursor, and the pane."""
        return Kept({"target": shown.target.name if (shown := self._shown) else "", "pane": self._pane})

    def take_up(self, kept: Kept) -> None:
        """Go to the target."""
        names = [facts.target.name for facts in self._facts.targets]
        if kept.text("target") in names:
            self._list.switch(FixedRows(self._rows), at=names.index(kept.text("target")) + 1)
        self._go_to("detail" if kept.text("pane") == "detail" else "list")

    def reason_against(self, action: Action) -> str:
        """A check and a synchronisation need a target; the latter an engine too."""
        if action.id in ("targets.check", "targets.synchronise") and self._shown is None:
            return "no target is configured"
        if action.id == "targets.check" and self._checked is not None and self._checked.is_under_way:
            return "a check is under way"
        return super().reason_against(action)

    def action_check(self) -> None:
        """Try all targets, in the background."""
        if self.can("targets.check"):
            self._checked = Checked(self.now)
            self._update()
            self.run_worker(self._check(), group="check", exclusive=True)

    def action_synchronise(self) -> None:
        """Order a run that compares everything of the target under the cursor."""
        if self.can("targets.synchronise") and (shown := self._shown) is not None:
            name = shown.target.name
            asked = f"sync {name}: asked; the plan will wait for you under Sync"
            self.run_worker(self.console.order("sync", name, asked))

    def action_next_pane(self) -> None:
        """Go on to the other pane."""
        self._go_to("detail" if self._pane == "list" else "list")

    def on_window_view_highlighted(self, message: WindowView.Highlighted) -> None:
        """What is said follows the cursor."""
        self.query_one("#detail", Scroll).scroll_home(animate=False)
        self._update()

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """Read on in what is said of it."""
        self._go_to("detail")

    def on_descendant_focus(self) -> None:
        """The heading says whether the list has the keys."""
        self._heading.update()

    async def _check(self) -> None:
        began = self.now
        try:
            found = await health_check.check_targets(self.console.settings.path)
            self._checked = Checked(began, found)
        except CheckFailed as error:
            self._checked = Checked(began, failure=str(error))
        said, is_well = text.told(self._checked)
        self.flash(said, "good" if is_well else "bad")
        self._update()
        self.update_frame()

    @property
    def _shown(self) -> TargetFacts | None:
        """The target under the cursor."""
        place = self._list.cursor - 1
        return self._facts.targets[place] if 0 <= place < len(self._facts.targets) else None

    def _read(self) -> None:
        with self._store.read() as connection:
            self._facts = read_overview(connection, self.console.settings, self._traffic, self.now)
        self._is_stale = False

    def _go_to(self, pane: Pane) -> None:
        """Give a pane the keys; on a narrow screen what is read takes all of it."""
        self._pane = pane
        self.set_class(pane == "detail", "-pane-detail")
        widget = self._list if pane == "list" else self.query_one("#detail")
        widget.focus(scroll_visible=False)
        self._heading.update()

    def _update(self) -> None:
        self._list.reload()
        self._heading.update()
        self._detail.update()

    def _rows(self) -> list[Row]:
        return [text.row(number, facts, self._checked) for number, facts in enumerate(self._facts.targets, 1)]

    def _head(self, width: int) -> list[Line]:
        return [text.heading(self._pane == "list", self.console.keymap, width)]

    def _detail_lines(self, width: int) -> list[Line]:
        if (shown := self._shown) is None:
            return text.empty_lines(width)
        return text.detail_lines(shown, self._checked, self.console.keymap, width, self.now)
