"""The audit screen: what admins did, newest at the end, and the entry under the cursor whole."""

from typing import ClassVar, Literal

from sqlalchemy import Connection
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.store import Store, audit, conflicts, runs
from core.store.audit import Entry
from tui.actions import Action, Place, bindings
from tui.screens import audit_text
from tui.screens.audit_source import Trail
from tui.screens.console_screen import ConsoleScreen
from tui.session import Kept
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll
from tui.widgets.searched_view import SearchedView
from tui.widgets.window_view import WindowView
from tui.widgets.words_bar import WordsBar
from tui.word_search import WordSearch

Pane = Literal["trail", "entry"]


class AuditScreen(ConsoleScreen):
    """What admins did."""

    PLACE = "audit"
    PLACES: ClassVar[tuple[Place, ...]] = ("audit", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("audit")]
    CSS_PATH = "audit.tcss"
    AUTO_FOCUS = ""
    ABOUT: ClassVar[tuple[str, ...]] = (
        "Everything that admins did, here or by command, noted in the same transaction. No entry ever goes.",
        "From an entry about a run or a conflict, one key goes to that run or conflict.",
        "A search looks for all its words in who, what, to what, and the detail, the newest entries first.",
    )

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._entry: Entry | None = None
        self._number = 0
        """Of the newest entry: how many there are, since none is ever deleted."""
        self._pane: Pane = "trail"
        self._heading = Page(self._head, classes="heading")
        self._bar = WordsBar(id="words")
        self._trail = Trail(store, lambda: self.now)
        self._view = SearchedView(store, self._trail, id="trail")
        self._detail = Page(self._entry_lines)

    def body(self) -> ComposeResult:
        """The trail, and the entry."""
        yield Container(self._heading, self._bar, self._view, id="trail-pane")
        yield Scroll(self._detail, id="entry")

    def on_mount(self) -> None:
        """Begin with the newest."""
        self._go_to("trail")

    def news(self) -> None:
        """Read what came."""
        self._number = self._trail.head()
        self._view.renew()
        self._read()

    def second(self) -> None:
        """Compose, since ages move on."""
        self._update()

    def go_back(self) -> None:
        """Leave what is typed, the entry, or the search."""
        if self._bar.is_open:
            self._bar.close()
        elif self._pane == "trail" and self._view.words:
            self._search("")
        self._go_to("trail")

    def kept(self) -> Kept:
        """What is searched for, the entry under a cursor that holds, and the pane."""
        at = 0 if self._view.following else self._view.cursor
        return Kept({"words": self._view.words, "at": at, "pane": self._pane})

    def take_up(self, kept: Kept) -> None:
        """Search, and go to the entry."""
        self._search(kept.text("words"), at=kept.number("at"))
        self._go_to("entry" if kept.text("pane") == "entry" else "trail")

    def reason_against(self, action: Action) -> str:
        """Letters that are typed are no keys; only an entry that names something leads there."""
        if self._bar.is_open:
            return "words are being typed" if action.place != "everywhere" else ""
        if action.id == "audit.go_to" and (self._entry is None or audit_text.place_of(self._entry) is None):
            return "this entry is about no run and no conflict"
        return super().reason_against(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While words are typed, the keys of the screen are characters like any other."""
        return not (self._bar.is_open and action in ("search", "next_pane"))

    def action_search(self) -> None:
        """Type the words that the trail is searched for."""
        if self.can("audit.search"):
            self._see("trail")
            self._bar.open(self._view.words)
            self.update_frame()

    async def action_go_to(self) -> None:
        """Show the run or the conflict that the entry is about."""
        place = audit_text.place_of(self._entry) if self._entry is not None else None
        if not self.can("audit.go_to") or place is None:
            return
        with self.flashing():
            if problem := self._problem_of(place):
                self.flash(problem, "warning")
            elif place.kind == "run":
                await self.console.show_run(place.number)
            else:
                await self.console.show_conflict(place.number)

    def action_next_pane(self) -> None:
        """Go on to the other pane."""
        self._go_to("entry" if self._pane == "trail" else "trail")

    def on_words_bar_applied(self, message: WordsBar.Applied) -> None:
        """Search, or show everything again."""
        self._bar.close()
        self._search(message.text)
        self._go_to("trail")

    def on_searched_view_searched(self, message: SearchedView.Searched) -> None:
        """Say how far a search is."""
        self._read()
        if message.problem:
            self.flash(message.problem, "bad")

    def on_window_view_highlighted(self, message: WindowView.Highlighted) -> None:
        """What is said follows the cursor."""
        self._read()

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """Read on in the entry."""
        self._read()
        self._go_to("entry")

    def on_descendant_focus(self) -> None:
        """The heading says whether the list has the keys."""
        self._heading.update()

    def _search(self, words: str, at: int = 0) -> None:
        """Show what has these words; with none, everything; holding at an entry, where one is given."""
        if words:

            def find(connection: Connection, first: int, last: int) -> list[int]:
                return audit.matching(connection, words, first, last)

            self._view.show_found(WordSearch(words, find, audit.ends, self._trail.head()), at=at or None)
        else:
            self._view.show_all(at=at or (None if self._view.following else self._view.cursor or None))
        self._read()

    def _problem_of(self, place: audit_text.Place) -> str:
        """Why no screen shows what an entry is about; empty where one does."""
        with self._store.read() as connection:
            if place.kind == "run":
                return "" if runs.find(connection, place.number) else f"run {place.number} is no longer kept"
            opened = conflicts.opened(connection, place.number)
        if opened is None:
            return f"conflict {place.number} is no longer kept"
        if opened[0].state == "closed":
            return f"conflict {place.number} is over; `manciple conflicts show {place.number}` tells of it"
        return ""

    def _read(self) -> None:
        number = self._view.cursor
        if number != (self._entry.id if self._entry is not None else 0):  # an entry never changes
            with self.flashing(), self._store.read() as connection:
                self._entry = next(iter(audit.of_ids(connection, [number])), None)
        self._update()
        self.update_frame()

    def _go_to(self, pane: Pane) -> None:
        """Give a pane the keys."""
        self._see(pane)
        widget = self._view if pane == "trail" else self.query_one("#entry")
        widget.focus(scroll_visible=False)
        self.update_frame()

    def _see(self, pane: Pane) -> None:
        """On a narrow screen, let the opened entry take all of it."""
        self._pane = pane
        self.set_class(pane == "entry", "-pane-entry")

    def _update(self) -> None:
        self._heading.update()
        self._detail.update()

    def _head(self, width: int) -> list[Line]:
        number, words = self._view.found_text or f"{self._number:,}", self._view.words
        return [audit_text.heading(number, words, self._pane == "trail", self.console.keymap, width)]

    def _entry_lines(self, width: int) -> list[Line]:
        return audit_text.entry_lines(self._entry, self._view.words, self.console.keymap, width, self.now)
