"""OpenedChange: one change of a run, opened: what, why, from which state to which, and what was sent for it."""

from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection

from tui.screens.change_text import change_lines
from tui.screens.sync_facts import ChangeFacts, read_change
from tui.trail import Link, Stop, links_of_change
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from tui.app import Console


class OpenedChange(Scroll):
    """A page of one change, or of none."""

    def __init__(self, *, id: str) -> None:
        self._page = Page(self._lines)
        super().__init__(self._page, id=id)
        self.position: int | None = None
        """In its run; `None`: no change is opened."""
        self._facts: ChangeFacts | None = None

    @property
    def is_open(self) -> bool:
        """Whether a change is opened."""
        return self.position is not None

    def open(self, position: int | None) -> None:
        """Open the change at a position, or close it; it is to be read."""
        self.position, self._facts = position, None

    def read(self, connection: Connection, run: int) -> None:
        """Read it."""
        self._facts = read_change(connection, run, self.position) if self.position is not None else None

    def update(self) -> None:
        """Compose it."""
        self._page.update()

    def _lines(self, width: int) -> list[Line]:
        console = cast("Console", self.app)
        return change_lines(self._facts, console.keymap, width, console.clock())


def links(connection: Connection, run: int, position: int | None) -> list[Link]:
    """What a change leads on to; where there is none, what its run does."""
    facts = read_change(connection, run, position) if position is not None else None
    if facts is None:
        return [Link(f"all calls of run:{run}", Stop(query=f"run:{run}"))]
    return links_of_change(facts.listed, facts.cause, facts.sent)
