"""Scroll: pages that are higher than the screen, moved with the keys of a list."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import ScrollableContainer

from tui.actions import bindings


class Scroll(ScrollableContainer, inherit_bindings=False):
    """A container that scrolls up and down; nothing in it takes the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    DEFAULT_CSS = """
    Scroll {
        overflow: hidden auto;
        scrollbar-size-vertical: 1;
        height: 1fr;
    }
    """

    def action_cursor_up(self) -> None:
        """One line up."""
        self.scroll_up(animate=False)

    def action_cursor_down(self) -> None:
        """One line down."""
        self.scroll_down(animate=False)

    def action_page_up(self) -> None:
        """A screenful up."""
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """A screenful down."""
        self.scroll_page_down(animate=False)

    def action_oldest(self) -> None:
        """To the first line."""
        self.scroll_home(animate=False)

    def action_follow(self) -> None:
        """To the last line."""
        self.scroll_end(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to open, so that key is left to others."""
        return action != "open"
