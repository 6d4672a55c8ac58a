"""NewProvider: chooses a kind of IdP and a name, shows what that writes into config.toml, and only then writes it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, get_args

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.config import ConfigError, Settings, Source, difference, read_settings, read_source, save
from core.config.adding import added
from core.config.formats import NotAccepted, name
from core.config.settings import ProviderKind
from core.config.setup_guides import SETUP_GUIDES
from tui.actions import bindings, keys_of
from tui.dialogs.dialog import Dialog
from tui.dialogs.typed_text import typed
from tui.widgets.page import Line, Page, Words, line
from tui.wrapping import wrapped

Stage = Literal["kind", "name", "look"]
_KINDS: Sequence[ProviderKind] = get_args(ProviderKind)
_LONGEST = 32
_STYLES: Mapping[str, str] = {"+": "page--good", "-": "page--bad"}
_SHOWN = 14
"""Lines of the difference that are shown."""


class NewProvider(Dialog[Settings], inherit_bindings=False):
    """Adds a provider; answers with the configuration that was written."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("answer")]

    def __init__(self, settings: Settings, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._settings = settings
        self._keymap = keymap
        self._stage: Stage = "kind"
        self._at = 0
        self._typed = ""
        self._problem = ""
        self._sources: tuple[Source, Source] | None = None
        """The file as it is, and as it would be."""
        self._page = Page(self._lines)

    @property
    def kind(self) -> ProviderKind:
        """The kind under the cursor."""
        return _KINDS[self._at]

    def compose(self) -> ComposeResult:
        """One page in a box."""
        with Container(id="box"):
            yield self._page

    def on_key(self, event: events.Key) -> None:
        """What can belong to a name is typed; every other key is left to the bindings."""
        text = typed(self._typed, event, longest=_LONGEST) if self._stage == "name" else None
        if text is None:
            return
        self._typed = text
        event.stop()
        event.prevent_default()
        self._page.update()

    def action_up(self) -> None:
        """One kind up."""
        self._move(-1)

    def action_down(self) -> None:
        """One kind down."""
        self._move(1)

    def action_previous(self) -> None:
        """One step back; from the first, close."""
        self._problem = ""
        if self._stage == "kind":
            self.dismiss(None)
            return
        self._stage = "name" if self._stage == "look" else "kind"
        self._page.update()

    async def action_confirm(self) -> None:
        """Go on: from the kind to the name, to what is written, to the file."""
        self._problem = ""
        try:
            if self._stage == "kind":
                self._stage, self._typed = "name", self._proposed()
            elif self._stage == "name":
                self._sources = await asyncio.to_thread(self._look)
                self._stage = "look"
            elif self._sources is not None:
                before, after = self._sources
                await asyncio.to_thread(save, before, after)
                self.dismiss(read_settings(after))
                return
        except NotAccepted as error:
            self._problem = f"{error.message}. {error.remedy}."
        except ConfigError as error:
            self._problem = str(error)
        self._page.update()

    def _look(self) -> tuple[Source, Source]:
        """The configuration as it is on the disk now, and with the provider.

        :raises NotAccepted: when the name is none, or taken.
        :raises ConfigError: when it cannot be read, or the provider not be added.
        """
        before = read_source(self._settings.path)
        if name(self._typed) in {provider.name for provider in read_settings(before).providers}:
            raise NotAccepted(f"there is a provider {self._typed} already", "Choose another name")
        return before, added(before, "provider", {"name": self._typed, "kind": self.kind})

    def _proposed(self) -> str:
        """The kind as a name, with a number where it is taken."""
        taken = {provider.name for provider in self._settings.providers}
        names = (self.kind, *(f"{self.kind}-{number}" for number in range(2, len(taken) + 3)))
        return next(each for each in names if each not in taken)

    def _move(self, by: int) -> None:
        if self._stage == "kind":
            self._at = (self._at + by) % len(_KINDS)
            self._page.update()

    def _lines(self, width: int) -> list[Line]:
        room = max(20, width - 2)
        rows = [line(Words(" Add a provider to config.toml", "page--title")), ()]
        rows += self._kinds() if self._stage == "kind" else self._named(room)
        for number, text in enumerate(wrapped(self._problem, room - 2) if self._problem else ()):
            rows.append(line(Words(f" {' ' if number else '!'} {text}", "page--warning")))
        return [*rows, (), *(line(Words(f" {text}", "page--dim")) for text in wrapped(self._keys(), room))]

    def _kinds(self) -> list[Line]:
        return [
            line(
                Words(f" {'>' if number == self._at else ' '} {kind:<10}", "page--key"),
                Words(f" {SETUP_GUIDES[kind].product}", "page--title" if number == self._at else "page--plain"),
            )
            for number, kind in enumerate(_KINDS)
        ]

    def _named(self, room: int) -> list[Line]:
        cursor = "_" if self._stage == "name" else ""
        rows = [
            line(Words(" Kind: ", "page--dim"), SETUP_GUIDES[self.kind].product),
            line(Words(" Name: ", "page--dim"), Words(f"{self._typed}{cursor}", "page--key")),
        ]
        url = self._settings.listener.scim_base_url(self._typed)
        rows += [line(Words(f" {text}", "page--dim")) for text in wrapped(f"Its base URL: {url}", room)]
        if self._stage == "look" and self._sources is not None:
            shown = difference(*self._sources).splitlines()[2:]
            rows.append(())
            rows += [line(Words(f" {text}", _STYLES.get(text[:1], "page--dim"))) for text in shown[:_SHOWN]]
        return rows

    def _keys(self) -> str:
        confirm, back = (keys_of(f"answer.{each}", self._keymap)[0] for each in ("confirm", "previous"))
        if self._stage == "kind":
            return f"up/down chooses, {confirm} goes on, {back} closes"
        if self._stage == "name":
            return f"{confirm} shows what is written, ctrl+u clears, {back} goes back"
        return f"{confirm} writes it to {self._settings.path}, {back} goes back"
