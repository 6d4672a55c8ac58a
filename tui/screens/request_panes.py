"""RequestPanes: the list of requests with its titles, and the one that is opened, below it or at its right."""

from collections.abc import Mapping
from contextlib import suppress

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from core.exchange import Exchange
from core.filtering import FilterError
from core.store import exchanges
from tui import exchange_text
from tui.request_source import RequestLog
from tui.screens import requests_text as text
from tui.session import Kept, Value
from tui.trail import Stop
from tui.widgets.exchange_pane import ExchangePane
from tui.widgets.filtered_requests import FilteredRequests
from tui.widgets.page import Page
from tui.widgets.request_list import RequestList
from tui.widgets.text_pane import TextPane

_GONE = "the log no longer has this exchange"


class RequestPanes(Container):
    """What is opened follows the cursor of the list. What cannot be shown is told by `FilteredRequests.Missed`."""

    def __init__(self, log: RequestLog, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._log = log
        self._heading = Page(lambda _: [text.heading_line(log.columns)], id="heading")
        self.list = FilteredRequests(log, id="list")
        self.pane = ExchangePane(log, id="exchange")
        self.keymap: Mapping[str, str] = {}

    def compose(self) -> ComposeResult:
        """The list under its titles, and what is opened."""
        yield Vertical(self._heading, self.list, id="log")
        yield self.pane

    @property
    def chosen(self) -> tuple[int, Exchange] | None:
        """What is opened, or under the cursor, with its number; `None` where the log no longer has it."""
        if self.pane.exchange is not None:
            return self.pane.number, self.pane.exchange
        number = self.list.cursor
        exchange = self._log.read(lambda connection: exchanges.opened(connection, number), None)
        if exchange is None:
            self._miss()
        return (number, exchange) if exchange is not None else None

    @property
    def here(self) -> Stop:
        """Where the trail stands."""
        return Stop(exchange=self.pane.number or self.list.cursor, query=self.list.filter_text)

    def open(self, number: int) -> bool:
        """Open an exchange; false where it cannot be."""
        self.pane.keymap = self.keymap
        if not self.pane.open(number):
            self._miss()
            return False
        self.add_class("opened")
        return True

    def close(self) -> None:
        """Close what is opened."""
        self.pane.close()
        self.remove_class("opened")
        self.list.focus()

    def show_stop(self, stop: Stop, now: int) -> None:
        """Show an exchange, opened, or the log under a filter."""
        is_other = stop.query != self.list.filter_text
        if is_other and self.list.search.text:
            self.list.switch_filter(is_on=False)
        if stop.exchange:
            self.list.go_to(stop.exchange)
            self.open(stop.exchange)
        else:
            self.close()
            self.list.action_follow()
        if is_other and stop.query:
            self.list.filter_by(stop.query, now)

    def kept(self) -> Mapping[str, Value]:
        """The filter, the row that is held, and the opened exchange."""
        search = self.list.search
        held = 0 if self.list.following else self.list.cursor
        shown = {"held": held, "opened": self.pane.number, "part": self.pane.part}
        return {"filter": search.text, "is_off": bool(search.text) and not search.is_on, **shown}

    def take_up(self, kept: Kept, now: int) -> None:
        """Hold, filter and open as before."""
        self._log.head()
        if held := kept.number("held"):
            self.list.hold_at(held)
        if number := kept.number("opened"):
            part = (part for part in exchange_text.PARTS if part == kept.text("part"))
            self.pane.part = next(part, self.pane.part)
            self.open(number)
        if words := kept.text("filter"):
            with suppress(FilterError):  # another version may have written it
                self.list.filter_by(words, now, is_on=not kept.is_set("is_off"))

    @on(RequestList.Highlighted)
    def _cursor_moved(self, event: RequestList.Highlighted) -> None:
        if self.pane.number and not self.list.following:
            self.open(event.row.id)
        self.list.search_on()

    @on(RequestList.Opened)
    def _row_opened(self, event: RequestList.Opened) -> None:
        if self.pane.number == event.row.id:
            self.pane.focus()
        else:
            self.open(event.row.id)

    @on(RequestList.Moved)
    def _list_moved(self) -> None:
        self._heading.update()

    @on(TextPane.Left)
    def _pane_left(self) -> None:
        self.list.focus()

    def _miss(self) -> None:
        self.post_message(FilteredRequests.Missed(self._log.problem or _GONE))
