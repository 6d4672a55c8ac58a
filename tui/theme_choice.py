"""ThemeChoice: the themes that there are, which one is used, and which the admin chose."""

from collections.abc import Mapping
from typing import Any

from textual.app import App

from tui.theme import NO_COLOR_THEME, effective_theme, load_themes, theme_folders, usable_theme


class ThemeChoice:
    """The themes of one console. With NO_COLOR there is one only, whatever was chosen or configured."""

    def __init__(self, app: App[Any], environment: Mapping[str, str], chosen: str = "") -> None:
        """`chosen` is what an admin chose before; empty: nothing yet."""
        self._app = app
        self._environment = environment
        self._in_use = NO_COLOR_THEME
        self.chosen = chosen
        self.names: tuple[str, ...] = ()
        """Of all there are, in the order in which a key goes through them."""

    @property
    def is_fixed(self) -> bool:
        """Whether NO_COLOR leaves no choice."""
        return bool(self._environment.get("NO_COLOR"))

    def begin(self, configured: str) -> list[str]:
        """Load the themes, and use the chosen one, else the configured one; returns what is wrong with any."""
        loaded = load_themes(theme_folders(self._environment))
        for theme in loaded.themes:
            self._app.register_theme(theme)
        self.names = (*(theme.name for theme in loaded.themes), NO_COLOR_THEME)
        name, problem = usable_theme(self.chosen or configured, self.names)
        self._use(effective_theme(name, self._environment))
        return [*map(str, loaded.problems), *([problem] if problem else [])]

    def choose_next(self) -> None:
        """Choose the next one."""
        self.choose(self.names[(self.names.index(self._in_use) + 1) % len(self.names)])

    def choose(self, name: str) -> None:
        """Use this one, here and whenever the admin opens a console."""
        self.chosen = name
        self._use(name)

    def preview(self, name: str) -> None:
        """Show this one for a moment."""
        self._app.theme = name

    def go_back(self) -> None:
        """Show the one that is used."""
        self._app.theme = self._in_use

    def _use(self, name: str) -> None:
        self._in_use = name
        self._app.theme = name
