"""Making a rule from the console: what each width of it would decide, and the rule itself."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.admin import admin
from core.apply.deciding import decide
from core.apply.offline import offline_setting
from core.apply.ruling import Effect, effect, make_rule, undecided
from core.planning.deciding import widths
from core.store import Store, StoreError
from tui.counting import counted
from tui.dialogs.rule import Ruled
from tui.screens.answering import PAUSE, target_of
from tui.screens.conflict_facts import ConflictFacts

if TYPE_CHECKING:
    from tui.app import Console


async def look(store: Store, facts: ConflictFacts, key: str) -> Sequence[Effect] | str:
    """What rules with this answer would decide, the narrowest first; a text where the store cannot be read."""
    return await asyncio.to_thread(_looked, store, facts, key)


def _looked(store: Store, facts: ConflictFacts, key: str) -> Sequence[Effect] | str:
    try:
        with store.read() as connection:
            return [effect(connection, facts.row.target, rule) for rule in widths(facts.conflict, key)]
    except StoreError as error:
        return str(error)


async def make(console: "Console", facts: ConflictFacts, ruled: Ruled) -> None:
    """Make the rule, which decides at once; what comes of it is flashed."""
    name = facts.row.target
    target = target_of(console.settings, name)
    if target is None:
        console.flash(f"the configuration has no target {name} any more", "bad")
        return
    names, rule = (
        (await asyncio.to_thread(offline_setting, console.settings, target)).capabilities.names,
        ruled.effect.rule,
    )
    try:
        number = await console.store.writer.write(lambda tx: make_rule(tx, name, rule, ruled.reason, admin()))
        with console.store.read() as connection:
            found = undecided(connection, name, rule)
        for part in found:
            await console.store.writer.write(lambda tx, part=part: decide(tx, name, part, names))  # type: ignore[misc]
            await asyncio.sleep(PAUSE)
    except StoreError as error:
        console.flash(f"no rule was made: {error}", "bad")
        return
    decided = counted(len(ruled.effect.now), "conflict")
    console.flash(
        f"Rule {number} decides from now on, about {decided} at once. To end it: manciple rules revoke {number}", "good"
    )
