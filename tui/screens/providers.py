"""The providers screen: each provider with its tokens, how to set it up, and whether its connection works.

What is said of a provider has three parts: how it stands, the steps in its IdP's own console, and a page that waits
for the test of its connection and follows what arrives.
"""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.config.settings import ProviderSettings
from core.store import Store, tokens
from core.store.tokens import Token
from core.store.traffic import Traffic
from tui.actions import Action, Place, bindings
from tui.restraint import Restraint
from tui.screens import graph_part, provider_asking
from tui.screens import providers_text as text
from tui.screens.console_screen import ConsoleScreen
from tui.screens.graph_facts import read_graph
from tui.screens.overview_facts import read_provider
from tui.screens.provider_part import PARTS, Part, ShownPart
from tui.screens.providers_text import ProviderView
from tui.session import Kept
from tui.widgets.fixed_rows import FixedRows
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll
from tui.widgets.window_source import Row
from tui.widgets.window_view import WindowView

Pane = Literal["list", "detail"]


class ProvidersScreen(ConsoleScreen):
    """The connections to identity providers, and what is done about them."""

    PLACE = "providers"
    PLACES: ClassVar[tuple[Place, ...]] = ("providers", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("providers")]
    CSS_PATH = "providers.tcss"
    AUTO_FOCUS = ""
    ABOUT: ClassVar[tuple[str, ...]] = (
        "The connections to identity providers: base URL, tokens, traffic, and what each sends beside the standard; of "
        "those that are read over Microsoft Graph, how far, and what a pull does or waits for.",
        "Set-up: add the provider, issue its token, follow the steps in its own console, and wait for its test.",
        "A token is replaced without a pause: issue a second one, enter it, revoke the first once it is idle.",
        "Marks: v well, ! look at it, X nothing is let in, > nothing came yet.",
    )

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._traffic = Traffic()
        self._restraint = Restraint()
        self._is_stale = True
        self._views: tuple[ProviderView, ...] = ()
        self._pane: Pane = "list"
        self._graph = graph_part.GraphPart(self._update)
        self._part = ShownPart(self._graph)
        self._heading = Page(self._head, classes="heading")
        self._detail = Page(self._detail_lines)
        self._list = WindowView(FixedRows(self._rows), id="list")

    def body(self) -> ComposeResult:
        """The list, and what is said of the provider under its cursor."""
        with Container(id="list-pane"):
            yield self._heading
            yield self._list
        yield Scroll(self._detail, id="detail")

    def on_mount(self) -> None:
        """Begin at the first."""
        self._read()
        self._list.switch(FixedRows(self._rows), at=1)
        self._go_to("list")

    def news(self) -> None:
        """Remember it; while the admin waits for a test, look at once."""
        self._is_stale = True
        if self._part.name == "connection":
            self._read_part()
            self._detail.update()

    def second(self) -> None:
        """Read what may have changed; compose, since ages move on."""
        if self._restraint.is_due() and self._is_stale:
            with self._restraint.measured():
                self._read()
        else:
            self._views = tuple(view.moved_on(self._traffic, self.now) for view in self._views)
        self._update()

    def go_back(self) -> None:
        """Go back to how the provider stands, and to the list."""
        self._show("provider")
        self._go_to("list")

    def kept(self) -> Kept:
        """The provider under the cursor, what is shown of it, and the pane."""
        name = view.facts.provider.name if (view := self._shown) is not None else ""
        return Kept({"provider": name, "part": self._part.name, "pane": self._pane})

    def take_up(self, kept: Kept) -> None:
        """Go to the provider, and on in what was shown of it."""
        names = [view.facts.provider.name for view in self._views]
        if (name := kept.text("provider")) not in names:
            return
        self._list.switch(FixedRows(self._rows), at=names.index(name) + 1)
        self._show(next((part for part in PARTS if part == kept.text("part")), self._part.name))
        self._go_to("detail" if kept.text("pane") == "detail" else "list")

    def reason_against(self, action: Action) -> str:
        """What must be there before something can be done with it. No engine is needed for any of it."""
        if action.place != "providers":
            return super().reason_against(action)
        if action.id in ("providers.add", "providers.next_pane"):
            return ""
        if (shown := self._shown) is None:
            return "no provider is configured"
        if action.id in ("providers.attributes", "providers.steps"):
            return ""
        if action.id in graph_part.ACTIONS:
            return self._graph.reason_against(action, self.console, shown.facts.provider)
        if shown.facts.provider.graph is not None:
            return "this provider is pulled over Graph, and sends nothing"
        if action.id == "providers.revoke" and not self._live():
            return "there is no live token"
        return ""

    def action_issue(self) -> None:
        """Issue a token, shown once; then show where it is entered, where nothing came yet."""
        if self.can("providers.issue") and (view := self._shown) is not None:
            is_new = view.facts.last_at is None

            def issued() -> None:
                self._reread()
                if is_new and self._part.name == "provider":
                    self._turn_to("steps")

            provider_asking.ask_to_issue(self.console, view.facts.provider, self._live(), issued)

    def action_revoke(self) -> None:
        """End a token."""
        if self.can("providers.revoke"):
            provider_asking.ask_to_revoke(self.console, self._live(), self._reread)

    def action_add(self) -> None:
        """Add a provider to config.toml."""
        if self.can("providers.add"):
            provider_asking.ask_to_add(self.console, self._added)

    def action_steps(self) -> None:
        """Show what to do in the IdP's own console, or go back from there."""
        if self.can("providers.steps"):
            self._turn_to("steps")

    def action_wait(self) -> None:
        """Wait for the test of the connection, or go back from there."""
        if self.can("providers.wait"):
            self._turn_to("connection")

    def action_attributes(self) -> None:
        """Show what rules can use of users, or go back from there."""
        if self.can("providers.attributes"):
            self._turn_to("attributes")

    def action_entra_log(self) -> None:
        """Read Entra's log beside ours, or go back from there."""
        if self.can("providers.entra_log") and (provider := self._provider()) is not None:
            if self._part.name != "entra_log":
                self._graph.compare(self.console, provider)
            self._turn_to("entra_log")

    def action_copy_url(self) -> None:
        """Copy the base URL."""
        if self.can("providers.copy_url") and (view := self._shown) is not None:
            provider_asking.copy_url(self.console, view.facts.base_url)

    def action_pull(self) -> None:
        """Have the directory read now."""
        if self.can("providers.pull") and (provider := self._provider()) is not None:
            self._graph.pull(self.console, provider)

    def action_check(self) -> None:
        """Try sign-in and permissions."""
        if self.can("providers.check") and (provider := self._provider()) is not None:
            self._graph.check(self.console, provider)

    def action_next_pane(self) -> None:
        """Go on to the other pane."""
        self._go_to("detail" if self._pane == "list" else "list")

    def on_window_view_highlighted(self, message: WindowView.Highlighted) -> None:
        """What is said follows the cursor."""
        self._show(self._part.name)

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """Read on in what is said of it."""
        self._go_to("detail")

    def on_descendant_focus(self) -> None:
        """The heading says whether the list has the keys."""
        self._heading.update()

    @property
    def _shown(self) -> ProviderView | None:
        """The provider under the cursor."""
        place = self._list.cursor - 1
        return self._views[place] if 0 <= place < len(self._views) else None

    def _live(self) -> list[Token]:
        view = self._shown
        return [token for token in view.tokens if token.is_live(self.now)] if view is not None else []

    def _added(self, name: str) -> None:
        self._reread()
        names = [view.facts.provider.name for view in self._views]
        self._list.switch(FixedRows(self._rows), at=names.index(name) + 1)
        self._show("provider")

    def _turn_to(self, part: Part) -> None:
        """Show a part and let it have the keys; where it is shown already, go back from it."""
        if part == self._part.name:
            self.go_back()
        else:
            self._show(part)
            self._go_to("detail")

    def _show(self, part: Part) -> None:
        """Show a part of what is said, from its beginning where it is another one."""
        if self._part.turn(part, self._provider(), self.now):
            self.query_one("#detail", Scroll).scroll_home(animate=False)
        self.set_class(part != "provider" or self._pane == "detail", "-pane-detail")
        self._read_part()
        self._update()
        self.update_frame()

    def _reread(self) -> None:
        """Read what was just changed here."""
        self._read()
        self._show(self._part.name)

    def _read(self) -> None:
        settings, now = self.console.settings, self.now
        before = {view.facts.provider.name: view.graph for view in self._views}
        with self.flashing(), self._store.read() as connection:
            self._traffic.read(connection, now)
            self._views = tuple(
                ProviderView(
                    read_provider(connection, provider, settings, self._traffic, now),
                    tuple(tokens.listing(connection, provider.name)),
                    read_graph(connection, provider.name, before.get(provider.name))
                    if provider.graph is not None
                    else None,
                )
                for provider in settings.providers
            )
            self._is_stale = False

    def _read_part(self) -> None:
        """Read what the part alone shows."""
        with self.flashing(), self._store.read() as connection:
            self._part.read(connection, self._provider(), self.now)

    def _provider(self) -> ProviderSettings | None:
        return self._shown.facts.provider if self._shown is not None else None

    def _go_to(self, pane: Pane) -> None:
        """Give a pane the keys; on a narrow screen what is read takes all of it."""
        self._pane = pane
        self.set_class(self._part.name != "provider" or pane == "detail", "-pane-detail")
        widget = self._list if pane == "list" else self.query_one("#detail")
        widget.focus(scroll_visible=False)
        self._heading.update()

    def _update(self) -> None:
        self._list.reload()
        self._heading.update()
        self._detail.update()

    def _rows(self) -> list[Row]:
        return [text.row(number, view, self.now) for number, view in enumerate(self._views, 1)]

    def _head(self, width: int) -> list[Line]:
        return [text.heading(self._pane == "list", self.console.keymap, width)]

    def _detail_lines(self, width: int) -> list[Line]:
        if (view := self._shown) is None:
            return text.empty_lines(self.console.keymap, width)
        return self._part.lines(view, self.console, width, self.now)
