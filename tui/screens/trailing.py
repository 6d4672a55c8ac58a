"""Going on along the trail, from a request to a change and to a call, whichever screen shows it; and the way back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.dialogs.choice import Choice
from tui.trail import Link, Stop

if TYPE_CHECKING:
    from tui.app import Console
    from tui.screens.requests import RequestsScreen
    from tui.screens.sync import SyncScreen

NO_LINKS = "it leads to nothing, and nothing led to it"


def go_on(console: "Console", here: Stop, links: Sequence[Link]) -> None:
    """Go to where the only link leads, or to the one that is chosen; remember where from."""
    stops = {link.text: link.stop for link in links}

    def follow(text: str | None) -> None:
        if text is not None:
            console.remembered.trail.leave(here)
            console.call_later(show_stop, console, stops[text])

    if len(links) == 1:
        follow(links[0].text)
    elif links:
        console.push_screen(Choice("Go on to", list(stops), console.keymap), follow)


def go_back(console: "Console") -> None:
    """Go to where one came from."""
    if (stop := console.remembered.trail.back()) is not None:
        console.call_later(show_stop, console, stop)


async def show_stop(console: "Console", stop: Stop) -> None:
    """Show a stop on the screen that it belongs to."""
    if stop.run:
        sync = cast("SyncScreen", await console.show("sync"))
        sync.open_run(stop.run, stop.position)
    else:
        requests = cast("RequestsScreen", await console.show("requests"))
        requests.show_stop(stop)
