"""The least that Textual can do: an application with the widgets of the overview, and one with a `Log` that is fed.

    python -m tests.bench.console.bare screen | log URL

The console is measured beside them, so they import nothing that they do not need.
"""

import sys
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

if TYPE_CHECKING:
    from core.store import Store

PAINTED = "the first line"
TICK = 0.1


class BareScreen(App[None]):
    """As many widgets as the overview has, of Textual's own, with a text in each."""

    CSS = "#body { height: 1fr; } #title, #flash, #footer { height: 1; }"

    def compose(self) -> ComposeResult:
        """Title, two pages that scroll, flash, footer."""
        yield Static(PAINTED, id="title")
        with Container(id="body"), VerticalScroll():
            for number in range(2):
                yield Static("\n".join(f"page {number}, line {line}" for line in range(12)))
        yield Static("", id="flash")
        yield Static("keys", id="footer")


def bare_log(store: "Store") -> App[None]:
    """A `Log` that is given the new lines ten times a second."""
    from textual.widgets import Log

    from core.store import exchanges

    class BareLog(App[None]):
        """Nothing but the log."""

        def on_mount(self) -> None:
            """Show the newest, then what comes."""
            self.animation_level = "none"
            with store.read() as connection:
                self._seen = exchanges.newest(connection) - 1_000
            self._lines = Log(max_lines=10_000)
            self.mount(self._lines)
            self.call_after_refresh(self.tick)
            self.set_interval(TICK, self.tick)

        def tick(self) -> None:
            """Add what came."""
            with store.read() as connection:
                new = exchanges.window(connection, self._seen + 1, 0, 10_000)
            if new:
                self._seen = new[-1].id
                self._lines.write_lines(
                    f"{row.at} {row.direction} {row.method} {row.status} {row.subject} {row.outcome}" for row in new
                )

    return BareLog()


def main(arguments: list[str]) -> None:
    """Be one of the two."""
    if arguments[0] == "screen":
        BareScreen().run(mouse=False)
        return
    from core.store import Store

    with Store.open(arguments[1]) as store:
        bare_log(store).run(mouse=False)


if __name__ == "__main__":
    main(sys.argv[1:])
