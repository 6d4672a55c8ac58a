"""The part of what is said of a provider that is shown instead of how it stands: steps, the test, and more."""

from typing import TYPE_CHECKING, Literal, get_args

from sqlalchemy import Connection

from core.config.settings import ProviderSettings
from tui.screens import connection_text
from tui.screens import providers_text as text
from tui.screens.attribute_text import Attributes, attribute_lines, read_attributes
from tui.screens.connection_facts import Arrivals, ConnectionFacts, read_connection
from tui.screens.entra_log_text import entra_log_lines
from tui.screens.graph_part import GraphPart
from tui.screens.graph_text import graph_step_lines
from tui.screens.providers_text import ProviderView
from tui.widgets.page import Line

if TYPE_CHECKING:
    from tui.app import Console

Part = Literal["provider", "steps", "connection", "attributes", "entra_log"]
PARTS: tuple[Part, ...] = get_args(Part)


class ShownPart:
    """Which part is shown of which provider, and what it alone needs."""

    def __init__(self, graph: GraphPart) -> None:
        self.name: Part = "provider"
        self._graph = graph
        self._arrivals = Arrivals("")
        self._since = 0
        """When the admin began to wait for the test."""
        self._connection: ConnectionFacts | None = None
        self._attributes: Attributes | None = None

    def turn(self, part: Part, provider: ProviderSettings | None, now: int) -> bool:
        """Show a part from now on; returns whether it is another one, or another provider's."""
        is_other = part != self.name or (provider is not None and provider.name != self._arrivals.provider)
        self.name = part
        if provider is not None and is_other:
            self._arrivals, self._since = Arrivals(provider.name), now
        return provider is not None and is_other

    def read(self, connection: Connection, provider: ProviderSettings | None, now: int) -> None:
        """Read what the part alone shows."""
        if provider is None:
            self._connection = self._attributes = None
        elif self.name == "connection":
            self._connection = read_connection(connection, provider, self._arrivals, now)
        elif self.name == "attributes":
            self._attributes = read_attributes(connection, provider)

    def lines(self, view: ProviderView, console: "Console", width: int, now: int) -> list[Line]:
        """What is said of the provider now."""
        listener, keymap = console.settings.listener, console.keymap
        if self.name == "steps" and view.graph is not None:
            return graph_step_lines(view.facts.provider, keymap, width)
        if self.name == "steps":
            return text.step_lines(view.facts, listener, keymap, width)
        if self.name == "connection" and self._connection is not None:
            return connection_text.connection_lines(
                self._connection, listener, since=self._since, is_engine_alive=console.is_engine_alive(),
                keymap=keymap, width=width, now=now,
            )  # fmt: skip
        if self.name == "attributes" and self._attributes is not None:
            return attribute_lines(self._attributes, width)
        compared = self._graph.compared
        if self.name == "entra_log" and compared is not None and compared.provider == view.facts.provider.name:
            return entra_log_lines(compared, width, now)
        return text.detail_lines(view, listener, self._graph.tried, keymap, width, now)
