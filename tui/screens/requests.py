"""The requests: the live log of what IdPs ask of manciple and what manciple asks of targets, and any of it opened."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from core.store import Store, exchanges
from core.store.exchanges import Listed
from core.store.gauges import Gauges
from tui import jump
from tui.actions import Action, Place, bindings, keys_of
from tui.request_source import RequestLog
from tui.screens import requests_asking as asking
from tui.screens import requests_reasons as reasons
from tui.screens import requests_text as text
from tui.screens.console_screen import ConsoleScreen
from tui.screens.copying import copy_as_curl
from tui.screens.exporting import export_shown
from tui.screens.naming_filters import choose_filter, name_filter
from tui.screens.replaying import send_again
from tui.screens.request_panes import RequestPanes
from tui.screens.requests_head import RequestsHead
from tui.screens.trailing import NO_LINKS, go_back, go_on
from tui.session import Kept
from tui.trail import Stop
from tui.widgets.filter_bar import FilterBar
from tui.widgets.filtered_requests import FilteredRequests
from tui.widgets.prompt_bar import Prompt, PromptBar
from tui.widgets.request_list import RequestList

_PROMPTS = ("filter", "jump", "save_filter", "replay")


class RequestsScreen(ConsoleScreen):
    """What comes in and goes out, live."""

    PLACE = "requests"
    PLACES: ClassVar[tuple[Place, ...]] = ("requests", "filter", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("requests")]
    CSS_PATH = "requests.tcss"
    AUTO_FOCUS = "RequestList"
    ABOUT: ClassVar[tuple[str, ...]] = text.ABOUT

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._log = RequestLog(store)
        self._gauges = Gauges()
        self._panes = RequestPanes(self._log, id="panes")
        self._list, self._pane = self._panes.list, self._panes.pane
        self._head = RequestsHead(self._log, self._list, self._gauges, id="head")
        self._bar, self._prompt = FilterBar(id="bar"), PromptBar(id="prompt-bar")

    def body(self) -> ComposeResult:
        """Head and what is typed over the panes."""
        yield self._head
        yield self._bar
        yield self._prompt
        yield self._panes

    def news(self) -> None:
        """Show what came, and what became of the opened exchange."""
        self._panes.keymap = self.console.keymap
        self._list.tick()
        self._pane.renew()
        self._update_head()
        self._list.search_on()

    def second(self) -> None:
        """Add up what comes and goes."""
        self._log.refresh_tail()
        self._log.read(lambda connection: self._gauges.read(connection, self.now), None)
        self._update_head()
        self._list.search_on()

    def reason_against(self, action: Action) -> str:
        """Letters that are typed are no keys; what is about an exchange needs one, and about a filter, that."""
        if self._is_typing:
            return reasons.while_typing(action, is_filter=self._bar.is_open)
        reason = reasons.reason_against(
            action,
            is_opened=bool(self._pane.number),
            is_filtered=bool(self._list.search.text),
            has_rows=bool(self._list.cursor),
            has_trail=bool(self.console.remembered.trail),
        )
        # Sending a request again is no order: no engine is needed for that.
        return reason or ("" if action.id == "requests.replay" else super().reason_against(action))

    def go_back(self) -> None:
        """Leave what is typed, else close what is opened, else filter no more."""
        if self._is_typing:
            self._close_bars()
        elif self._pane.number:
            self._panes.close()
        elif self._list.search.text:
            self._list.filter_by("", self.now)
        self._update_all()

    def kept(self) -> Kept:
        """The filter, the row that is held, and the opened exchange."""
        return Kept(self._panes.kept())

    def take_up(self, kept: Kept) -> None:
        """Hold, filter and open as before."""
        self._panes.keymap = self.console.keymap
        self._panes.take_up(kept, self.now)

    def show_stop(self, stop: Stop) -> None:
        """Show a stop of the trail: an exchange, opened, or the log under a filter."""
        if self._list.filter_text and not stop.query:
            key = keys_of("requests.toggle_filter", self.console.keymap)[0]
            self.flash(f"the filter is off, so that this is seen; {key} switches it on")
        self._panes.show_stop(stop, self.now)
        self._update_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed, the keys that open a line are characters like any other."""
        return not (action in _PROMPTS and self._is_typing)

    def action_filter(self) -> None:
        """Type a filter, beginning with the one that is set."""
        newest = self._log.newest
        rows = self._log.read(
            lambda connection: exchanges.window(connection, newest + 1, asking.LOOKED_AT, 0), list[Listed]()
        )
        seen = asking.values_seen(rows, self.console.settings)
        self._bar.open(self._list.search.text, seen, self.console.remembered.history)
        self._head.is_typing = True
        self._update_all()

    def action_toggle_filter(self) -> None:
        """Show everything around the cursor for a moment, then only what matches again."""
        if self.can("requests.toggle_filter"):
            self._list.switch_filter(is_on=not self._list.search.is_on)
            self._update_all()

    def action_filters(self) -> None:
        """Choose a filter by its name."""
        if self.can("requests.filters"):
            choose_filter(self.console, self._filter_chosen)

    def action_save_filter(self) -> None:
        """Give the filter a name."""
        if self.can("requests.save_filter"):
            self._ask(asking.name_prompt(self._name_filter))

    def action_follow(self) -> None:
        """Go to the newest, and follow."""
        self._list.action_follow()
        self._list.focus()

    def action_pause(self) -> None:
        """Hold the rows, or go on."""
        if self.can("requests.pause"):
            if self._list.following:
                self._list.hold()
            else:
                self._list.action_follow()

    def action_jump(self) -> None:
        """Ask where to go."""
        if self.can("requests.jump"):
            self._ask(asking.jump_prompt(self.now, self._jump_to))

    def action_next_error(self) -> None:
        """Go to the next that failed."""
        self._list.go_to_error(forward=True)

    def action_previous_error(self) -> None:
        """Go to the one before that failed."""
        self._list.go_to_error(forward=False)

    def action_next_part(self) -> None:
        """The next part of what is opened."""
        if self.can("requests.next_part"):
            self._pane.next_part()

    def action_trail(self) -> None:
        """Go on to what the exchange led to, or what led to it."""
        if self.can("requests.trail") and (self._pane.number or self._panes.open(self._list.cursor)):
            if links := self._pane.links():
                go_on(self.console, self._panes.here, links)
            else:
                self.console.flash_for_a_moment(NO_LINKS)

    def action_trail_back(self) -> None:
        """Go back to where one came from."""
        if self.can("requests.trail_back"):
            go_back(self.console)

    def action_copy(self) -> None:
        """Copy what is opened, or under the cursor, as a curl command."""
        if self.can("requests.copy") and (chosen := self._panes.chosen) is not None:
            self.flash(*copy_as_curl(self.console, chosen[1]))

    @work(exclusive=True, group="export")
    async def action_export(self) -> None:
        """Write what is shown into a file."""
        if self.can("requests.export"):
            self.flash("writing what the filter shows ...")
            self.flash(*await export_shown(self._store, self.console.settings, self._list.condition, self.now))

    def action_replay(self) -> None:
        """Ask where to send the request again."""
        if self.can("requests.replay"):
            settings = self.console.settings
            place = asking.replay_place(settings, self.console.remembered.replay_to)
            self._ask(asking.replay_prompt(settings, self._replay_to), place)

    @on(FilterBar.Applied)
    def _filter_applied(self, event: FilterBar.Applied) -> None:
        self._close_bars()
        self._filter_chosen(event.text)

    @on(PromptBar.Answered)
    def _prompt_answered(self, event: PromptBar.Answered) -> None:
        self._close_bars()
        event.prompt.take(event.text)
        self._update_all()

    @on(RequestList.Highlighted)
    @on(RequestList.Moved)
    def _list_moved(self) -> None:
        self._update_head()

    @on(RequestList.Opened)
    def _row_opened(self) -> None:
        self._update_all()

    @on(FilteredRequests.Missed)
    def _missed(self, event: FilteredRequests.Missed) -> None:
        self.flash(event.text, "warning")

    @property
    def _is_typing(self) -> bool:
        return self._bar.is_open or self._prompt.is_open

    def _ask(self, prompt: Prompt, begun: str = "") -> None:
        self._prompt.open(prompt, begun)
        self._update_all()

    def _jump_to(self, answer: str) -> None:
        if (number := jump.number_of(answer)) is not None:
            self._list.go_to_number(number)
        elif (at := jump.time_of(answer, self.now)) is not None:
            self._list.go_to_time(at)

    def _name_filter(self, name: str) -> None:
        self.flash(*name_filter(self.console, name, self._list.search.text))

    def _filter_chosen(self, query: str | None) -> None:
        if query is not None:
            self._list.filter_by(query, self.now)
            self._update_all()

    def _replay_to(self, answer: str) -> None:
        self._send_again(answer)

    @work(exclusive=True, group="replay")
    async def _send_again(self, answer: str) -> None:
        url, _, token = answer.partition(" ")
        if (chosen := self._panes.chosen) is not None:
            self.console.remembered.replay_to = answer
            self.flash(f"sending {chosen[0]} again to {url} ...")
            self.flash(*await send_again(self._store, *chosen, url.rstrip("/"), token.strip()))

    def _close_bars(self) -> None:
        self._bar.close()
        self._prompt.close()
        self._head.is_typing = False
        self._list.focus()

    def _update_all(self) -> None:
        self._update_head()
        self.update_frame()

    def _update_head(self) -> None:
        self._list.empty_text = text.empty_text(self._list.search, self.console.settings)
        self._head.update()
