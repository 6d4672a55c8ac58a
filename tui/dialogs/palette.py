"""The palette: every action of the screen by its name, found by typing a few letters."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.types import IgnoreReturnCallbackType
from textual.widgets import Input

from tui.actions import Action, actions_of, keys_of
from tui.screens.console_screen import ConsoleScreen

if TYPE_CHECKING:
    from tui.app import Console


class ActionCommands(Provider):
    """The actions of the screen under the palette, as commands."""

    async def discover(self) -> Hits:
        """All of them, in the order of the table."""
        for action, node in self._actions():
            yield DiscoveryHit(self._title(action), self._command(action, node), help=self._help(action))

    async def search(self, query: str) -> Hits:
        """Those whose title resembles what was typed."""
        matcher = self.matcher(query)
        for action, node in self._actions():
            title = self._title(action)
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), self._command(action, node), title, self._help(action))

    def _actions(self) -> Iterator[tuple[Action, DOMNode]]:
        """Each action with the node that does it; those of a list only where one has the cursor."""
        screen = self.screen
        if not isinstance(screen, ConsoleScreen):
            return
        for action in sorted(actions_of(*screen.PLACES), key=lambda action: screen.PLACES.index(action.place)):
            nodes = {"everywhere": self.app, "list": self.focused}
            node = nodes.get(action.place, screen)
            can = node is not None and hasattr(node, f"action_{action.call.partition('(')[0]}")
            if node is not None and can and action.id != "everywhere.palette":
                yield action, node

    def _title(self, action: Action) -> str:
        return f"{action.title}  {', '.join(keys_of(action.id, cast('Console', self.app).keymap))}"

    def _help(self, action: Action) -> str:
        reason = cast(ConsoleScreen, self.screen).reason_against(action)
        return f"Not now: {reason}" if reason else action.help

    def _command(self, action: Action, node: DOMNode) -> IgnoreReturnCallbackType:
        return partial(self.app.run_action, action.call, node)


class Palette(CommandPalette):
    """Textual's palette with our actions, and without what blinks."""

    def __init__(self) -> None:
        super().__init__([ActionCommands], placeholder="Search for an action by its name")

    def on_mount(self) -> None:
        """Hold the cursor still: a console over a thin line sends nothing while nothing happens."""
        for typed in self.query(Input):
            typed.cursor_blink = False
