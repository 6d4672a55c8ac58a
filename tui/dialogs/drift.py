"""DriftDialog: what others changed at a target, what has nobody behind it, and what is to become of that.

It only shows, keeps, and hands what is to be taken away to whoever opened it: nothing is taken away from here.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.store.drift import Orphan
from tui.actions import bindings, keys_of
from tui.dialogs.dialog import Dialog
from tui.dialogs.drift_text import Found, detail_lines, head_lines, row_of
from tui.widgets.fixed_rows import FixedRows
from tui.widgets.page import Line, Page
from tui.widgets.window_view import WindowView

Read = Callable[[], Awaitable[Sequence[Found] | str]]
"""What is reported now; a text says why it cannot be read."""
Keep = Callable[[Found], Awaitable[str]]
"""Lets something stay; returns what came of it."""
ReasonAgainst = Callable[[Found], str]
"""Why something cannot be taken away now; empty where it can."""


class DriftDialog(Dialog[Orphan]):
    """Shows the drift of a target; answers with what is to be taken away."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("drift")]
    DEFAULT_CSS = """
    DriftDialog > #box {
        width: 96%;
        max-width: 140;
        height: 90%;
        & #about { height: auto; margin-top: 1; }
    }
    """

    def __init__(
        self,
        target: str,
        read: Read,
        keep: Keep,
        reason_against: ReasonAgainst,
        keymap: Mapping[str, str],
        clock: Callable[[], int],
    ) -> None:
        super().__init__()
        self._target = target
        self._read, self._keep, self._reason_against = read, keep, reason_against
        self._keymap = keymap
        self._clock = clock
        self._found: Sequence[Found] | None = None
        self._said = ""
        """What came of the last key."""
        self._view = WindowView(FixedRows(tuple), id="drift")
        self._head, self._about = Page(self._head_lines), Page(self._about_lines, id="about")

    def compose(self) -> ComposeResult:
        """The list, over what is said of the row under the cursor."""
        with Container(id="box"):
            yield self._head
            yield self._view
            yield self._about

    def on_mount(self) -> None:
        """Read, which may take a while where there are many accounts."""
        self._view.focus()
        self._read_anew(1)

    def on_window_view_highlighted(self, message: WindowView.Highlighted) -> None:
        """What is said follows the cursor."""
        self._about.update()

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """There is no more to a row than stands below the list."""

    def action_keep(self) -> None:
        """Let what is under the cursor stay as it is."""
        if (found := self._under_cursor()) is not None:
            self._let_stay(found)

    def action_take_away(self) -> None:
        """Answer with what is under the cursor, where it can be taken away."""
        found = self._under_cursor()
        if isinstance(found, Orphan):
            reason = self._reason_against(found)
            self._say(f"not taken away: {reason}") if reason else self.dismiss(found)
        elif found is not None:
            self._say("not taken away: what the rules want otherwise, the next synchronisation puts right")

    @work(exclusive=True, group="drift")
    async def _let_stay(self, found: Found) -> None:
        at = self._view.cursor
        self._say(await self._keep(found))
        await self._show(at)

    @work(exclusive=True, group="drift")
    async def _read_anew(self, at: int) -> None:
        await self._show(at)

    async def _show(self, at: int) -> None:
        found = await self._read()
        if isinstance(found, str):
            self._say(found)
            return
        self._found = found
        rows = [row_of(place, each, self._clock()) for place, each in enumerate(found, 1)]
        self._view.switch(FixedRows(lambda: rows), at=at)
        self._update()

    def _under_cursor(self) -> Found | None:
        place = self._view.cursor
        return self._found[place - 1] if self._found and 0 < place <= len(self._found) else None

    def _say(self, text: str) -> None:
        self._said = text
        self._update()

    def _update(self) -> None:
        self._head.update()
        self._about.update()

    def _head_lines(self, width: int) -> list[Line]:
        return head_lines(self._target, self._found, self._said, width)

    def _about_lines(self, width: int) -> list[Line]:
        keys = {name: keys_of(name, self._keymap)[0] for name in ("drift.keep", "drift.take_away", "dialog.dismiss")}
        return detail_lines(self._under_cursor(), keys, width, self._clock())
