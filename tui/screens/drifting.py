"""The drift of a target from the console: what is reported, letting it stay, and ordering that it be taken away."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.admin import admin
from core.store import Store, StoreError, Transaction, audit, drift
from core.store.drift import Orphan
from tui.dialogs.choice import Choice
from tui.dialogs.drift import DriftDialog
from tui.dialogs.drift_text import LIMIT, Found

if TYPE_CHECKING:
    from tui.app import Console

_CHOICES = {"orphan-account": "deactivate", "orphan-group": "delete-group"}
"""What an order to choose calls it."""


def show_drift(console: "Console", shown: str | None, ordered: Callable[[], None]) -> None:
    """Show the drift of a target, asking for it where there are several; `ordered` is called where an order is given.

    `shown` is the target to begin with.
    """
    names = [target.name for target in console.settings.targets]
    names.sort(key=lambda name: name != shown)

    def show(name: str | None) -> None:
        if name is not None:
            console.push_screen(_dialog(console, name), lambda orphan: _take_away(console, name, orphan, ordered))

    if len(names) == 1:
        show(names[0])
    else:
        console.push_screen(Choice("Of which target?", names, console.keymap), show)


def reported(store: Store, target: str) -> Sequence[Found]:
    """What differs from how the target was left, newest first, and what has nobody behind it; not what may stay.

    :raises StoreError: when the store cannot be read.
    """
    with store.read() as connection:
        changed = drift.open_ones(connection, target, LIMIT)
        orphans = (*drift.orphan_accounts(connection, target, LIMIT), *drift.orphan_groups(connection, target, LIMIT))
    return (*changed, *(orphan for orphan in orphans if orphan.kept_by is None))


def _dialog(console: "Console", target: str) -> DriftDialog:
    async def read() -> Sequence[Found] | str:
        try:
            return await asyncio.to_thread(reported, console.store, target)
        except StoreError as error:
            return str(error)

    async def keep(found: Found) -> str:
        try:
            is_kept = await console.store.writer.write(lambda tx: _keep(tx, target, found))
        except StoreError as error:
            return f"not kept: {error}"
        return f"{found.name} may stay as it is." if is_kept else f"{found.name} is no longer as it was reported."

    def reason_against(_: Found) -> str:
        return console.reason_against_orders()

    return DriftDialog(target, read, keep, reason_against, console.keymap, console.clock)


def _keep(tx: Transaction, target: str, found: Found) -> bool:
    if isinstance(found, Orphan):
        drift.keep_orphan(tx, target, found, admin())
    elif not drift.keep(tx, found.id, admin()):
        return False
    audit.note(tx, admin(), "keep drift", target, found.name)
    return True


def _take_away(console: "Console", target: str, orphan: Orphan | None, ordered: Callable[[], None]) -> None:
    if orphan is None:
        return
    choice = f"{_CHOICES[orphan.kind]} {orphan.name}"
    asked = f"{choice}: asked; the plan will wait for you here, and nothing is changed before"
    console.run_worker(console.order("choose", f"{target} {choice}", asked))
    ordered()
