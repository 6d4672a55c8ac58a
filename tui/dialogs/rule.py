"""RuleDialog: have all conflicts like one answered alike. An answer, how wide the rule is, why; only then it is made.

Each width shows what it would decide now, and what it would have decided before.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.apply.ruling import Effect
from core.planning.changes import Conflict, Resolution
from core.planning.deciding import SUBJECT, why_not
from core.planning.resolutions import offered
from core.store.conflicts import Listed
from tui.actions import bindings, keys_of
from tui.counting import counted
from tui.dialogs.dialog import Dialog
from tui.dialogs.typed_text import typed
from tui.plain import fit
from tui.widgets.page import Line, Page, Words, line
from tui.wrapping import wrapped

_SHOWN = 3
"""Conflicts of each width that are named."""
Stage = Literal["choose", "width", "reason"]
Look = Callable[[str], Awaitable[Sequence[Effect] | str]]
"""What rules with this answer would decide, the narrowest first; a text says why that cannot be told."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule that is to be made, and why."""

    effect: Effect
    reason: str


def offered_to_rules(conflict: Conflict) -> list[Resolution]:
    """The answers to a conflict that a rule may give: those that need nothing typed for each."""
    may = (each for each in offered(conflict) if why_not(conflict.kind, each.key) is None)
    return [each for each in may if each.needs is None or each.proposed]


class RuleDialog(Dialog[Ruled]):
    """Asks for a rule that answers conflicts like `conflict`; answers with it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("answer")]

    def __init__(self, number: int, conflict: Conflict, look: Look, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._title = f"Answer all like {number}  {conflict.kind}  {conflict.title}"
        self._offers = offered_to_rules(conflict)
        self._look = look
        self._keymap = keymap
        self._stage: Stage = "choose"
        self._at = 0
        self._effects: Sequence[Effect] = ()
        self._width = 0
        self._reason = ""
        self._problem = ""
        self._page = Page(self._lines)

    def compose(self) -> ComposeResult:
        """One page in a box."""
        with Container(id="box"):
            yield self._page

    async def on_key(self, event: events.Key) -> None:
        """Letters choose, or belong to the reason; every other key is left to the bindings."""
        character = event.character or ""
        if self._stage == "choose" and character.isalpha() and len(character) == 1:
            keys = [each.key for each in self._offers]
            self._at = keys.index(character.upper()) if character.upper() in keys else self._at
        elif self._stage == "reason" and (text := typed(self._reason, event)) is not None:
            self._reason = text
        else:
            return
        event.stop()
        event.prevent_default()
        self._page.update()

    def action_up(self) -> None:
        """One row up."""
        self._move(-1)

    def action_down(self) -> None:
        """One row down."""
        self._move(1)

    def action_widen(self) -> None:
        """The next width."""
        self._move(1)

    def action_previous(self) -> None:
        """One step back; from the first, close."""
        self._problem = ""
        if self._stage == "choose":
            self.dismiss(None)
            return
        self._stage = "choose" if self._stage == "width" else "width"
        self._page.update()

    async def action_confirm(self) -> None:
        """Go on: from the answer to how wide it is, to the reason, to the rule."""
        self._problem = ""
        if self._stage == "choose":
            await self._begin_to_look()
        elif self._stage == "width":
            self._stage = "reason"
        elif not self._reason.strip():
            self._problem = "Say why, for those who come later."
        else:
            self.dismiss(Ruled(self._effects[self._width], self._reason.strip()))
            return
        self._page.update()

    async def _begin_to_look(self) -> None:
        found = await self._look(self._offers[self._at].key)
        if isinstance(found, str):
            self._problem = found
            return
        self._effects, self._width, self._stage = found, 0, "width"

    def _move(self, by: int) -> None:
        if self._stage == "choose":
            self._at = (self._at + by) % len(self._offers)
        elif self._stage == "width":
            self._width = (self._width + by) % len(self._effects)
        self._page.update()

    def _lines(self, width: int) -> list[Line]:
        room = max(20, width - 2)
        rows = [line(Words(f" {text}", "page--title")) for text in wrapped(self._title, room)]
        rows += [(), *(self._choose_lines(room) if self._stage == "choose" else self._width_lines(room))]
        rows += [line(Words(f" ! {text}", "page--warning")) for text in wrapped(self._problem, room - 2) if text]
        return [*rows, (), *(line(Words(f" {text}", "page--dim")) for text in wrapped(self._keys(), room))]

    def _choose_lines(self, room: int) -> list[Line]:
        rows: list[Line] = []
        for place, resolution in enumerate(self._offers):
            at = place == self._at
            head = Words(f" {'>' if at else ' '} {resolution.key}  ", "page--key")
            rows.append(line(head, Words(resolution.title, "page--title" if at else "page--plain")))
            if at and resolution.needs:
                text = f"Each gets the {resolution.needs.replace('-', ' ')} that it proposes."
                rows += [line(f"      {part}") for part in wrapped(text, room - 6)]
        return rows

    def _width_lines(self, room: int) -> list[Line]:
        chosen = self._offers[self._at]
        rows = [line(Words(f" {chosen.key}  {chosen.title}", "page--title"))]
        for place, found in enumerate(self._effects):
            at = place == self._width
            if self._stage == "reason" and not at:
                continue
            rows.append(line(Words(f" {'>' if at else ' '} {_wide(found)}", "page--title" if at else "page--plain")))
            rows += _decided("now", found.now, room) if at else [line(Words(f"     {_counts(found)}", "page--dim"))]
            rows += _decided("before", found.before, room) if at else []
        if self._stage == "reason":
            rows += [(), line(" Reason: ", Words(f"{self._reason}_", "page--key"))]
        return rows

    def _keys(self) -> str:
        confirm, back, widen = (keys_of(f"answer.{name}", self._keymap)[0] for name in ("confirm", "previous", "widen"))
        return {
            "choose": f"a letter or up/down chooses, {confirm} shows what it would decide, {back} closes",
            "width": f"{widen} or up/down: how wide it is, {confirm} goes on, {back} goes back",
            "reason": f"{confirm} makes the rule, {back} goes back",
        }[self._stage]


def _wide(found: Effect) -> str:
    where = found.rule.where
    if SUBJECT in where:
        return "This object alone"
    said = " and ".join(f"{name} is {glob}" for name, glob in where.items())
    return f"Those whose {said}" if said else f"Every conflict of kind {found.rule.kind}"


def _counts(found: Effect) -> str:
    return f"{len(found.now):,} now, {len(found.before):,} before"


def _decided(when: str, rows: Sequence[Listed], room: int) -> list[Line]:
    """What it decides, the first few by name."""
    told = {"now": "It would decide now", "before": "It would have decided before"}[when]
    lines = [line(f"     {told}: {counted(len(rows), 'conflict')}")]
    lines += [line(Words(f"       {fit(f'{row.id}  {row.title}', room - 8)}", "page--dim")) for row in rows[:_SHOWN]]
    rest = len(rows) - _SHOWN
    return [*lines, *([line(Words(f"       and {rest:,} more", "page--dim"))] if rest > 0 else [])]
