"""Ordering a run that compares everything: of the one target, or of one that is asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.dialogs.choice import Choice

if TYPE_CHECKING:
    from tui.app import Console


def synchronise(console: "Console", ordered: Callable[[], None] = lambda: None) -> None:
    """Give the order, and call `ordered` where it is given; what is planned then waits for approval."""
    names = [target.name for target in console.settings.targets]

    def give(name: str | None) -> None:
        if name is not None:
            asked = f"sync {name}: asked; the plan will wait for you under Sync"
            console.run_worker(console.order("sync", name, asked))
            ordered()

    if len(names) == 1:
        give(names[0])
    else:
        console.push_screen(Choice("Which target is to be compared?", names, console.keymap), give)
