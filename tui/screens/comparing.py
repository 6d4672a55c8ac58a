"""Comparing two runs: the one is marked first, then the other is chosen, and the two are shown beside each other."""

import asyncio
from typing import TYPE_CHECKING

from core.store import Store, StoreError
from core.store.run_comparison import Comparison, compare
from tui.actions import keys_of
from tui.dialogs.comparison import ComparisonDialog

if TYPE_CHECKING:
    from tui.app import Console


async def mark_or_compare(console: "Console", marked: int, chosen: int) -> int:
    """Mark the chosen run, or compare it with the one that is marked; returns the run that is marked then, or 0."""
    key = keys_of("sync.compare", console.keymap)[0]
    if not marked:
        console.flash(f"run {chosen} is marked: open another run, and {key} compares the two")
        return chosen
    if marked == chosen:
        console.flash(f"run {chosen} is marked no more")
        return 0
    one, other = sorted((marked, chosen))
    try:
        found = await asyncio.to_thread(_read, console.store, one, other)
    except StoreError as error:
        console.flash(f"not compared: {error}", "bad")
        return marked
    console.push_screen(ComparisonDialog(one, other, found, console.keymap))
    return 0


def _read(store: Store, one: int, other: int) -> Comparison:
    with store.read() as connection:
        return compare(connection, one, other)
