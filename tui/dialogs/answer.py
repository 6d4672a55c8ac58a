"""AnswerDialog: choose an answer, name what it needs, see what it would lead to, and only then give it.

Letters choose. What takes something away needs its number typed, which must be read to be typed; nothing else does.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.apply.previewing import TAKING, Preview
from core.apply.resolving import Choice, NotAnswered, end_of
from core.planning.changes import Conflict, Resolution
from core.planning.explaining import doing
from core.planning.resolutions import offered
from tui.actions import bindings, keys_of
from tui.counting import counted
from tui.dialogs.dialog import Dialog
from tui.dialogs.typed_text import typed
from tui.widgets.page import Line, Page, Words, line
from tui.wrapping import wrapped

_SHOWN = 8
"""Changes that are listed."""
_HOLDING = ("Owner", "Until", "Note")
"""What may be typed with answer H."""
Stage = Literal["choose", "name", "look"]
Look = Callable[[Choice], Awaitable[Preview | str]]
"""What a choice would lead to; a text says why it cannot be given."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered, to one conflict or to all that are alike."""

    choice: Choice
    numbers: tuple[int, ...]


class AnswerDialog(Dialog[Answered]):
    """Asks for the answer to `conflict`; answers with it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("answer")]

    def __init__(
        self, number: int, conflict: Conflict, alike: Sequence[int], look: Look, keymap: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._number = number
        self._conflict = conflict
        self._alike = tuple(alike)
        self._look = look
        self._keymap = keymap
        self._offers = offered(conflict)
        self._at = 0
        self._stage: Stage = "choose"
        self._texts: list[str] = []
        self._field = 0
        """What is typed, and in which line of it."""
        self._confirming = ""
        self._preview: Preview | None = None
        self._problem = ""
        self._is_for_all = False
        self._page = Page(self._lines)

    def compose(self) -> ComposeResult:
        """One page in a box."""
        with Container(id="box"):
            yield self._page

    @property
    def chosen(self) -> Resolution:
        """The answer under the cursor."""
        return self._offers[self._at]

    @property
    def taking(self) -> int:
        """How many of the changes take something away."""
        return self._preview.taking if self._preview else 0

    async def on_key(self, event: events.Key) -> None:
        """Letters choose, or belong to what is typed; every other key is left to the bindings."""
        character = event.character or ""
        if self._stage == "choose" and character.isalpha() and len(character) == 1:
            self._choose(character.upper())
        elif self._stage == "name" and (text := typed(self._typed, event)) is not None:
            self._type(text)
        elif (
            self._stage == "look"
            and self.taking
            and (text := typed(self._confirming, event, str.isdecimal)) is not None
        ):
            self._confirming = text
        else:
            return
        event.stop()
        event.prevent_default()
        self._page.update()

    def action_up(self) -> None:
        """One answer, or one line of what is typed, up."""
        self._move(-1)

    def action_down(self) -> None:
        """One answer, or one line of what is typed, down."""
        self._move(1)

    def action_previous(self) -> None:
        """One step back; from the first, close."""
        self._problem, self._confirming = "", ""
        if self._stage == "choose":
            self.dismiss(None)
            return
        self._stage = "name" if self._stage == "look" and self._labels else "choose"
        self._page.update()

    def action_widen(self) -> None:
        """Answer all that are alike, or this one only. A name is for one."""
        if self._stage == "name":
            self._move(1)
        elif self._stage == "look" and len(self._alike) > 1 and not self._is_named:
            self._is_for_all = not self._is_for_all
            self._page.update()

    async def action_confirm(self) -> None:
        """Go on: from the choice to the name, to what it leads to, to the answer; to the form of a rule at once."""
        self._problem = ""
        if self.chosen.key == "E":
            self.dismiss(Answered(Choice("E"), (self._number,)))
            return
        if self._stage == "choose" and self._labels:
            self._stage, self._field = "name", 0
            self._texts = [self.chosen.proposed or "", *[""] * (len(self._labels) - 1)]
        elif self._stage in ("choose", "name"):
            await self._begin_to_look()
        elif self.taking and self._confirming != str(self.taking):
            self._problem, self._confirming = f"Type {self.taking} to answer so; nothing was done.", ""
        else:
            self.dismiss(Answered(self._choice(), self._alike if self._is_for_all else (self._number,)))
            return
        self._page.update()

    @property
    def _labels(self) -> tuple[str, ...]:
        """What is typed with the answer."""
        if self.chosen.needs:
            return (self.chosen.needs.replace("-", " ").capitalize(),)
        return _HOLDING if self.chosen.key == "H" else ()

    @property
    def _typed(self) -> str:
        return self._texts[self._field] if self._texts else ""

    def _type(self, text: str) -> None:
        self._texts[self._field] = text

    @property
    def _is_named(self) -> bool:
        """Whether the admin has typed another name than the proposed one, which each conflict has of its own."""
        return self.chosen.needs is not None and self._typed != (self.chosen.proposed or "")

    def _choice(self) -> Choice:
        """The answer as it is typed.

        :raises NotAnswered: when it is to hold until no day.
        """
        if self.chosen.key == "H":
            owner, until, note = (text.strip() or None for text in self._texts)
            return Choice("H", note=note, owner=owner, until=end_of(until) if until else None)
        needs = self.chosen.needs is not None
        return Choice(self.chosen.key, self._typed if needs and self._is_named else None)

    async def _begin_to_look(self) -> None:
        if self.chosen.needs and not self._typed.strip():
            self._problem = f"This answer needs {self.chosen.needs.replace('-', ' ')}."
            return
        try:
            found = await self._look(self._choice())
        except NotAnswered as error:
            found = str(error)
        if isinstance(found, str):
            self._problem = found
            return
        self._preview, self._stage, self._is_for_all = found, "look", False

    def _choose(self, key: str) -> None:
        for place, resolution in enumerate(self._offers):
            if resolution.key == key:
                self._at = place

    def _move(self, by: int) -> None:
        if self._stage == "choose":
            self._at = (self._at + by) % len(self._offers)
        elif self._stage == "name":
            self._field = (self._field + by) % len(self._texts)
        self._page.update()

    def _lines(self, width: int) -> list[Line]:
        room = max(20, width - 2)
        title = f"{self._number}  {self._conflict.kind}  {self._conflict.title}"
        rows = [line(Words(f" {text}", "page--title")) for text in wrapped(title, room)]
        rows += [(), *(self._choose_lines(room) if self._stage == "choose" else self._chosen_lines(room))]
        for number, text in enumerate(wrapped(self._problem, room - 2) if self._problem else ()):
            rows.append(line(Words(f" {' ' if number else '!'} {text}", "page--warning")))
        return [*rows, (), *(line(Words(f" {text}", "page--dim")) for text in wrapped(self._keys(), room))]

    def _choose_lines(self, room: int) -> list[Line]:
        rows: list[Line] = []
        for place, resolution in enumerate(self._offers):
            at = place == self._at
            style = "page--title" if at else "page--plain"
            rows.append(
                line(Words(f" {'>' if at else ' '} {resolution.key}  ", "page--key"), Words(resolution.title, style))
            )
            if at:
                rows += [line(f"      {text}") for text in wrapped(resolution.consequence, room - 6)]
        return rows

    def _chosen_lines(self, room: int) -> list[Line]:
        chosen = self.chosen
        rows = [line(Words(f" {chosen.key}  {chosen.title}", "page--title"))]
        for place, (label, text) in enumerate(zip(self._labels, self._texts, strict=False)):
            cursor = "_" if self._stage == "name" and place == self._field else ""
            rows.append(line(f" {label}: ", Words(f"{text}{cursor}", "page--key")))
        if self._stage == "name" and chosen.key == "H":
            rows.append(line(Words(" All may be empty. Until: a day such as 2027-01-31, or 30d.", "page--dim")))
        if self._stage == "look" and self._preview is not None:
            rows += [(), *self._preview_lines(self._preview, room)]
        return rows

    def _preview_lines(self, found: Preview, room: int) -> list[Line]:
        rows = [
            line(
                Words(
                    f" {'!' if change.kind in TAKING else '+'} {doing(change)}",
                    "page--warning" if change.kind in TAKING else "page--plain",
                )
            )
            for change in found.changes[:_SHOWN]
        ]
        rest = len(found.changes) - _SHOWN
        rows += [line(Words(f"   and {counted(rest, 'more change')}", "page--dim"))] if rest > 0 else []
        if not found.changes:
            rows.append(line(f"   {self.chosen.consequence}"))
        if not found.helps and self.chosen.key not in ("H", "R", "S"):
            rows.append(line(Words(" ! As far as is known now, it would not end this conflict.", "page--warning")))
        rows += [line(Words(f" ! It leads to {each.kind}  {each.title}", "page--warning")) for each in found.found[:3]]
        if self._is_for_all:
            own = ", each with the name that it proposes" if self.chosen.needs else ""
            text = f"So for all {len(self._alike)} open conflicts of kind {self._conflict.kind}{own}."
            rows += [(), *(line(Words(f" {part}", "page--warning")) for part in wrapped(text, room))]
        if self.taking:
            prompt = f" It takes away {self.taking}. Type {self.taking} to answer so: "
            rows += [(), line(prompt, Words(f"[{self._confirming}]", "page--key"))]
        return rows

    def _keys(self) -> str:
        confirm, back, widen = (keys_of(f"answer.{name}", self._keymap)[0] for name in ("confirm", "previous", "widen"))
        if self._stage == "choose":
            return f"a letter or up/down chooses, {confirm} goes on, {back} closes"
        if self._stage == "name":
            lines = f", {widen} to the next line" if len(self._labels) > 1 else ""
            return f"{confirm} shows what it leads to{lines}, ctrl+u clears, {back} goes back"
        alike = f", {widen} this one or all {len(self._alike)}" if len(self._alike) > 1 and not self._is_named else ""
        return f"{confirm} gives this answer{alike}, {back} goes back"
