"""Ordering that one user alone be brought in line with the rules of a target."""

from typing import TYPE_CHECKING

from core.config.settings import Settings
from core.store.identities import Kind
from core.store.people import Listed
from tui.dialogs.choice import Choice

if TYPE_CHECKING:
    from tui.app import Console


def reason_against(kind: Kind, listed: Listed | None, settings: Settings) -> str:
    """Why the one under the cursor cannot be synchronised alone; empty where it can."""
    if kind == "Group":
        return "a group is synchronised with all of its target"
    if listed is None:
        return "no user is chosen"
    if listed.is_deleted:
        return "a deleted user has no userName to be found by; synchronise the target"
    return "" if _targets(settings, listed) else f"no target takes the users of {listed.provider}"


def synchronise(console: "Console", listed: Listed, shown: str | None) -> None:
    """Give the order for the target that is `shown`, else for the only one, else for one that is asked for."""
    names = _targets(console.settings, listed)

    def give(name: str | None) -> None:
        if name is not None:
            subject = f"{name} user {listed.name}"
            console.run_worker(console.order("sync", subject, f"sync {subject}: asked; its plan will wait under Sync"))

    if shown is not None or len(names) == 1:
        give(shown or names[0])
    else:
        console.push_screen(Choice(f"Where is {listed.name} to be synchronised?", names, console.keymap), give)


def _targets(settings: Settings, listed: Listed) -> list[str]:
    return [target.name for target in settings.targets if target.provider == listed.provider]
