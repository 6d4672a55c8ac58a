"""Making a rule from the console: what each width of it would decide, and the rule itself."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.admin import admin
from core.apply.deciding import decide
from core.apply.offline import offline_setting
from core.apply.parts import write_beside
from core.apply.ruling import Effect, effect, make_rule, undecided
from core.planning.changes import Conflict
from core.planning.deciding import DecisionRule, widths
from core.store import Store, StoreError
from tui.counting import counted
from tui.dialogs.rule import Ruled
from tui.screens.answering import target_of
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


def _open_of(store: Store, target: str, rule: DecisionRule) -> Sequence[Conflict]:
    with store.read() as connection:
        return undecided(connection, target, rule)


async def make(console: "Console", facts: ConflictFacts, ruled: Ruled) -> None:
    """Make the rule, which decides at once; what comes of it is flashed."""
    name = facts.row.target
    target = target_of(console.settings, name)
    if target is None:
        console.flash(f"the configuration has no target {name} any more", "bad")
        return
    setting, rule = await asyncio.to_thread(offline_setting, console.settings, target), ruled.effect.rule
    names = setting.capabilities.names
    try:
        number = await console.store.writer.write(lambda tx: make_rule(tx, name, rule, ruled.reason, admin()))
    except StoreError as error:
        console.flash(f"no rule was made: {error}", "bad")
        return
    try:
        found = await asyncio.to_thread(_open_of, console.store, name, rule)
        await write_beside(console.store, found, lambda tx, part: decide(tx, name, part, names))
    except StoreError as error:
        console.flash(f"rule {number} is made, and decides with the next plan; not yet about all: {error}", "warning")
        return
    decided = counted(len(ruled.effect.now), "conflict")
    console.flash(
        f"Rule {number} decides from now on, about {decided} at once. To end it: manciple rules revoke {number}", "good"
    )
