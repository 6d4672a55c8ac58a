"""ConsoleScreen: what the screens have in common.

Each has a title line, a body, a flash and a footer. The console tells the one that is shown of news and of seconds;
a screen never ticks by itself, so that a hidden one costs nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen

from core.store import StoreError
from tui.actions import Action, Place, actions_of
from tui.frame import Level, flash_lines, footer_line, state_words, title_line
from tui.session import Kept
from tui.widgets.page import Line, Page, line

if TYPE_CHECKING:
    from tui.app import Console

SMALLEST = (60, 16)
"""Columns and rows below which a screen only says that it needs them."""
WIDE = 120
"""Columns from which on panes stand side by side."""


class ConsoleScreen(Screen[None]):
    """One mode of the console."""

    # Textual types these two as an instance's.
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (SMALLEST[0], "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (SMALLEST[1], "-tall")]  # noqa: RUF012
    PLACE: ClassVar[Place]
    PLACES: ClassVar[tuple[Place, ...]]
    """Where the actions of its footer and help come from."""
    ABOUT: ClassVar[tuple[str, ...]] = ()
    """What it shows, a few sentences for the help page."""
    is_taken_up = False
    """Whether it went on with what was kept; before, it has nothing to be kept."""

    @property
    def console(self) -> "Console":
        """The console that it belongs to."""
        return cast("Console", self.app)

    @property
    def now(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        return self.console.clock()

    def compose(self) -> ComposeResult:
        """Title, body, flash, footer."""
        yield Page(self._title_lines, id="title")
        with Container(id="body"):
            yield from self.body()
        yield Page(self._too_small, id="too-small")
        yield Page(lambda width: flash_lines(self.console.last_flash, width), id="flash")
        yield Page(self._footer_lines, id="footer")

    def body(self) -> ComposeResult:
        """The widgets between title and flash."""
        raise NotImplementedError

    def news(self) -> None:
        """Something was committed to the store, or the screen is shown again: read what is on it.

        :raises StoreError: when the store cannot be read.
        """

    def second(self) -> None:
        """A second passed: read what is read seldom, and compose what has an age in it.

        :raises StoreError: when the store cannot be read.
        """

    def reason_against(self, action: Action) -> str:
        """Why an action cannot act now, in a few words; empty where it can."""
        return self.console.reason_against_orders() if action.grade != "view" else ""

    def about(self) -> tuple[str, ...]:
        """What the help page says of it now."""
        return self.ABOUT

    def go_back(self) -> None:
        """Close what is open."""

    def kept(self) -> Kept:
        """What the next console is to go on with: what is open, chosen and looked for. Asked often; reads nothing."""
        return Kept()

    def take_up(self, kept: Kept) -> None:
        """Go on with what was kept, as far as it is still there; called once, before anything is drawn.

        :raises StoreError: when the store cannot be read.
        """

    def on_mount(self) -> None:
        """Go on with what was kept, after the screen itself has begun."""
        kept = self.console.keeping.session.of(self.PLACE)
        if kept.values:
            with self.flashing():
                self.take_up(kept)
        self.is_taken_up = True

    def show_news(self) -> None:
        """Take in news."""
        with self.flashing():
            self.news()
        self.update_frame()

    def show_second(self) -> None:
        """Let a second pass."""
        with self.flashing():
            self.second()
        self.update_frame()

    @contextmanager
    def flashing(self) -> Iterator[None]:
        """Around reads: an error of the store is flashed, and what was read last stays."""
        try:
            yield
        except StoreError as error:
            self.console.store_failed(error)

    def update_frame(self) -> None:
        """Compose title, flash and footer."""
        for page in self.query_children("#title, #flash, #footer").results(Page):
            page.update()

    def flash(self, text: str, level: Level = "plain") -> None:
        """Say what happened."""
        self.console.flash(text, level)

    def can(self, action_id: str) -> bool:
        """Whether an action can act now; if not, its reason is flashed."""
        (action,) = (action for action in actions_of(*self.PLACES) if action.id == action_id)
        reason = self.reason_against(action)
        if reason:
            self.console.flash_for_a_moment(f"{action.title}: {reason}")
        return not reason

    def reasons(self) -> dict[str, str]:
        """Every action of this screen that cannot act now, and why not."""
        found = {action.id: self.reason_against(action) for action in actions_of(*self.PLACES)}
        return {action_id: reason for action_id, reason in found.items() if reason}

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Catch up on what happened while another screen was shown."""
        self.show_news()
        self.show_second()

    def _title_lines(self, width: int) -> list[Line]:
        console = self.console
        state = state_words(
            console.store_name, is_readable=not console.news.trouble, is_engine_alive=console.is_engine_alive()
        )
        return [title_line(self.PLACE, console.needs(), state, console.keymap, width)]

    def _too_small(self, width: int) -> list[Line]:
        columns, rows = SMALLEST
        return [line(f"manciple needs {columns}x{rows}; this is {self.size.width}x{self.size.height}")]

    def _footer_lines(self, width: int) -> list[Line]:
        return [footer_line(actions_of(*self.PLACES), self.reasons(), self.console.keymap, width)]
