"""SaveDialog: what would be written into config.toml, as a difference; and only then it is written."""

import asyncio
from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.config import ConfigChanged, ConfigError, Source, difference, save
from tui.actions import bindings, keys_of
from tui.dialogs.dialog import Dialog
from tui.widgets.page import Line, Page, Words, line
from tui.widgets.scroll import Scroll
from tui.wrapping import wrapped

_STYLES: Mapping[str, str] = {"+": "page--good", "-": "page--bad", "@": "page--key"}


class SaveDialog(Dialog[Source]):
    """Asks whether `after` is written in the place of `before`; answers with what stands in the file then.

    Where the file was changed meanwhile nothing is written; it shows what changed, and answers with nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("question")]
    DEFAULT_CSS = """
    SaveDialog {
        & > #box { width: 100; }
        & Scroll { height: auto; max-height: 100%; }
    }
    """

    def __init__(self, before: Source, after: Source, foreseen: str, keymap: Mapping[str, str]) -> None:
        """`foreseen` is what the preview says of it, in a sentence."""
        super().__init__()
        self._before, self._after = before, after
        self._foreseen = foreseen
        self._difference = difference(before, after)
        self._problem = ""
        self.changed: ConfigChanged | None = None
        """Why nothing was written, where the file is another one by now."""
        self._confirm, self._close = (keys_of(name, keymap)[0] for name in ("question.confirm", "dialog.dismiss"))
        self._page = Page(self._lines)

    def compose(self) -> ComposeResult:
        """One page that scrolls, in a box."""
        with Container(id="box"), Scroll():
            yield self._page

    async def action_confirm(self) -> None:
        """Write it."""
        if self.changed is not None:
            self.dismiss(None)
            return
        try:
            await asyncio.to_thread(save, self._before, self._after)
        except ConfigChanged as error:
            self.changed, self._difference = error, error.diff
        except ConfigError as error:
            self._problem = str(error)
        else:
            self.dismiss(self._after)
            return
        self._page.update()

    def _lines(self, width: int) -> list[Line]:
        room = max(20, width - 2)
        changed = "changed meanwhile, so nothing was written. What changed there:"
        title = f"{self._before.path.name} {changed}" if self.changed else f"Write this to {self._before.path}?"
        style = "page--warning" if self.changed else "page--title"
        rows = [*(line(Words(f" {text}", style)) for text in wrapped(title, room)), ()]
        for text in self._difference.splitlines():
            if not text.startswith(("---", "+++")):
                rows.append(line(Words(f" {text}", _STYLES.get(text[:1], "page--dim"))))
        rows += [(), *(line(f" {text}") for text in wrapped(self._said(), room))]
        rows += [line(Words(f" ! {text}", "page--warning")) for text in wrapped(self._problem, room) if self._problem]
        return [*rows, line(Words(f" {self._keys()}", "page--dim"))]

    def _said(self) -> str:
        if self.changed is not None:
            return "Your edits are kept, on top of that: look at the preview, and save again."
        return f"Foreseen: {self._foreseen}."

    def _keys(self) -> str:
        if self.changed is not None:
            return f"{self._confirm} closes this"
        return f"{self._confirm} writes it; {self._close} goes back, and keeps your edits"
