"""The screens of the console: which class shows each place, imported when it is shown first.

Together they take longer to import than the first takes to be seen.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from core.store import Store
from tui.actions import Place
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
    "audit": "audit.AuditScreen",
}
"""By place: the module below `tui.screens`, and its class, which is made with the store."""


def make_screen(place: Place, store: Store) -> ConsoleScreen:
    """The screen of a place."""
    module, _, name = SCREENS[place].partition(".")
    return cast("ConsoleScreen", getattr(import_module(f"tui.screens.{module}"), name)(store))
