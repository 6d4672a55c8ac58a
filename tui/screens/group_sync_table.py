"""MappingTable: the mappings, with the IdP's groups at one side and the target's at the other.

The cursor of the mappings says which one is meant; on both sides its groups are marked, and each name can be put into
it and taken out. It knows a draft, and neither file nor store: each edit is told as another draft (`Changed`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from tui.forms.draft import Draft
from tui.forms.field import Path
from tui.screens import group_sync_entries as edits
from tui.screens.group_sync_entries import Side
from tui.screens.group_sync_fields import MAP
from tui.screens.group_sync_rows import MAPPING_HEAD, Listed, Named, mapping_rows
from tui.screens.group_sync_side import SideView, switch_in_place
from tui.screens.group_sync_sides import Sides
from tui.screens.group_sync_table_text import Place, about_lines, head_lines, side_head, typed_lines
from tui.widgets.page import ComposeLines, Line, Page, Words, line
from tui.widgets.window_view import WindowView

_SIDES: tuple[Side, ...] = ("idp", "target")
_PANES: tuple[Place, ...] = ("maps", *_SIDES)


class MappingTable(Vertical):
    """The two-sided table of `[[target.groups.map]]`."""

    @dataclass
    class Moved(Message):
        """Another pane has the keys, or typing began or ended."""

    def __init__(self, change: Callable[[Draft], None], *, id: str | None = None) -> None:
        """`change` is called with each draft that an edit leads to: at once, as the next key goes on from it."""
        super().__init__(id=id)
        self._change = change
        self.pane: Place = "maps"
        """Which list has the keys."""
        self._draft = Draft("", {})
        self._listed = Listed((), None, creates=False)
        self._mode = ""
        self._problems: Mapping[Path, str] = {}
        self._typing: Literal["words", "name"] | None = None
        self._before: list[Draft] = []
        """What the draft was before each edit here."""
        self._maps = WindowView(Named((), mapping_rows(self._listed, self._wrong)), id="table-maps")
        self._sides: dict[Side, SideView] = {side: SideView(side, id=f"table-{side}") for side in _SIDES}
        self._views: dict[Place, WindowView] = {
            "maps": self._maps,
            "idp": self._sides["idp"],
            "target": self._sides["target"],
        }
        self._heads: dict[Place, Page] = {place: Page(self._head_of(place), classes="side-head") for place in _PANES}
        self._said = ("", "")
        """What the plan comes to, and how much is not saved."""
        self._head = Page(lambda width: head_lines(self._listed, self._mode, self._said, width), id="table-head")
        self._about = Page(self._about_lines, id="table-about")
        self._prompt = Page(self._prompt_lines)
        self._input = Input(select_on_focus=False, compact=True)
        self._input.cursor_blink = False  # a blinking cursor would send bytes for ever

    @property
    def is_typing(self) -> bool:
        """Whether keys are characters."""
        return self._typing is not None

    @property
    def number(self) -> int:
        """How many mappings there are."""
        return len(self._listed.entries)

    @property
    def can_take_back(self) -> bool:
        """Whether anything was edited here."""
        return bool(self._before)

    def compose(self) -> ComposeResult:
        """The mappings, the two sides, what is said of the row under the cursor, and the line to type in."""
        yield self._head
        with Container(id="table-panes"):
            for place in _PANES:
                with Vertical(id=f"pane-{place}"):
                    yield self._heads[place]
                    yield self._views[place]
        yield self._about
        with Horizontal(id="table-editor"):
            yield self._prompt
            yield self._input

    def begin(self) -> None:
        """Another target, or opened again: nothing of before can be taken back."""
        self._before.clear()
        for side in self._sides.values():
            side.words = ""
        self._go_to_mapping(0)
        self._go_to("maps")

    def show(
        self, draft: Draft, sides: Sides | None, problems: Mapping[Path, str], *, mode: str, creates: bool
    ) -> None:
        """Take what is to be shown; nothing is drawn where it is what is shown already."""
        was = (self._draft, self._problems, self._mode, self._listed.creates)
        if sides is self._listed.sides and (draft, problems, mode, creates) == was:
            return
        self._draft, self._problems, self._mode = draft, problems, mode
        self._listed = Listed(edits.entries(draft), sides, creates)
        self._renew()

    def tell(self, summary: str, edits: str) -> None:
        """Take what the plan comes to, and how much is not saved, each in a few words."""
        self._said = (summary, edits)
        self._head.update()

    def next_pane(self) -> None:
        """Give the next list the keys."""
        self._go_to(_PANES[(_PANES.index(self.pane) + 1) % len(_PANES)])

    def toggle(self) -> None:
        """Put the name under the cursor into the mapping, or take it out; of a mapping, whether others stay."""
        if not self.number:
            return
        if self.pane == "maps":
            self._take(edits.keeping_toggled(self._draft, self._at))
        elif name := self._sides[self.pane].name_at_cursor:
            self._take(edits.toggled(self._draft, self._at, self.pane, name))

    def add(self) -> None:
        """Add a mapping of the two groups under the cursors."""
        names = (self._sides[side].name_at_cursor for side in _SIDES)
        self._take(edits.added(self._draft, *([name] if name else [] for name in names)))
        self._go_to_mapping(self.number - 1)

    def take_out(self) -> None:
        """Take out the mapping."""
        if self.number:
            self._take(edits.removed(self._draft, self._at))

    def take_back(self) -> None:
        """Take the last edit back that was made here."""
        if self._before:
            self._become(self._before.pop())

    def search(self) -> None:
        """Type words; the list shows the groups that have them."""
        self._begin("words", self._side.words)

    def write(self) -> None:
        """Type a name or a glob that is put into the mapping."""
        self._begin("name", "")

    def go_back(self) -> bool:
        """Leave what is typed, or search no more; whether there was anything to leave."""
        if self._typing is not None:
            searched = [self._side] if self._typing == "words" else []
            self._end_typing()
        else:
            searched = [side for side in self._sides.values() if side.words]
            if not searched:
                return False
        for side in searched:
            side.words = ""
        self._renew()
        return True

    @on(WindowView.Highlighted)
    def _moved(self, event: WindowView.Highlighted) -> None:
        event.stop()
        if event.view is self._maps:
            self._renew_sides(from_top=True)
        self._about.update()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A list that is clicked has the keys."""
        place = next((place for place, view in self._views.items() if view is event.widget), self.pane)
        if place != self.pane:
            self._go_to(place)

    @on(WindowView.Opened)
    def _opened(self, event: WindowView.Opened) -> None:
        event.stop()
        if self.pane == "maps":
            self._go_to("idp")
        else:
            self.toggle()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._typing == "words":
            self._side.words = event.value
            self._side.show(self._listed, self._at, from_top=True)
            self._heads[self.pane].update()
        self._about.update()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        name, is_name = event.value.strip(), self._typing == "name"
        self._end_typing()
        if not is_name or not name:
            return
        side = self._side.side
        if not self.number:
            self._take(edits.added(self._draft, *([name] if side == each else [] for each in _SIDES)))
        elif not self._listed.entries[self._at].has(side, name):
            self._take(edits.toggled(self._draft, self._at, side, name))

    @property
    def _at(self) -> int:
        """Which mapping is meant, from 0."""
        return max(0, min(self._maps.cursor, self.number) - 1)

    @property
    def _side(self) -> SideView:
        """The side that has the keys; the IdP's where none has."""
        return self._sides["idp" if self.pane == "maps" else self.pane]

    def _take(self, draft: Draft) -> None:
        self._before.append(self._draft)
        self._become(draft)

    def _become(self, draft: Draft) -> None:
        self._draft = draft
        self._listed = Listed(edits.entries(draft), self._listed.sides, self._listed.creates)
        self._change(draft)
        self._renew()

    def _renew(self) -> None:
        at = min(max(1, self._maps.cursor), self.number) or None
        source = Named([""] * self.number, mapping_rows(self._listed, self._wrong))
        switch_in_place(self._maps, source, at, self._maps.top)
        self._renew_sides(from_top=False)
        for page in (self._head, self._about, *self._heads.values()):
            page.update()

    def _renew_sides(self, *, from_top: bool) -> None:
        for side in self._sides.values():
            side.show(self._listed, self._at, from_top=from_top)

    def _wrong(self, at: int) -> str:
        """What the configuration says is wrong with a mapping."""
        return next((text for path, text in self._problems.items() if path[:3] == (*MAP, at)), "")

    def _go_to_mapping(self, at: int) -> None:
        self._maps.cursor, self._maps.following = at + 1, False
        self._renew()
        self._renew_sides(from_top=True)

    def _go_to(self, place: Place) -> None:
        self.pane = place
        self.screen.set_focus(self._views[place])
        for page in (*self._heads.values(), self._about):
            page.update()
        self.post_message(self.Moved())

    def _begin(self, what: Literal["words", "name"], text: str) -> None:
        self._go_to(self._side.side)
        self._typing = what
        self._input.value = text
        self._input.cursor_position = len(text)
        self.query_one("#table-editor").display = True
        self.screen.set_focus(self._input)  # at once, unlike `focus`: what is typed next belongs here
        self._prompt.update()
        self._about.update()
        self.post_message(self.Moved())

    def _end_typing(self) -> None:
        self._typing = None
        self.query_one("#table-editor").display = False
        self._go_to(self.pane)

    def _head_of(self, place: Place) -> ComposeLines:
        def lines(width: int) -> list[Line]:
            is_here = self.pane == place
            if place == "maps":
                return [
                    line(Words(f"{'>' if is_here else ' '}{MAPPING_HEAD}", "page--title" if is_here else "page--dim"))
                ]
            side = self._sides[place]
            return [side_head(place, side.words, len(side.names), is_here=is_here)]

        return lines

    def _about_lines(self, width: int) -> list[Line]:
        if self._typing == "name":
            return typed_lines(self._listed, self._side.side, self._input.value, width)
        name = None if self.pane == "maps" else self._side.name_at_cursor
        return about_lines(self._listed, self.pane, self._at, name, self._wrong(self._at), width)

    def _prompt_lines(self, width: int) -> list[Line]:
        return [line(Words({"words": " search", "name": " name"}.get(self._typing or "", ""), "page--key"))]
