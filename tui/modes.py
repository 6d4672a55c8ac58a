"""The screens of the console: which class shows each place, imported after the first is seen.

Together they take longer to import than the first takes to be seen; so that is done in a thread meanwhile, or when one
is shown before.
"""

import asyncio
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import cast

from core.store import Store
from tui.actions import Place
from tui.quick_app import QuickApp
from tui.screens.console_screen import ConsoleScreen

SCREENS: Mapping[Place, str] = {
    "overview": "overview.OverviewScreen",
    "requests": "requests.RequestsScreen",
    "sync": "sync.SyncScreen",
    "conflicts": "conflicts.ConflictsScreen",
    "people": "people.PeopleScreen",
    "providers": "providers.ProvidersScreen",
    "targets": "targets.TargetsScreen",
    "user_sync": "user_sync.UserSyncScreen",
    "group_sync": "group_sync.GroupSyncScreen",
    "audit": "audit.AuditScreen",
}
"""By place: the module below `tui.screens`, and its class, which is made with the store."""


AHEAD = 0.3
"""Seconds after the start until the screens that are not seen yet are made ready."""


def make_screen(place: Place, store: Store) -> ConsoleScreen:
    """The screen of a place."""
    return _class_of(place)(store)


async def get_ready(app: QuickApp) -> None:
    """Import the screens, and read their styles, so that a first visit costs neither."""
    await asyncio.to_thread(lambda: [_class_of(place) for place in SCREENS])
    app.read_ahead(sorted(Path(__file__).with_name("screens").glob("*.tcss")))


def _class_of(place: Place) -> Callable[[Store], ConsoleScreen]:
    module, _, name = SCREENS[place].partition(".")
    return cast("Callable[[Store], ConsoleScreen]", getattr(import_module(f"tui.screens.{module}"), name))
