"""The conflicts screen: the queue, and the conflict under its cursor with both sides and its answers.

Who answers claims the conflict meanwhile, so that nobody else does; the claim is renewed with each second, and ends
with the dialog.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from core.admin import admin
from core.apply.previewing import Preview
from core.apply.resolving import Choice
from core.apply.ruling import Effect
from core.store import Store, StoreError, Transaction, claims, conflicts
from tui.actions import Action, Place, bindings
from tui.dialogs.answer import AnswerDialog, Answered
from tui.dialogs.rule import Ruled, RuleDialog, offered_to_rules
from tui.screens import answering, conflicts_text, ruling
from tui.screens.conflict_facts import ConflictFacts, read_conflict_facts
from tui.screens.conflict_source import Queue
from tui.screens.console_screen import ConsoleScreen
from tui.session import Kept
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll
from tui.widgets.window_view import WindowView

Pane = Literal["queue", "conflict"]


class ConflictsScreen(ConsoleScreen):
    """What waits for a decision, and the answers to it."""

    PLACE = "conflicts"
    PLACES: ClassVar[tuple[Place, ...]] = ("conflicts", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("conflicts")]
    CSS_PATH = "conflicts.tcss"
    AUTO_FOCUS = ""
    ABOUT: ClassVar[tuple[str, ...]] = (
        "What a plan must not guess: each conflict with both sides, why nothing was done, and the answers it offers.",
        "Before an answer is given it shows what it leads to. The next push or synchronisation carries it out.",
        "Marks: ! open, = held, - skipped, > answered. Who has a conflict open keeps others from answering it.",
        "A rule answers all that are like it, now and later, until it is revoked: manciple rules.",
    )

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._facts: ConflictFacts | None = None
        self._pane: Pane = "queue"
        self._given: tuple[int, ...] = ()
        """The conflicts that were answered here last."""
        self._is_answering = False
        self._heading = Page(self._head, classes="heading")
        self._detail = Page(self._detail_lines)
        self._view = WindowView(Queue(store, lambda: self.now), id="queue")

    @property
    def by(self) -> str:
        """Who claims: the admin, and which of their consoles."""
        return f"{admin()} {os.getpid()}"

    def body(self) -> ComposeResult:
        """The queue, and the conflict."""
        with Container(id="queue-pane"):
            yield self._heading
            yield self._view
        yield Scroll(self._detail, id="conflict")

    def on_mount(self) -> None:
        """Begin at the oldest: what has waited longest."""
        self._view.switch(Queue(self._store, lambda: self.now), at=1)
        self._go_to("queue")

    def news(self) -> None:
        """Read the queue and the conflict under the cursor."""
        self._view.reload()
        self._read()

    def second(self) -> None:
        """Compose, since ages move on; renew the claim."""
        if self._is_answering and self._facts is not None:
            number, by = self._facts.row.id, self.by
            self.run_worker(self._write(lambda tx: claims.claim(tx, [number], by)))
        self._update()

    def go_back(self) -> None:
        """Go back to the queue."""
        self._go_to("queue")

    def kept(self) -> Kept:
        """The conflict under the cursor, and the pane."""
        return Kept({"at": self._view.cursor, "pane": self._pane})

    def take_up(self, kept: Kept) -> None:
        """Go to the conflict, or to the next one that is still there."""
        self._view.switch(Queue(self._store, lambda: self.now), at=kept.number("at") or 1)
        self._go_to("conflict" if kept.text("pane") == "conflict" else "queue")

    def reason_against(self, action: Action) -> str:
        """What must hold before a conflict can be answered. No engine is needed for that."""
        if action.id in ("conflicts.answer", "conflicts.rule"):
            return self._reason_against_answer(is_rule=action.id == "conflicts.rule")
        if action.id == "conflicts.take_back" and not self._to_take_back():
            return "no answer was given here that could be taken back"
        if action.id == "conflicts.next_open" and not self.console.standing.open_conflicts:
            return "no conflict is open"
        return "" if action.place == "conflicts" else super().reason_against(action)

    def action_answer(self) -> None:
        """Choose an answer, look at what it leads to, give it."""
        facts = self._facts
        if not self.can("conflicts.answer") or facts is None:
            return
        self._is_answering = True
        self.second()

        async def look(choice: Choice) -> Preview | str:
            return await answering.look(self._store, self.console.settings, facts, choice)

        def answered(found: Answered | None) -> None:
            self._is_answering = False
            self.run_worker(self._answered(facts, found))

        alike = facts.alike if facts.row.id in facts.alike else (facts.row.id,)
        dialog = AnswerDialog(facts.row.id, facts.conflict, alike, look, self.console.keymap)
        self.app.push_screen(dialog, answered)

    def action_rule(self) -> None:
        """Have all that are like it answered alike, from now on."""
        facts = self._facts
        if not self.can("conflicts.rule") or facts is None:
            return

        async def look(key: str) -> Sequence[Effect] | str:
            return await ruling.look(self._store, facts, key)

        def ruled(found: Ruled | None) -> None:
            if found is not None:
                self.run_worker(self._ruled(facts, found))

        self.app.push_screen(RuleDialog(facts.row.id, facts.conflict, look, self.console.keymap), ruled)

    def action_take_back(self) -> None:
        """Take the last answer back."""
        if self.can("conflicts.take_back"):
            numbers, self._given = self._to_take_back(), ()
            self.run_worker(answering.undo(self.console, numbers))

    def action_next_open(self) -> None:
        """Go to the next conflict that waits for an answer."""
        if self.can("conflicts.next_open"):
            self._go_to_next(self._facts.row.id if self._facts is not None else 0)

    def action_next_pane(self) -> None:
        """Go on to the other pane."""
        self._go_to("conflict" if self._pane == "queue" else "queue")

    def on_window_view_highlighted(self, message: WindowView.Highlighted) -> None:
        """What is said follows the cursor."""
        self._read()

    def on_window_view_opened(self, message: WindowView.Opened) -> None:
        """Read on in what is said of it."""
        self._read()
        self._go_to("conflict")

    def on_descendant_focus(self) -> None:
        """The heading says whether the list has the keys."""
        self._heading.update()

    def open_conflict(self, number: int) -> None:
        """Go to one conflict that lasts."""
        self._view.switch(Queue(self._store, lambda: self.now), at=number)
        self._go_to("queue")
        self._read()

    async def _answered(self, facts: ConflictFacts, found: Answered | None) -> None:
        by = self.by
        if found is not None and found.choice.key == "E":
            await self._write(lambda tx: claims.release(tx, by))
            await answering.edit(self.console, facts)
            return
        if found is not None:
            await answering.give(self.console, self.console.settings, facts, found.numbers, found.choice, by)
            self._given = found.numbers
        await self._write(lambda tx: claims.release(tx, by))
        self.show_news()
        if found is not None and found.choice.key != "R":
            self._go_to_next(facts.row.id)

    async def _ruled(self, facts: ConflictFacts, found: Ruled) -> None:
        await ruling.make(self.console, facts, found)
        self.show_news()

    async def _write(self, write: Callable[[Transaction], object]) -> None:
        """Claim or release; where the store takes no write, a claim ends by itself."""
        with suppress(StoreError):
            await self._store.writer.write(write)

    def _reason_against_answer(self, *, is_rule: bool) -> str:
        facts = self._facts
        if facts is None:
            return "no conflict is shown"
        row = facts.row
        if row.state in ("answered", "closed"):
            return f"it is {row.state} already"
        if claims.is_another_s(row.claimed_by, row.claimed_at, self.by, self.now):
            return f"{row.claimed_by} has it open"
        return "no rule gives any of its answers" if is_rule and not offered_to_rules(facts.conflict) else ""

    def _to_take_back(self) -> tuple[int, ...]:
        """Those answered here last, all of them; another one that is shown, where it has an answer that stands."""
        facts = self._facts
        is_another = facts is not None and facts.row.id not in self._given
        if facts is not None and is_another and facts.row.state in ("answered", "held", "skipped"):
            return (facts.row.id,)
        return self._given

    def _go_to_next(self, after: int) -> None:
        with self.flashing(), self._store.read() as connection:
            number = conflicts.next_open(connection, after)
            if number is not None:
                self._view.switch(Queue(self._store, lambda: self.now), at=number)
        self._read()

    def _read(self) -> None:
        number = self._view.cursor
        with self.flashing(), self._store.read() as connection:
            opened = conflicts.opened(connection, number) if number else None
            provider = self._provider(opened[0].target) if opened is not None else ""
            self._facts = read_conflict_facts(connection, number, provider) if number else None
        self._update()
        self.update_frame()

    def _provider(self, target: str) -> str:
        found = answering.target_of(self.console.settings, target)
        return found.provider if found is not None else ""

    def _go_to(self, pane: Pane) -> None:
        """Give a pane the keys; on a narrow screen the conflict takes all of it."""
        self._pane = pane
        self.set_class(pane == "conflict", "-pane-conflict")
        widget = self._view if pane == "queue" else self.query_one("#conflict")
        widget.focus(scroll_visible=False)
        self._heading.update()

    def _update(self) -> None:
        self._heading.update()
        self._detail.update()

    def _head(self, width: int) -> list[Line]:
        number = self.console.standing.open_conflicts
        return [conflicts_text.heading(number, self._pane == "queue", self.console.keymap, width)]

    def _detail_lines(self, width: int) -> list[Line]:
        if self._facts is None:
            return conflicts_text.empty_lines(width)
        return conflicts_text.detail_lines(self._facts, self.console.keymap, width, self.now)
