"""ExchangePane: one exchange of the log, opened: its request, its response, or its effect."""

from collections.abc import Mapping
from dataclasses import replace

from core.exchange import Exchange
from core.store import exchanges
from core.store.effects import Effects, effects_of
from core.store.resource_log import LastShown, last_shown
from tui import exchange_text
from tui.actions import keys_of
from tui.request_source import RequestLog
from tui.trail import Link, links_of_exchange
from tui.widgets.text_pane import TextPane


class ExchangePane(TextPane):
    """A `TextPane` that reads what it shows."""

    def __init__(self, log: RequestLog, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._log = log
        self._before: LastShown | None = None
        self.keymap: Mapping[str, str] = {}
        self.number = 0
        """The exchange that is opened; 0: none is."""
        self.exchange: Exchange | None = None
        self.part: exchange_text.Part = "Request"

    def open(self, number: int) -> bool:
        """Show an exchange; false where it cannot be read, or the log no longer has it."""
        exchange = self._log.read(lambda connection: exchanges.opened(connection, number), None)
        if exchange is None:
            return False
        self.number, self.exchange, self._before = number, exchange, None
        if exchange.direction == "in" and self.part == "Effect":
            self._look_before()
        self._show()
        return True

    def close(self) -> None:
        """Show nothing."""
        self.number, self.exchange = 0, None

    def renew(self) -> None:
        """Read again what may have changed: only an effect grows."""
        if self.part == "Effect":
            self._show(keep_place=True)

    def next_part(self) -> None:
        """Show the next part."""
        parts = exchange_text.PARTS
        self.part = parts[(parts.index(self.part) + 1) % len(parts)]
        if self.part == "Effect":
            self._look_before()
        self._show()

    def links(self) -> list[Link]:
        """What the exchange leads on to, as far as it is known now."""
        if self.exchange is None:
            return []
        return links_of_exchange(self.number, self.exchange, self._effects(self.number, self.exchange))

    def _look_before(self) -> None:
        """How its resource was before: looked for once, as a search of the log costs some milliseconds."""
        number, exchange = self.number, self.exchange
        if exchange is not None and exchange.direction == "in":
            self._before = self._log.read(lambda connection: last_shown(connection, number, exchange), None)

    def _show(self, *, keep_place: bool = False) -> None:
        if self.exchange is None:
            return
        number, exchange = self.number, self.exchange
        titles = exchange_text.title(number, exchange, self.part), exchange_text.short_title(self.part)
        lines = exchange_text.lines_of(self.part, number, exchange, lambda: self._effects(number, exchange))
        self.show(titles, lines, keys_of("list.open", self.keymap)[0], keep_place=keep_place)

    def _effects(self, number: int, exchange: Exchange) -> Effects:
        found = self._log.read(lambda connection: effects_of(connection, number, exchange), Effects())
        return replace(found, before=self._before)
