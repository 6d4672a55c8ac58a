"""Stories of a provider that is read over Microsoft Graph: what they have in common."""

from collections.abc import Sequence
from dataclasses import replace

from console_stories import SETTINGS, drawn
from textual.pilot import Pilot

from core.config.graph_settings import GraphSettings
from core.config.settings import ProviderSettings
from core.credentials import SecretReference
from tui.app import Console
from tui.widgets.page import Page
from tui.widgets.window_view import WindowView

GRAPH = GraphSettings("contoso.example", "c1", SecretReference("env", "GRAPH_SECRET"), scope="all")
READ = replace(SETTINGS, providers=(ProviderSettings("entra", "entra", "graph", graph=GRAPH),), targets=())


def detail(app: Console) -> str:
    return " ".join(app.screen_stack[0].query_one("#detail").query_one(Page).text.split())


def rows(app: Console) -> Sequence[str]:
    return drawn(app.screen_stack[0].query_one("#list", WindowView)).splitlines()


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("6")
    await pilot.pause()


async def passed(pilot: Pilot[None], app: Console) -> None:
    """News and a second."""
    await app.workers.wait_for_complete()
    app.tick()
    app.second()
    await pilot.pause()
