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
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, cast

from sqlalchemy.exc import SQLAlchemyError
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from core.admin import admin
from core.config.settings import Settings
from core.store import Store, StoreError, Watch, orders, runs
from core.store.clock import now_ms
from tui.actions import SUSPEND, Place, bindings, keymap_problems, keys_of
from tui.dialogs.help import HelpDialog
from tui.dialogs.palette import Palette
from tui.engine_start import StartedEngine
from tui.frame import MOMENT, Flash, Level
from tui.orders import Orders, level_of
from tui.screens.console_screen import ConsoleScreen
from tui.screens.overview import OverviewScreen
from tui.screens.sync import SyncScreen
from tui.standing import Standing, read_standing
from tui.theme import NO_COLOR_THEME, effective_theme, load_themes, theme_folders, usable_theme

if TYPE_CHECKING:
    from tui.screens.conflicts import ConflictsScreen

StartEngine = Callable[[], StartedEngine | None]
"""Starts an engine in a process of its own; raises OSError where it cannot."""


class Console(App[None]):
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
        clock: Callable[[], int] = now_ms,
    ) -> None:
        """Show `store`; `clock` gives milliseconds since 1970-01-01 UTC, for ages."""
        # Told before the theme is known, Textual would turn the terminal's own colours into black on black.
        super().__init__(ansi_color=True if environment.get("NO_COLOR") else None)
        self.animation_level = "none"
        self.store = store
        self.settings = settings
        """As last read; another once a provider was added here."""
        self.clock = clock
        self.start_engine = start_engine
        self.standing = Standing()
        """How things stand, as last read."""
        self.last_flash: Flash | None = None
        self.ordered: int | None = None
        """The run whose plan was ordered here last, until the sync screen has taken it."""
        self.keymap: Mapping[str, str] = MappingProxyType({})
        """The keys that differ from the actions' own; none where the configured ones cannot be used."""
        self._environment = environment
        self._orders = Orders(store, admin())
        self._started: StartedEngine | None = None
        """The engine that this console started, while it lives."""
        self._is_announced = False
        self._theme_names: tuple[str, ...] = ()
        self._watch: Watch | None = None
        self.add_mode("overview", lambda: OverviewScreen(store))
        self.add_mode("requests", self._requests_screen)
        self.add_mode("sync", lambda: SyncScreen(store, settings))
        self.add_mode("conflicts", self._conflicts_screen)
        self.add_mode("people", self._people_screen)
        self.add_mode("providers", self._providers_screen)
        self.add_mode("targets", self._targets_screen)
        self.add_mode("user_sync", self._user_sync_screen)
        self.add_mode("audit", self._audit_screen)

    @property
    def store_name(self) -> str:
        """What the title calls the store."""
        return self.settings.store.shown_url.rpartition("://")[2].removeprefix("/")

    @property
    def rate(self) -> float:
        """How often a second the store is asked for news: less over a line that costs."""
        if self.settings.console.slow:
            return 2.0
        return 5.0 if self._environment.get("SSH_CONNECTION") else 10.0

    def on_load(self) -> None:
        """Before anything is drawn: keys, themes, and how things stand."""
        problems = [*self._take_keymap(), *self._take_themes()]
        self._take_standing()
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self.last_flash = Flash(problems[0] + more, "warning", self.clock())

    def on_mount(self) -> None:
        """Begin to tick; draw again what a shell wrote over while the console was suspended."""
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh())
        self._watch = self.store.watch()
        self.set_interval(1 / self.rate, self.tick)
        self.set_interval(1.0, self.second)
        if not self.is_headless:
            # A kill, or a line that drops, gives the terminal back as `q` does.
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.exit, None, 128 + number)

    def on_unmount(self) -> None:
        """Give the watch's connection back."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def tick(self) -> None:
        """Take in what was committed, if anything was."""
        if not self._changed():
            return
        self._take_standing()
        self._flash_answers()
        if (shown := self._shown_screen()) is not None:
            shown.show_news()

    def second(self) -> None:
        """A second passed: ages, rates, and the engine that is being started."""
        self._look_after_engine()
        if self.last_flash is not None and self.last_flash.is_over(self.clock()):
            self.last_flash = None
        if self._orders.is_any_unanswered:
            self._flash_answers()
        if (shown := self._shown_screen()) is not None:
            shown.show_second()

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

    def begin_engine(self) -> None:
        """Start an engine; what becomes of it is flashed."""
        if self.start_engine is None:
            self.flash("this console cannot start an engine; run: manciple serve", "warning")
            return
        try:
            self._started, self._is_announced = self.start_engine(), False
        except OSError as error:
            self.flash(f"the engine could not be started: {error}", "bad")
        else:
            self.flash("starting an engine; it goes on when this console is closed")

    async def action_overview(self) -> None:
        """Show the overview."""
        await self._show("overview")

    async def action_requests(self) -> None:
        """Show the requests."""
        await self._show("requests")

    async def action_sync(self) -> None:
        """Show the runs."""
        await self._show("sync")

    async def action_conflicts(self) -> None:
        """Show what waits for a decision."""
        await self._show("conflicts")

    async def action_people(self) -> None:
        """Show users and groups."""
        await self._show("people")

    async def action_providers(self) -> None:
        """Show the providers."""
        await self._show("providers")

    async def action_targets(self) -> None:
        """Show the targets."""
        await self._show("targets")

    async def action_user_sync(self) -> None:
        """Show what becomes of users at a target."""
        await self._show("user_sync")

    async def action_audit(self) -> None:
        """Show what admins did."""
        await self._show("audit")

    async def show_run(self, number: int) -> None:
        """Show one run."""
        await self._show("sync")
        cast("SyncScreen", self._shown_screen()).open_run(number)

    async def show_conflict(self, number: int) -> None:
        """Show one conflict that lasts."""
        await self._show("conflicts")
        cast("ConflictsScreen", self._shown_screen()).open_conflict(number)

    async def _show(self, mode: str) -> None:
        # Textual would take the screen off and put it on again, in the middle of what is being typed there.
        if mode != self.current_mode:
            await self.switch_mode(mode)

    async def action_back(self) -> None:
        """Close what is open on the screen, and what was flashed."""
        if (shown := self._shown_screen()) is not None:
            shown.go_back()
        self.last_flash = None
        self._update_frame()

    def action_palette(self) -> None:
        """Open the palette."""
        self.push_screen(Palette())

    def action_help(self) -> None:
        """Open the help page of the screen."""
        if (shown := self._shown_screen()) is not None:
            self.push_screen(HelpDialog(shown, self.keymap))

    def action_theme(self) -> None:
        """Change to the next theme."""
        if self._environment.get("NO_COLOR"):
            self.flash("NO_COLOR is set, so there is one theme only", "warning")
            return
        names = self._theme_names
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.flash(f'theme "{self.theme}"; to keep it, write it under [console] in config.toml')

    def action_help_quit(self) -> None:
        """What Textual does on ctrl+c: say which key quits."""
        self.flash(f"{keys_of('everywhere.quit', self.keymap)[0]} closes the console; the engine goes on")

    def _requests_screen(self) -> Screen[None]:
        from tui.screens.requests import RequestsScreen

        return RequestsScreen(self.store, self.settings)

    def _conflicts_screen(self) -> Screen[None]:
        from tui.screens.conflicts import ConflictsScreen

        return ConflictsScreen(self.store, self.settings)

    def _people_screen(self) -> Screen[None]:
        from tui.screens.people import PeopleScreen

        return PeopleScreen(self.store, self.settings)

    def _providers_screen(self) -> Screen[None]:
        from tui.screens.providers import ProvidersScreen

        return ProvidersScreen(self.store)

    def _targets_screen(self) -> Screen[None]:
        from tui.screens.targets import TargetsScreen

        return TargetsScreen(self.store)

    def _user_sync_screen(self) -> Screen[None]:
        from tui.screens.user_sync import UserSyncScreen

        return UserSyncScreen(self.store)

    def _audit_screen(self) -> Screen[None]:
        from tui.screens.audit import AuditScreen

        return AuditScreen(self.store)

    def _shown_screen(self) -> ConsoleScreen | None:
        """The screen of the mode that is shown, also where a dialog lies over it."""
        base = self.screen_stack[0] if self.screen_stack else None
        return base if isinstance(base, ConsoleScreen) and base.is_mounted else None

    def _update_frame(self) -> None:
        if (shown := self._shown_screen()) is not None:
            shown.update_frame()

    def _changed(self) -> bool:
        try:
            return self._watch is not None and self._watch.changed()
        except SQLAlchemyError as error:
            self.flash(f"the store cannot be read: {error}", "bad")
            return False

    def _take_standing(self) -> None:
        try:
            with self.store.read() as connection:
                self.standing = read_standing(connection, self.clock())
        except StoreError as error:
            self.flash(str(error), "bad")

    def _flash_answers(self) -> None:
        with suppress(StoreError), self.store.read() as connection:
            for order in self._orders.answers(connection):
                run = runs.find(connection, order.run) if order.run is not None else None
                self.ordered = order.run if order.kind in ("sync", "undo", "choose") else self.ordered
                self.flash(f"{order.kind} {order.subject}: {order.answer or order.state}", level_of(order, run))

    def _starting_keys(self) -> str:
        overview, start = (keys_of(name, self.keymap)[0] for name in ("everywhere.overview", "overview.start_engine"))
        return f"{overview}, then {start} starts one"

    def _look_after_engine(self) -> None:
        """Tell when the engine that this console started lives, and whenever it ends."""
        if self._started is None:
            return
        if (death := self._started.death()) is not None:
            log, self._started = self._started.log, None
            self.flash(f"the engine ended with {death.told(self._starting_keys())} (its log: {log})", "bad")
        elif not self._is_announced and (alive := self.standing.alive(self.clock())):
            self._is_announced = True
            self.flash(f"the engine is alive: {alive[-1].listening}", "good")

    def _take_keymap(self) -> tuple[str, ...]:
        problems = keymap_problems(self.settings.console.keymap)
        if not problems:
            self.keymap = self.settings.console.keymap
            self.set_keymap(self.keymap)
        return problems

    def _take_themes(self) -> list[str]:
        loaded = load_themes(theme_folders(self._environment))
        for theme in loaded.themes:
            self.register_theme(theme)
        self._theme_names = (*(theme.name for theme in loaded.themes), NO_COLOR_THEME)
        name, problem = usable_theme(self.settings.console.theme, self._theme_names)
        self.theme = effective_theme(name, self._environment)
        return [*map(str, loaded.problems), *([problem] if problem else [])]
