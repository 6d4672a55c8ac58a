"""The tolerances: what each provider sends beside the SCIM standard, how often, and what is made of it."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Container

from core.scim.tolerances import meaning
from core.store.tolerance_uses import ToleranceUse
from tui.actions import keys_of
from tui.counting import counted
from tui.dialogs.dialog import Dialog
from tui.screens.overview_facts import ProviderFacts
from tui.times import ago
from tui.widgets.page import Line, Page, Words, line
from tui.widgets.scroll import Scroll
from tui.wrapping import wrapped

_NAME, _USES = 29, 17


class TolerancesDialog(Dialog[None]):
    """Lists the tolerances of all providers."""

    def __init__(self, providers: Sequence[ProviderFacts], keymap: Mapping[str, str], now: int) -> None:
        super().__init__()
        self._providers = providers
        self._keymap = keymap
        self._now = now

    def compose(self) -> ComposeResult:
        """One page that scrolls."""
        with Container(id="box"), Scroll():
            yield Page(self._lines)

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for facts in self._providers:
            if facts.tolerances:
                lines.append(line(Words(f" {facts.provider.name}", "page--title")))
                lines += [row for use in facts.tolerances for row in self._rows(use, width - 4)]
                lines.append(())
        close = keys_of("dialog.dismiss", self._keymap)[0]
        note = f"What the provider sends beside the standard, and what is made of it. {close} closes this list."
        return [*lines, *(line(Words(f" {text}", "page--dim")) for text in wrapped(note, width - 2))]

    def _rows(self, use: ToleranceUse, width: int) -> list[Line]:
        head = line(
            f" {use.name:<{_NAME}}", f"{counted(use.uses, 'time'):>{_USES}}", f"   last {ago(use.last_at, self._now)}"
        )
        return [head, *(line(Words(f"   {text}", "page--dim")) for text in wrapped(meaning(use.name), width))]
