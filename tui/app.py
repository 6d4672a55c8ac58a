"""The console: its screens, its one ticker, and what all screens share.

It reads the store and inserts orders; it calls nothing of the engine. The ticker asks the store whether anything was
committed, which is cheap, and only then tells the screen that is shown. So an idle console sends no byte, and a hidden
screen costs nothing.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType

from core.admin import admin
from core.config.settings import Settings
from core.store import Store, StoreError, orders
from core.store.clock import now_ms
from tui.actions import SUSPEND, Place, bindings, keymap_problems, keys_of
from tui.dialogs.help import HelpDialog
from tui.dialogs.palette import Palette
from tui.dialogs.theme_palette import ThemePalette
from tui.frame import MOMENT, Flash, Level, first_of
from tui.leaving import Leaving
from tui.modes import AHEAD, SCREENS, get_ready, make_screen
from tui.news import News
from tui.orders import Orders
from tui.own_engine import OwnEngine, StartEngine
from tui.quick_app import QuickApp
from tui.remembered import Remembered
from tui.screens.console_screen import ConsoleScreen
from tui.session_keeping import SessionKeeping
from tui.settings_watch import SettingsWatch
from tui.standing import Standing
from tui.theme_choice import ThemeChoice

if TYPE_CHECKING:
    from tui.screens.conflicts import ConflictsScreen
    from tui.screens.sync import SyncScreen


class Console(QuickApp):
    """The console on one open store."""

    TITLE = "manciple"
    CSS_PATH = "console.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere"), SUSPEND]
    DEFAULT_MODE = "overview"
    ENABLE_COMMAND_PALETTE = False  # ours is an action like any other

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        environment: Mapping[str, str] = os.environ,
        start_engine: StartEngine | None = None,
        keeping: SessionKeeping | None = None,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        """Show `store`, going on with the session that is kept; `clock` gives milliseconds since 1970-01-01 UTC."""
        self.keeping = keeping or SessionKeeping()
        if self.keeping.session.screen in SCREENS:
            self.DEFAULT_MODE = self.keeping.session.screen  # type: ignore[misc]  # Textual asks the instance
        # Told before the theme is known, Textual would turn the terminal's own colours into black on black.
        super().__init__(ansi_color=True if environment.get("NO_COLOR") else None)
        self.animation_level = "none"
        self.store = store
        self.settings = settings
        """As last read: the file may be written meanwhile, here or elsewhere."""
        self.clock = clock
        self.themes = ThemeChoice(self, environment, self.keeping.session.theme)
        self.last_flash: Flash | None = None
        self.ordered: int | None = None
        """The run whose plan was ordered here last, until the sync screen has taken it."""
        self.keymap: Mapping[str, str] = MappingProxyType({})
        """The keys that differ from the actions' own; none where the configured ones cannot be used."""
        self._environment = environment
        self.remembered = Remembered.of(environment)
        self.news = News(store)
        self.leaving = Leaving()
        self._orders = Orders(store, admin())
        self._own_engine = OwnEngine(start_engine)
        self._settings_watch = SettingsWatch(settings.path)
        for place in SCREENS:
            self.add_mode(place, partial(make_screen, place, store))

    @property
    def store_name(self) -> str:
        """What the title calls the store."""
        return self.settings.store.shown_url.rpartition("://")[2].removeprefix("/")

    @property
    def rate(self) -> float:
        """How often a second the store is asked for news: less over a line that costs."""
        fast = 5.0 if self._environment.get("SSH_CONNECTION") else 10.0
        return 2.0 if self.settings.console.slow else fast

    @property
    def standing(self) -> Standing:
        """How things stand, as last read."""
        return self.news.standing

    def on_load(self) -> None:
        """Before anything is drawn: keys, themes, and how things stand."""
        problems = [*self._take_keymap(), *self.themes.begin(self.settings.console.theme)]
        self.news.read(self.clock())
        if problems:
            self.last_flash = Flash(first_of(problems), "warning", self.clock())

    def on_mount(self) -> None:
        """Begin to tick; draw again what a shell wrote over while the console was suspended."""
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh())
        self.news.is_any()
        self.set_interval(1 / self.rate, self.tick)
        self.set_interval(1.0, self.second)
        if not self.is_headless:
            self.set_timer(AHEAD, lambda: self.run_worker(get_ready(self), group="ahead"))
            # A kill, or a line that drops, gives the terminal back as `q` does.
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.close, 128 + number)

    async def on_unmount(self) -> None:
        """Give the store's connection back, and keep what was shown last."""
        self.news.close()
        await self.keeping.keep()

    def tick(self) -> None:
        """Take in what was committed, if anything was."""
        if self.news.is_any():
            self.news.read(self.clock())
            self._flash_answers()
            if (shown := self._shown_screen()) is not None:
                shown.show_news()
        self._tell_trouble()

    def second(self) -> None:
        """A second passed: ages, rates, terminal, store, configuration, and the engine that is being started."""
        self.leaving.look_after(self)
        self.news.look_after(self.clock())
        of_engine = self._own_engine.look(self.standing.alive(self.clock()), self._starting_keys())
        for told in filter(None, (of_engine, self.news.untold())):
            self.flash(*told)
        if self.last_flash is not None and self.last_flash.is_over(self.clock()):
            self.last_flash = None
        if self._orders.is_any_unanswered:
            self._flash_answers()
        if (shown := self._shown_screen()) is not None and self.news.is_there:
            shown.show_second()
        self._note_session()
        if self.keeping.is_news:
            self.run_worker(self.keeping.keep(), group="session")
        if self._settings_watch.is_changed():
            self.run_worker(self._settings_watch.renew(self), group="settings", exclusive=True)

    def needs(self) -> Mapping[Place, int]:
        """How much on each screen needs an admin."""
        return {"sync": len(self.standing.waiting), "conflicts": self.standing.open_conflicts}

    def is_engine_alive(self) -> bool:
        """Whether any engine gave a sign of life lately."""
        return bool(self.standing.alive(self.clock()))

    def reason_against_orders(self) -> str:
        """Why no order can be given now; empty where one can."""
        if self.is_engine_alive():
            return ""
        return f"no engine is alive; {self._starting_keys()}"

    def flash(self, text: str, level: Level = "plain") -> None:
        """Say in one line what happened, until something else does or the admin goes back."""
        self.last_flash = Flash(text, level, self.clock())
        self._update_frame()

    def flash_for_a_moment(self, text: str) -> None:
        """Say why a key cannot act; it vanishes by itself, since soon it may be true no more."""
        self.last_flash = Flash(text, "warning", self.clock(), lasts=MOMENT)
        self._update_frame()

    async def order(self, kind: orders.Kind, subject: str, asked: str, detail: str = "") -> None:
        """Ask the engine for something, with its audit row; `asked` is what is flashed until it has answered."""
        try:
            await self._orders.give(kind, subject, detail)
        except StoreError as error:
            self.flash(f"not asked: {error}", "bad")
        else:
            self.flash(asked)
            # The engine may have answered already, in a commit that the ticker has seen: no other need follow.
            self._flash_answers()

    def store_failed(self, error: StoreError) -> None:
        """The store could not be read, which is told once; when that is over, that is told too."""
        self.news.fail(str(error))
        self._tell_trouble()

    def begin_engine(self) -> None:
        """Start an engine; what becomes of it is flashed."""
        self.flash(*self._own_engine.begin())

    async def show_run(self, number: int) -> None:
        """Show one run."""
        cast("SyncScreen", await self.show("sync")).open_run(number)

    async def show_conflict(self, number: int) -> None:
        """Show one conflict that lasts."""
        cast("ConflictsScreen", await self.show("conflicts")).open_conflict(number)

    async def show(self, place: Place) -> ConsoleScreen | None:
        """Show a screen, and give it."""
        await self.action_switch_mode(place)
        return self._shown_screen()

    async def action_switch_mode(self, mode: str) -> None:
        """Show a screen."""
        # Textual would take the screen off and put it on again, in the middle of what is being typed there.
        if mode != self.current_mode:
            self._note_session()
            await self.switch_mode(mode)
            self._note_session()

    async def action_back(self) -> None:
        """Close what is open on the screen, and what was flashed."""
        if (shown := self._shown_screen()) is not None:
            shown.go_back()
        self.last_flash = None
        self._update_frame()

    async def action_quit(self) -> None:
        """Close the console."""
        self.leaving.begin(self)

    def action_palette(self) -> None:
        """Open the palette."""
        self.push_screen(Palette())

    def action_help(self) -> None:
        """Open the help page of the screen."""
        if (shown := self._shown_screen()) is not None:
            self.push_screen(HelpDialog(shown, self.keymap))

    def action_theme(self) -> None:
        """Change to the next theme."""
        if self._can_choose_theme():
            self.themes.choose_next()
            self.flash(f'theme "{self.theme}"')

    def action_choose_theme(self) -> None:
        """List the themes."""
        if self._can_choose_theme():
            self.push_screen(ThemePalette(), lambda _: self.themes.go_back())

    def action_help_quit(self) -> None:
        """What Textual does on ctrl+c: say which key quits."""
        self.flash(f"{keys_of('everywhere.quit', self.keymap)[0]} closes the console; the engine goes on")

    def _shown_screen(self) -> ConsoleScreen | None:
        """The screen of the mode that is shown, also where a dialog lies over it."""
        base = self.screen_stack[0] if self.screen_stack else None
        return base if isinstance(base, ConsoleScreen) and base.is_mounted else None

    def _update_frame(self) -> None:
        if (shown := self._shown_screen()) is not None:
            shown.update_frame()

    def _tell_trouble(self) -> None:
        if (told := self.news.untold()) is not None:
            self.flash(*told)

    def _note_session(self) -> None:
        shown = self._shown_screen()
        if shown is not None and shown.is_taken_up:
            self.keeping.note(shown.PLACE, shown.kept(), self.themes.chosen)

    def close(self, code: int = 0) -> None:
        """Close the console as it is; the next one goes on from here."""
        self._note_session()
        self.exit(return_code=code)

    def _can_choose_theme(self) -> bool:
        if self.themes.is_fixed:
            self.flash("NO_COLOR is set, so there is one theme only", "warning")
        return not self.themes.is_fixed

    def _flash_answers(self) -> None:
        with suppress(StoreError), self.store.read() as connection:
            for told in self._orders.told(connection):
                self.ordered = told.planned or self.ordered
                self.flash(told.text, told.level)

    def _starting_keys(self) -> str:
        overview, start = (keys_of(name, self.keymap)[0] for name in ("everywhere.overview", "overview.start_engine"))
        return f"{overview}, then {start} starts one"

    def _take_keymap(self) -> tuple[str, ...]:
        problems = keymap_problems(self.settings.console.keymap)
        if not problems:
            self.keymap = self.settings.console.keymap
            self.set_keymap(self.keymap)
        return problems
