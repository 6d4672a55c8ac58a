"""The requests: the live log of what IdPs ask of manciple and what manciple asks of targets, and any of it opened."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.worker import Worker

from core.config.settings import Settings
from core.curl import address_of, curl, missing
from core.exchange import Exchange
from core.filtering import parse
from core.store import Store, exchanges
from core.store.effects import Effects, effects_of
from core.store.traffic import Traffic
from tui import exchange_text
from tui.actions import Action, Place, bindings, keys_of
from tui.clipboard import copy
from tui.request_search import RequestSearch
from tui.request_source import RequestLog
from tui.screens import requests_text as text
from tui.screens.console_screen import ConsoleScreen
from tui.widgets.filter_bar import FilterBar
from tui.widgets.page import Line, Page
from tui.widgets.request_list import RequestList
from tui.widgets.text_pane import TextPane

_GONE = "the log no longer has this exchange"


class RequestsScreen(ConsoleScreen):
    """What comes in and goes out, live."""

    PLACE = "requests"
    PLACES: ClassVar[tuple[Place, ...]] = ("requests", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("requests")]
    CSS_PATH = "requests.tcss"
    AUTO_FOCUS = "RequestList"
    ABOUT: ClassVar[tuple[str, ...]] = (
        "Every SCIM request of an IdP (in) and every call to a target (out), newest at the end.",
        "Moving the cursor holds the rows; the log goes on.",
        "Marks: ! refused (4xx), X failed or unanswered, ~ took longer than a second.",
        "An opened exchange follows the cursor; the key that opened it goes on into its text, and back to the list.",
        "A filter is terms side by side, such as status:4xx -party:entra ada; while you type, it says what there is.",
    )

    def __init__(self, store: Store, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._log = RequestLog(store)
        self._search = RequestSearch(self._log)
        self._traffic = Traffic()
        self._opened: tuple[int, Exchange] | None = None
        self._part: exchange_text.Part = "Request"
        self._steps: Worker[None] | None = None
        self._head = Page(self._head_lines, id="head")
        self._bar = FilterBar(id="bar")
        self._heading = Page(self._heading_lines, id="heading")
        self._list = RequestList(self._log, id="list")
        self._pane = TextPane(id="exchange")
        self._panes = Container(id="panes")

    def body(self) -> ComposeResult:
        """Head and filter over the list; what is opened below it, or at its right where there is room."""
        yield self._head
        yield self._bar
        with self._panes:
            with Vertical(id="log"):
                yield self._heading
                yield self._list
            yield self._pane

    def news(self) -> None:
        """Show what came, and what became of the opened exchange."""
        self._list.tick()
        if self._opened is not None and self._part == "Effect":
            self._show_opened(keep_place=True)
        self._update_head()
        self._search_on()

    def second(self) -> None:
        """Add up what comes and goes."""
        self._log.refresh_tail()
        self._log.read(lambda connection: self._traffic.read(connection, self.now), None)
        self._update_head()
        self._search_on()

    def reason_against(self, action: Action) -> str:
        """Letters typed into a filter are no keys; parts need an opened exchange, copying a row, switching a filter."""
        if self._bar.is_open:
            return "a filter is being typed" if action.place != "everywhere" else ""
        if action.id == "requests.next_part" and self._opened is None:
            return "open an exchange first"
        if action.id == "requests.toggle_filter" and not self._search.text:
            return "no filter is set"
        if action.id == "requests.copy" and self._list.cursor == 0:
            return "no exchange is chosen"
        return super().reason_against(action)

    def go_back(self) -> None:
        """Leave what is typed, else close what is opened, else filter no more."""
        if self._bar.is_open:
            self._close_bar()
        elif self._opened is not None:
            self._close()
        elif self._search.text:
            self._search.clear()
            self._list.show_source(self._log)
        self._update_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a filter is typed, the key that opens it is a character like any other."""
        return not (action == "filter" and self._bar.is_open)

    def action_filter(self) -> None:
        """Type a filter, beginning with the one that is set."""
        self._bar.open(self._search.text)
        self._update_all()

    def action_toggle_filter(self) -> None:
        """Show everything around the cursor for a moment, then only what matches again."""
        if not self.can("requests.toggle_filter"):
            return
        self._search.is_on = not self._search.is_on
        if self._search.is_on:
            self._show_matches()
        else:
            self._list.show_source(self._log)
        self._update_all()

    def action_follow(self) -> None:
        """Go to the newest, and follow."""
        self._list.action_follow()
        self._list.focus()

    def action_next_error(self) -> None:
        """Go to the next that failed; while following there is none, so to the last one."""
        self._go_to_error(forward=not self._list.following)

    def action_previous_error(self) -> None:
        """Go to the one before that failed."""
        self._go_to_error(forward=False)

    def action_next_part(self) -> None:
        """The next part of what is opened; while a filter is typed, the rest of its field's name."""
        if self._bar.is_open:
            self._bar.complete()
        elif self.can("requests.next_part"):
            parts = exchange_text.PARTS
            self._part = parts[(parts.index(self._part) + 1) % len(parts)]
            self._show_opened()

    def action_copy(self) -> None:
        """Copy what is opened, or under the cursor, as a curl command."""
        if not self.can("requests.copy"):
            return
        number = self._opened[0] if self._opened else self._list.cursor
        exchange = self._log.read(lambda connection: exchanges.opened(connection, number), None)
        address = address_of(exchange, self._settings) if exchange else None
        if exchange is None or address is None:
            self.flash(f"not copied: {_GONE if exchange is None else 'its party is not in config.toml'}", "warning")
        else:
            self._copy(curl(exchange, address), missing(exchange))

    @on(FilterBar.Applied)
    def _filter_applied(self, event: FilterBar.Applied) -> None:
        self._close_bar()
        if not event.text:
            self._search.clear()
            self._list.show_source(self._log)
        else:
            self._search.begin(event.text, parse(event.text, self.now), self._anchor)
            self._show_matches()
        self._update_all()

    @on(RequestList.Highlighted)
    def _cursor_moved(self, event: RequestList.Highlighted) -> None:
        if self._opened is not None and not self._list.following:
            self._open(event.row.id)
        self._update_head()
        self._search_on()

    @on(RequestList.Opened)
    def _row_opened(self, event: RequestList.Opened) -> None:
        if self._opened is not None and self._opened[0] == event.row.id:
            self._pane.focus()
        else:
            self._open(event.row.id)
            self._update_all()

    @on(RequestList.Moved)
    def _list_moved(self) -> None:
        self._heading.update()
        self._update_head()

    @on(TextPane.Left)
    def _pane_left(self) -> None:
        self._list.focus()

    def _show_matches(self) -> None:
        """Show the matches around the cursor once they are looked for, then go on searching."""
        self._steps = self._search_from(self._anchor)

    @property
    def _anchor(self) -> int:
        """The exchange around which to search: the one under a held cursor, else the newest."""
        return self._log.newest if self._list.following or not self._list.cursor else self._list.cursor

    def _search_on(self) -> None:
        """Go on searching, if more is wanted and nothing searches yet."""
        if self._search.is_searching and (self._steps is None or self._steps.is_finished):
            self._steps = self._search_from(None)

    @work(exclusive=True, group="search")
    async def _search_from(self, number: int | None) -> None:
        if number is not None:
            await self._search.cover(number)
            await self._search.advance()
        while (matches := self._search.matches) is not None and self._search.is_on:
            if self._list.matches is not matches:
                self._list.show_source(matches)
            self._update_head()
            oldest = matches.search[0] if matches.search else 0
            if not await self._search.advance():
                return
            self._list.show_found(oldest)
            self._update_head()

    @work(exclusive=True, group="error")
    async def _go_to_error(self, *, forward: bool) -> None:
        start = self._list.cursor + (1 if self._list.following else 0)
        found = await self._search.find_error(start, forward=forward)
        if found is None:
            self.flash(f"no error {'after' if forward else 'before'} this exchange")
        else:
            await self._search.cover(found)
            self._list.go_to(found)

    def _open(self, number: int) -> None:
        exchange = self._log.read(lambda connection: exchanges.opened(connection, number), None)
        if exchange is None:
            self.flash(self._log.problem or _GONE, "warning")
            return
        self._opened = (number, exchange)
        self._panes.add_class("opened")
        self._show_opened()

    def _close(self) -> None:
        self._opened = None
        self._panes.remove_class("opened")
        self._list.focus()

    def _close_bar(self) -> None:
        self._bar.close()
        self._list.focus()

    def _show_opened(self, *, keep_place: bool = False) -> None:
        if self._opened is None:
            return
        number, exchange = self._opened
        titles = exchange_text.title(number, exchange, self._part), exchange_text.short_title(self._part)

        def effects() -> Effects:
            return self._log.read(lambda connection: effects_of(connection, number, exchange), Effects())

        lines = exchange_text.lines_of(self._part, number, exchange, effects)
        self._pane.show(titles, lines, keys_of("list.open", self.console.keymap)[0], keep_place=keep_place)

    def _copy(self, command: str, lacking: str) -> None:
        try:
            said = copy(self.app, command)
        except OSError as error:
            self.flash(f"not copied: too long for a terminal, and no file could be written: {error}", "bad")
        else:
            self.flash("; ".join(filter(None, (said, "set TOKEN before you run it", lacking))), "good")

    def _update_all(self) -> None:
        self._update_head()
        self.update_frame()

    def _update_head(self) -> None:
        self._list.empty_text = text.empty_text(self._search, self._settings)
        self._head.update()

    def _head_lines(self, width: int) -> list[Line]:
        if self._log.problem:
            return [text.problem_line(self._log.problem)]
        filtered = [text.filter_line(self._search, self.now, width)] if self._search.text else []
        return [self._state_line(width), *(filtered if not self._bar.is_open else [])]

    def _state_line(self, width: int) -> Line:
        traffic = text.traffic_text(self._traffic, self._settings, self.now)
        follow_key = keys_of("requests.follow", self.console.keymap)[0]
        return text.state_line(self._list, self._log, self.now, follow_key, traffic, width)

    def _heading_lines(self, width: int) -> list[Line]:
        return [text.heading_line(self._log.columns)]
