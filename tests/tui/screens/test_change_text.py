"""One change, opened: what it is about in words, and its states side by side."""

from console_stories import K, change

from core.planning.changes import Change
from core.store.changes import Listed
from tui.actions import KEYMAP
from tui.screens.change_text import change_lines
from tui.screens.sync_facts import ChangeFacts


def shown(about: Change) -> str:
    listed = Listed(
        1, 41, "wiki", 0, about.kind, about.account, about.account_id, about.group, "u1", "planned", 0, None, None, None, None
    )
    lines = change_lines(ChangeFacts(listed, about, (), None), KEYMAP, 80, 0)
    return "\n".join("".join(getattr(part, "text", str(part)) for part in line) for line in lines)
