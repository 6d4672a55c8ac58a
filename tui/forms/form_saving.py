"""What a form asks before it is saved or given up; and what follows: an audit row, and the engine reads the file."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from core.admin import admin
from core.config import ConfigError, Source, difference, edited, read_settings
from core.store import StoreError, Transaction, audit
from tui.counting import counted
from tui.dialogs.question import YES, Asked, Question
from tui.forms.draft import Draft
from tui.forms.save_dialog import SaveDialog

if TYPE_CHECKING:
    from tui.app import Console


async def ask_to_save(
    console: "Console",
    source: Source,
    draft: Draft,
    foreseen: str,
    saved: Callable[[Source], None],
    changed: Callable[[], None],
) -> None:
    """Show the difference; `saved` is called with the file once it is written, `changed` where it is another one."""
    try:
        after = await asyncio.to_thread(edited, source, draft.changes())
    except ConfigError as error:
        console.flash(str(error), "bad")
        return
    dialog = SaveDialog(source, after, foreseen, console.keymap)

    def closed(written: Source | None) -> None:
        if written is not None:
            settings = read_settings(written)
            console.settings = replace(settings, console=console.settings.console)
            console.run_worker(_note(console, draft, source, written))
            saved(written)
        elif dialog.changed is not None:
            console.flash(f"nothing was written: {source.path.name} changed meanwhile; your edits are kept", "warning")
            changed()
        else:
            console.flash("nothing was written; your edits are kept")

    console.push_screen(dialog, closed)


def ask_to_give_up(console: "Console", draft: Draft, give_up: Callable[[], None]) -> None:
    """Ask whether unsaved edits are to go."""
    title = f"Give up {counted(draft.number_edited, 'change')} of {draft.target} that {_are(draft)} not saved?"
    keys = sorted({".".join(part for part in path if isinstance(part, str)) for path in (*draft.edits, *draft.typed)})
    asked = Asked(title, {}, (), [", ".join(keys)], YES, "give up", "keeps them")

    def answered(yes: bool | None) -> None:
        if yes:
            give_up()
            console.flash("the form is as config.toml has it")
        else:
            console.flash("your edits are kept")

    console.push_screen(Question(asked, console.keymap), answered)


def _are(draft: Draft) -> str:
    return "is" if draft.number_edited == 1 else "are"


async def _note(console: "Console", draft: Draft, before: Source, after: Source) -> None:
    """The audit row, and the order to the engine to read the file."""
    name = after.path.name

    def write(tx: Transaction) -> None:
        audit.note(tx, admin(), "edit configuration", draft.target, difference(before, after))

    try:
        await console.store.writer.write(write)
    except StoreError as error:
        console.flash(f"{name} is saved, but the audit trail has no row of it: {error}", "bad")
        return
    if console.is_engine_alive():
        asked = f"{name} is saved, the previous one is {name}.bak; the engine reads it"
        await console.order("reload", name, asked)
    else:
        console.flash(f"{name} is saved, the previous one is {name}.bak; an engine reads it when it starts", "good")
