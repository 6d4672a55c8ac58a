"""Leaving: closes the console, after it has asked where that would lose edits, or when its terminal is gone."""

import errno
import signal
import sys
import termios
from typing import TYPE_CHECKING

from tui.actions import Place, keys_of
from tui.counting import counted

if TYPE_CHECKING:
    from tui.app import Console


class Leaving:
    """Knows what was edited and not saved, on all screens."""

    def __init__(self) -> None:
        self._unsaved: dict[Place, int] = {}

    def note(self, place: Place, edited: int) -> None:
        """So many settings are edited on a screen."""
        self._unsaved[place] = edited

    def begin(self, console: "Console") -> None:
        """Close the console, or ask first."""
        if edited := sum(self._unsaved.values()):
            self._ask(console, edited)
        else:
            console.close()

    def look_after(self, console: "Console") -> None:
        """Once a second: close where nobody can see it any more. Not every terminal sends a signal when it goes, and
        Textual would read from it for ever, as fast as it can."""
        if not console.is_headless and is_terminal_gone():
            console.close(128 + signal.SIGHUP)

    def _ask(self, console: "Console", edited: int) -> None:
        from tui.dialogs.question import YES, Asked, Question

        title = f"Close without saving {counted(edited, 'edited setting')}?"
        where = " and ".join(place.replace("_", " ").capitalize() for place, number in self._unsaved.items() if number)
        key = keys_of("form.save", console.keymap)[0]
        saved = f"{where} would forget {'it' if edited == 1 else 'them'}; {key} there saves."
        asked = Asked(title, {}, (), [saved], YES, "close", "goes back")
        console.push_screen(Question(asked, console.keymap), lambda yes: console.close() if yes else None)


def is_terminal_gone() -> bool:
    """Whether the terminal that keys were read from was hung up."""
    try:
        termios.tcgetattr(sys.__stdin__ or 0)
    except termios.error as error:
        return bool(error.args[0] == errno.EIO)
    return False
