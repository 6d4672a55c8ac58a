"""RequestsHead: the lines over the list of requests, composed anew as it moves."""

from typing import TYPE_CHECKING, cast

from core.store.gauges import Gauges
from tui.actions import keys_of
from tui.gauge_text import gauge_lines
from tui.request_source import RequestLog
from tui.screens import requests_text as text
from tui.widgets.filtered_requests import FilteredRequests
from tui.widgets.page import Line, Page

if TYPE_CHECKING:
    from tui.app import Console

TALL = 30
"""Rows of a terminal from which on rates, latency and failures have lines of their own."""


class RequestsHead(Page):
    """Whether the list follows or is held, what comes and goes, and what is filtered."""

    def __init__(self, log: RequestLog, shown: FilteredRequests, gauges: Gauges, *, id: str | None = None) -> None:
        super().__init__(self._head_lines, id=id)
        self._log = log
        self._shown = shown
        self._gauges = gauges
        self._gauge_lines: list[Line] = []
        self._gauged = (0, 0, 0)
        """What those lines are of: they differ once a second, and the list moves ten times."""
        self.is_typing = False
        """Whether a line is open below in which the filter stands anyhow."""

    def _head_lines(self, width: int) -> list[Line]:
        if self._log.problem:
            return [text.problem_line(self._log.problem)]
        console = cast("Console", self.app)
        now, is_tall = console.clock(), self.screen.size.height >= TALL
        search = self._shown.search
        traffic = "" if is_tall else text.traffic_text(self._gauges, now)
        follow_key = keys_of("requests.follow", console.keymap)[0]
        state = text.state_line(self._shown, self._log, now, follow_key, traffic, width)
        filtered = [text.filter_line(search, now, width)] if search.text and not self.is_typing else []
        return [state, *(self._gauges_at(now, width) if is_tall else ()), *filtered]

    def _gauges_at(self, now: int, width: int) -> list[Line]:
        gauged = (self._gauges.seen, now // 1000, width)
        if gauged != self._gauged:
            self._gauged, self._gauge_lines = gauged, gauge_lines(self._gauges, now, width)
        return self._gauge_lines
