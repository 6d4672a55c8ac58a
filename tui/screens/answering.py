"""Answering from the console: what an answer would lead to, the answer itself, and taking it back."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from core.admin import admin
from core.apply.offline import offline_setting
from core.apply.parts import write_beside
from core.apply.previewing import Preview, preview
from core.apply.resolving import Choice, NotAnswered, answered_with, chosen, resolve, take_back
from core.config.settings import Settings, TargetSettings
from core.planning.resolutions import offered
from core.store import Store, StoreError, Transaction
from tui.actions import keys_of
from tui.forms.target_screen import TargetScreen
from tui.screens.conflict_facts import ConflictFacts

if TYPE_CHECKING:
    from tui.app import Console

_FIRST: Mapping[str, tuple[str, ...]] = {"groups.on_the_fly": ("match",)}
"""Rule → the setting of it to begin at, where that is not its first."""
_NOTHING = Preview((), (), (), helps=False)


def target_of(settings: Settings, name: str) -> TargetSettings | None:
    """The target of this name; `None`: the configuration has none."""
    return next((target for target in settings.targets if target.name == name), None)


async def look(store: Store, settings: Settings, facts: ConflictFacts, choice: Choice) -> Preview | str:
    """What a choice would lead to; a text where it cannot be given."""
    target = target_of(settings, facts.row.target)
    if target is None:
        return f"The configuration has no target {facts.row.target} any more."
    return await asyncio.to_thread(_looked, store, settings, target, facts, choice)


def _looked(
    store: Store, settings: Settings, target: TargetSettings, facts: ConflictFacts, choice: Choice
) -> Preview | str:
    setting = offline_setting(settings, target)
    try:
        resolution = chosen(facts.conflict, choice.key)
        if choice.key in ("H", "R", "S"):
            return _NOTHING
        with store.read() as connection:
            names = setting.capabilities.names
            answer = answered_with(connection, target.name, facts.conflict, resolution, choice.value, names)
            return preview(connection, setting, facts.conflict, answer)
    except (NotAnswered, StoreError) as error:
        return str(error)


async def give(
    console: "Console",
    settings: Settings,
    facts: ConflictFacts,
    numbers: Sequence[int],
    choice: Choice,
    claimed_as: str,
) -> None:
    """Give an answer to these conflicts, which `claimed_as` has open; what comes of it is flashed."""
    target = target_of(settings, facts.row.target)
    if target is None:
        console.flash(f"the configuration has no target {facts.row.target} any more", "bad")
        return
    setting = await asyncio.to_thread(offline_setting, settings, target)
    names, by = setting.capabilities.names, admin()
    said: list[str] = []
    refused: list[str] = []

    def written(tx: Transaction, part: Sequence[int]) -> None:
        for number in part:
            seen = facts.conflict if number == facts.row.id else None
            try:
                said.append(resolve(tx, number, choice, by, names, seen, claimed_as))
            except NotAnswered as error:
                refused.append(str(error))

    try:
        await write_beside(console.store, numbers, written)
    except StoreError as error:
        console.flash(f"not answered: {error}", "bad")
        return
    _tell(console, said, refused, f"{len(said)} conflicts are answered alike")


async def edit(console: "Console", facts: ConflictFacts) -> None:
    """Open the form of the rule that is behind a conflict, at its setting; going back there comes back here."""
    rule = next((each.proposed for each in offered(facts.conflict) if each.key == "E"), None) or "users"
    path = (*rule.split("."), *_FIRST.get(rule, ()))
    shown = await console.show("group_sync" if path[0] == "groups" else "user_sync")
    if isinstance(shown, TargetScreen):
        shown.open_at(facts.row.target, path, facts.row.id)
        back = keys_of("everywhere.back", console.keymap)[0]
        console.flash(f"{rule}: change and save it; saving it, or {back}, goes back to conflict {facts.row.id}")


async def undo(console: "Console", numbers: Sequence[int]) -> None:
    """Take the last answer to these conflicts back; what comes of it is flashed."""
    said: list[str] = []
    refused: list[str] = []

    def written(tx: Transaction, part: Sequence[int]) -> None:
        for number in part:
            try:
                said.append(take_back(tx, number, admin()))
            except NotAnswered as error:
                refused.append(str(error))

    try:
        await write_beside(console.store, numbers, written)
    except StoreError as error:
        console.flash(f"not taken back: {error}", "bad")
        return
    _tell(console, said, refused, f"{len(said)} conflicts wait for an answer again")


def _tell(console: "Console", said: Sequence[str], refused: Sequence[str], many: str) -> None:
    if refused:
        more = f" ({len(refused) - 1} more were refused)" if len(refused) > 1 else ""
        console.flash(f"{refused[0]}{more}", "warning")
    elif len(said) == 1:
        console.flash(said[0], "good")
    else:
        console.flash(many, "good")
