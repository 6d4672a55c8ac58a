"""TokenDialog: issues a token and shows it, this once.

The secret is nowhere but in this dialog and, if it is copied, in the terminal's clipboard. So a dialog in which it was
not copied does not close at the first key.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.config.formats import NotAccepted, duration
from core.config.settings import ListenerSettings, ProviderSettings
from core.config.setup_guides import SETUP_GUIDES
from tui.actions import bindings, keys_of
from tui.clipboard import copy
from tui.dialogs.dialog import Dialog
from tui.dialogs.typed_text import typed
from tui.screens.provider_tokens import Form, Issued
from tui.times import moment
from tui.widgets.page import Line, Page, Words, line
from tui.wrapping import wrapped

Issue = Callable[[Form, int | None], Awaitable[Issued | str]]
"""Issues a token of a form, valid for so many seconds or for ever; a text says why it was not."""
_LONGEST = 12
"""Characters of a duration."""
_NAMES: Mapping[Form, str] = {"bearer": "bearer token", "client": "OAuth client"}


class TokenDialog(Dialog[Issued], inherit_bindings=False):
    """Asks how long the token is to be valid; answers with what was issued."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("answer", "issued")]

    def __init__(
        self,
        provider: ProviderSettings,
        listener: ListenerSettings,
        others: Sequence[str],
        issue: Issue,
        keymap: Mapping[str, str],
        clock: Callable[[], int],
    ) -> None:
        """`others` says in sentences which tokens are live already; `clock` gives milliseconds since 1970."""
        super().__init__()
        self._provider = provider
        self._listener = listener
        self._others = others
        self._issue = issue
        self._keymap = keymap
        self._clock = clock
        self._form: Form = "bearer"
        self._valid = "365d"
        self._problem = ""
        self._said = ""
        self._issued: Issued | None = None
        self._is_safe = False
        """Whether the secret was copied, or the admin said that it need not be."""
        self._page = Page(self._lines)

    def compose(self) -> ComposeResult:
        """One page in a box."""
        with Container(id="box"):
            yield self._page

    def on_key(self, event: events.Key) -> None:
        """What can belong to a duration is typed; every other key is left to the bindings."""
        if self._issued is not None:
            return
        text = typed(self._valid, event, lambda character: character.isascii() and character.isalnum(), _LONGEST)
        if text is None:
            return
        self._valid = text
        event.stop()
        event.prevent_default()
        self._page.update()

    def action_widen(self) -> None:
        """A bearer token, or an OAuth client."""
        if self._issued is None:
            self._form = "client" if self._form == "bearer" else "bearer"
            self._page.update()

    async def action_confirm(self) -> None:
        """Issue it; once it is shown, close."""
        if self._issued is not None:
            self.action_previous()
            return
        self._problem = ""
        try:
            seconds = _seconds(self._valid)
        except NotAccepted as error:
            self._problem = f"{error.message}. {error.remedy}."
        else:
            found = await self._issue(self._form, seconds)
            self._issued, self._problem = (None, found) if isinstance(found, str) else (found, "")
        self._page.update()

    def action_previous(self) -> None:
        """Close; a secret that was not copied needs a second key."""
        if self._issued is None or self._is_safe:
            self.dismiss(self._issued)
            return
        close = keys_of("answer.previous", self._keymap)[0]
        self._problem = f"It was not copied, and cannot be shown again; {close} closes all the same."
        self._is_safe = True
        self._page.update()

    def action_copy(self) -> None:
        """Copy the secret."""
        if self._issued is not None:
            self._copy(self._issued.secret, "the secret")
            self._is_safe = True

    def action_copy_url(self) -> None:
        """Copy the base URL."""
        if self._issued is not None:
            self._copy(self._listener.scim_base_url(self._provider.name), "the base URL")

    def _copy(self, text: str, what: str) -> None:
        try:
            self._said, self._problem = f"{what}: {copy(self.app, text)}", ""
        except OSError as error:
            self._problem = f"{what} was not copied: {error}"
        self._page.update()

    def _lines(self, width: int) -> list[Line]:
        room = max(20, width - 2)
        rows = self._asking(room) if self._issued is None else self._showing(self._issued, room)
        rows += [*_marked("!", self._problem, "page--warning", room), *_marked("v", self._said, "page--good", room)]
        return [*rows, (), *(line(Words(f" {text}", "page--dim")) for text in wrapped(self._keys(), room))]

    def _asking(self, room: int) -> list[Line]:
        rows = [line(Words(f" Issue a token for {self._provider.name}", "page--title")), ()]
        for form, name in _NAMES.items():
            at = form == self._form
            rows.append(line(Words(f" {'>' if at else ' '} {name}", "page--key" if at else "page--dim")))
        rows += [(), line(" Valid for: ", Words(f"{self._valid}_", "page--key"), "  like 365d or 12h, or never"), ()]
        return [*rows, *(line(f" {text}") for sentence in self._others for text in wrapped(sentence, room))]

    def _showing(self, issued: Issued, room: int) -> list[Line]:
        guide, name = SETUP_GUIDES[self._provider.kind], self._provider.name
        until = f"valid until {moment(issued.until, self._clock())}" if issued.until else "valid until it is revoked"
        rows = [line(Words(f" The {_NAMES[issued.form]} of {name}, {until}", "page--title")), ()]
        rows += [line(Words(f"   {text}", "page--key")) for text in wrapped(issued.secret, room - 2)]
        rows += [(), line(Words(" It is shown only this once.", "page--warning"), f" Enter at {guide.product}:")]
        entered = {"base or tenant URL": self._listener.scim_base_url(name)}
        if issued.form == "client":
            entered |= {"client id": issued.prefix, "token endpoint": self._listener.token_endpoint(name)}
        entered |= {"client secret" if issued.form == "client" else "secret token": "the text above"}
        for label, value in entered.items():
            first, *rest = wrapped(value, room - 22)
            rows += [line(Words(f"   {label:<19} ", "page--dim"), first), *(line(f"{'':23}{each}") for each in rest)]
        return rows

    def _keys(self) -> str:
        confirm, close, widen = (
            keys_of(f"answer.{each}", self._keymap)[0] for each in ("confirm", "previous", "widen")
        )
        if self._issued is None:
            return f"{confirm} issues it, {widen} token or OAuth client, ctrl+u clears, {close} closes"
        secret, url = (keys_of(f"issued.{each}", self._keymap)[0] for each in ("copy", "copy_url"))
        return f"{secret} copies the secret, {url} copies the URL, {close} closes"


def _marked(mark: str, text: str, style: str, room: int) -> list[Line]:
    """A sentence with a mark before its first line; nothing where it is empty."""
    texts = wrapped(text, room - 2) if text else []
    return [line(Words(f" {' ' if number else mark} {part}", style)) for number, part in enumerate(texts)]


def _seconds(text: str) -> int | None:
    """Of a duration as typed; `None` for one without end."""
    if text == "never":
        return None
    seconds = duration(text)
    if not seconds:
        raise NotAccepted("the token would be expired at once", 'Write a longer time, like "365d"')
    return seconds
