"""The palette of themes: each is shown on the screen behind it while the cursor is on its name."""

from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.command import Command, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.widgets import Input, OptionList

from tui.theme_choice import ThemeChoice

if TYPE_CHECKING:
    from tui.app import Console


class ThemeCommands(Provider):
    """The themes that there are, as commands."""

    @property
    def _themes(self) -> ThemeChoice:
        return cast("Console", self.app).themes

    async def discover(self) -> Hits:
        """All of them."""
        for name in self._themes.names:
            yield DiscoveryHit(name, partial(self._themes.choose, name))

    async def search(self, query: str) -> Hits:
        """Those whose name resembles what was typed."""
        matcher = self.matcher(query)
        for name in self._themes.names:
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), partial(self._themes.choose, name), name)


class ThemePalette(CommandPalette):
    """Chooses a theme; whoever opened it goes back to the chosen one once it is closed."""

    DEFAULT_CSS = "ThemePalette SearchIcon { display: none; }"

    def __init__(self) -> None:
        super().__init__([ThemeCommands], placeholder="Choose a theme; esc leaves it as it was")

    def on_mount(self) -> None:
        """Hold the cursor still: a console over a thin line sends nothing while nothing happens."""
        for typed in self.query(Input):
            typed.cursor_blink = False

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if isinstance(event.option, Command):
            cast("Console", self.app).themes.preview(str(event.option.hit.text))
