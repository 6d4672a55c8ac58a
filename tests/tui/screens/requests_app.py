"""The requests screen in an app of its own, with a fixed clock, and stores to show in it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from core.config.settings import ListenerSettings, ProviderSettings, Settings, TargetSettings
from core.credentials import SecretReference
from core.exchange import Exchange
from core.store import Store, StoreError
from tui.frame import Flash, Level
from tui.news import News
from tui.remembered import Remembered
from tui.screens.requests import RequestsScreen
from tui.session_keeping import SessionKeeping
from tui.theme import SHIPPED, load_themes
from tui.widgets.filter_bar import FilterBar
from tui.widgets.page import Page
from tui.widgets.request_list import RequestList
from tui.widgets.text_pane import TextPane

NOW = 1_787_567_267_000
"""2026-08-24 10:27:47 UTC."""
SETTINGS = Settings(
    path=Path("config.toml"),
    listener=ListenerSettings(public_url="https://scim.example.com"),
    providers=(ProviderSettings("entra", "entra"),),
    targets=(
        TargetSettings(
            "wiki", "confluence", "https://wiki.example.com/confluence", SecretReference("env", "T"), "entra"
        ),
    ),
)
PLAIN = Exchange("in", "entra", NOW - 60_000, 12_000, "PATCH", "/Users/42", 200, "ada@example.com", "ok")


class RequestsApp(App[None]):
    """Just enough of a console for the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back")]
    CSS = "#body { height: 1fr; } #too-small { display: none; }"
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-narrow"), (120, "-wide")]
    keymap: Mapping[str, str] = MappingProxyType({})
    store_name = "manciple.db"
    last_flash: Flash | None = None

    def __init__(self, store: Store, settings: Settings = SETTINGS) -> None:
        super().__init__()
        self.settings = settings
        self.keeping = SessionKeeping()
        self.news = News(store)
        state = store.backend.path.parent
        self.remembered = Remembered.of({"XDG_STATE_HOME": f"{state}/state", "XDG_CONFIG_HOME": f"{state}/config"})
        self.shown = RequestsScreen(store)
        self.copied: list[str] = []

    def on_mount(self) -> None:
        self.animation_level = "none"
        for theme in load_themes([SHIPPED]).themes:
            self.register_theme(theme)
        self.theme = "manciple-dark"
        self.push_screen(self.shown)

    def clock(self) -> int:
        return NOW

    def needs(self) -> Mapping[str, int]:
        return {}

    def is_engine_alive(self) -> bool:
        return True

    def reason_against_orders(self) -> str:
        return ""

    def flash(self, text: str, level: Level = "plain") -> None:
        self.last_flash = Flash(text, level, NOW)
        self.shown.update_frame()

    def store_failed(self, error: StoreError) -> None:
        self.flash(str(error), "bad")

    def flash_for_a_moment(self, text: str) -> None:
        self.flash(text, "warning")

    def action_back(self) -> None:
        self.shown.go_back()

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)

    @property
    def view(self) -> RequestList:
        return self.shown.query_one(RequestList)

    @property
    def bar(self) -> FilterBar:
        return self.shown.query_one(FilterBar)

    @property
    def pane(self) -> TextPane:
        return self.shown.query_one(TextPane)

    @property
    def head(self) -> str:
        return self.shown.query_one("#head", Page).text

    @property
    def flashed(self) -> str:
        return self.last_flash.text if self.last_flash else ""

    @property
    def ids(self) -> list[int]:
        return [row.id for row in self.view.rows]

    def show_news(self) -> None:
        """What the console calls once something was committed."""
        self.shown.show_news()

    def screen_text(self) -> str:
        """Every line of the terminal, without the spaces at its end."""
        strips = self.shown._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def log(store: Store, *exchanges: Exchange) -> list[int]:
    return store.writer.write_now(lambda tx: [tx.log(exchange) for exchange in exchanges])


def fill(store: Store, number: int) -> None:
    """Log so many exchanges, one a second, the last of them at `NOW`."""
    many = [replace(PLAIN, at=NOW - (number - 1 - index) * 1000) for index in range(number)]
    for start in range(0, number, 10_000):
        log(store, *many[start : start + 10_000])
