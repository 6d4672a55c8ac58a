"""The people screen: users and groups of the identity providers, found as one types, and the whole story of any.

A story is read in a thread, and only the one that is wanted last: moving on through the list waits for none.
"""

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.widgets import Input

from core.store import Store, people
from tui.actions import Action, Place, bindings, keys_of
from tui.restraint import Restraint
from tui.screens import people_text, syncing_one
from tui.screens.console_screen import ConsoleScreen
from tui.screens.people_list import PeopleList
from tui.screens.people_story import Story, Wanted, read_story, story_lines, titles
from tui.screens.story_reading import StoryReading
from tui.session import Kept
from tui.text_lines import TextLine
from tui.widgets.page import Line, Page
from tui.widgets.text_pane import TextPane
from tui.widgets.words_bar import WordsBar

_READING = (TextLine("Reading the story ...", "dim"),)


class PeopleScreen(ConsoleScreen):
    """Who is known, what they have at the targets, and why."""

    PLACE = "people"
    PLACES: ClassVar[tuple[Place, ...]] = ("people", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("people")]
    CSS_PATH = "people.tcss"
    AUTO_FOCUS = "PeopleList"
    ABOUT: ClassVar[tuple[str, ...]] = (
        "The users of all identity providers with their accounts, or the groups with the target groups that they feed.",
        "An opened one tells its whole story at a target: what was sent, which rules said what, what was done, what "
        "waits, and what the next plan would do. It follows the cursor.",
        "Marks: v linked, blank not linked, - inactive, x deleted, ! a conflict waits for an answer.",
        "A search looks for all its words in userName, display name and e-mail address, or for a whole id.",
        "Nothing is asked of a target here: all is told as it was last seen.",
    )

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._count = 0
        self._words_before = ""
        """What was searched for before the line was opened in which words are typed."""
        self._reading = StoryReading(self._read_story, self._say_reading)
        self._is_list_stale, self._is_story_stale = False, False
        """Whether something was committed since they were read."""
        self._of_list = Restraint()
        self._heading = Page(self._heading_lines, id="heading")
        self._bar = WordsBar(id="words")
        self._list = PeopleList(store, lambda: self.console.settings.targets, id="list")
        self._empty = Page(self._empty_lines, id="empty")
        self._pane = TextPane(id="story")
        self._panes = Container(id="panes")

    def body(self) -> ComposeResult:
        """The list; what is opened below it, or at its right where there is room."""
        with self._panes:
            with Vertical(id="people"):
                yield self._heading
                yield self._bar
                yield self._empty
                yield self._list
            yield self._pane

    def on_mount(self) -> None:
        """Begin with the users."""
        self._list.show("User")

    def news(self) -> None:
        """Note it: what is seen is read again with a second that follows."""
        self._is_list_stale = self._is_story_stale = True

    def second(self) -> None:
        """Read again what may have changed, as often as its cost allows."""
        if self._of_list.is_due() and self._is_list_stale:
            self._is_list_stale = False
            with self._of_list.measured(), self._store.read() as connection:
                self._count = people.count(connection, self._list.kind)
                self._list.renew()
            self._update()
        if self._reading.restraint.is_due() and self._is_story_stale:
            self._want(self._reading.wanted)

    def go_back(self) -> None:
        """Leave what is typed, or the story for the list; close the story; end the search."""
        if self._bar.is_open:
            self._close_bar(self._words_before)
        elif self._pane.has_focus:
            self._go_to_list()
        elif self._reading.wanted is not None:
            self._close()
        elif self._list.words:
            self._search("")

    def kept(self) -> Kept:
        """Users or groups, what is searched for, the one under the cursor, and the story that is open."""
        wanted, shown = self._reading.wanted, self._list
        story = {"story": wanted.key, "place": wanted.at} if wanted is not None else {}
        return Kept({"kind": shown.kind, "words": shown.words, "at": shown.cursor, **story})

    def take_up(self, kept: Kept) -> None:
        """List, search and open as before."""
        self._list.show("Group" if kept.text("kind") == "Group" else "User", at=kept.number("at") or 1)
        if kept.text("words"):
            self._list.search(kept.text("words"), at=kept.number("at") or 1)
        if key := kept.number("story"):
            self._panes.add_class("opened")
            self._say_reading()
            self._want(Wanted(self._list.kind, key, kept.number("place")))

    def reason_against(self, action: Action) -> str:
        """Letters that are typed are no keys; one who is synchronised must be a user whom a target takes."""
        if self._bar.is_open:
            return "words are being typed" if action.place != "everywhere" else ""
        if action.id == "people.next_place":
            return self._reason_against_next()
        if action.id == "people.synchronise":
            reason = syncing_one.reason_against(self._list.kind, self._list.at_cursor(), self.console.settings)
            return reason or super().reason_against(action)
        return super().reason_against(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While words are typed, the keys of the screen are characters like any other."""
        return not (self._bar.is_open and action in ("search", "switch", "next_place", "synchronise"))

    def action_search(self) -> None:
        """Type words; what has them is listed meanwhile."""
        self._words_before = self._list.words
        self.remove_class("-reading")
        self._bar.open(self._words_before)
        self._update()

    def action_switch(self) -> None:
        """Show the groups in the place of the users, or the users again."""
        self._close()
        self._list.show("Group" if self._list.kind == "User" else "User")
        self._is_list_stale = True
        self.show_second()

    def action_next_place(self) -> None:
        """Tell the story at the next target, or of the next target group."""
        story = self._reading.story
        if self.can("people.next_place") and story is not None:
            self._want(replace(story.wanted, at=story.number))

    def action_synchronise(self) -> None:
        """Order that one user be brought in line with the rules."""
        listed = self._list.at_cursor()
        if self.can("people.synchronise") and listed is not None:
            story = self._reading.story
            shown = story.target if story is not None and story.wanted.key == listed.key else None
            syncing_one.synchronise(self.console, listed, shown)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        words = " ".join(event.value.split())
        if self._bar.is_open and words != self._list.words:
            self._search(words)

    @on(WordsBar.Applied)
    def _words_applied(self, event: WordsBar.Applied) -> None:
        self._close_bar(event.text)

    @on(PeopleList.Searched)
    def _searched(self, event: PeopleList.Searched) -> None:
        self._update()
        if event.problem:
            self.flash(event.problem, "bad")

    @on(PeopleList.Opened)
    def _row_opened(self, event: PeopleList.Opened) -> None:
        if self._reading.wanted is None:
            self._panes.add_class("opened")
            self._pane.show((event.row.cells[1].text,), _READING, self._open_key)
            self._want(Wanted(self._list.kind, event.row.id, 0))
        else:
            self.add_class("-reading")
            self._pane.focus(scroll_visible=False)

    @on(PeopleList.Highlighted)
    def _cursor_moved(self, event: PeopleList.Highlighted) -> None:
        wanted = self._reading.wanted
        if wanted is not None and wanted.key != event.row.id:
            self._want(replace(wanted, key=event.row.id))
        self.update_frame()

    @on(TextPane.Left)
    def _pane_left(self) -> None:
        self._go_to_list()

    @property
    def _open_key(self) -> str:
        return keys_of("list.open", self.console.keymap)[0]

    def _want(self, wanted: Wanted | None) -> None:
        """Have a story read, the same one anew too."""
        self._is_story_stale = False
        self._reading.want(wanted)
        if not self._reading.is_under_way:
            self._read_on()

    @work(group="story")
    async def _read_on(self) -> None:
        with self.flashing():
            await self._reading.go_on(self._take)

    def _read_story(self, wanted: Wanted) -> Story | None:
        return read_story(self._store, self.console.settings, wanted)

    def _say_reading(self) -> None:
        self._pane.show(("Reading",), _READING, self._open_key)

    def _take(self, story: Story | None) -> None:
        if story is None:
            self._close()
            return
        before, self._reading.story = self._reading.story, story
        forms = titles(story, keys_of("people.next_place", self.console.keymap)[0])
        self._pane.show(
            forms,
            story_lines(story, self.now),
            self._open_key,
            keep_place=before is not None and before.wanted == story.wanted,
        )
        self.update_frame()

    def _reason_against_next(self) -> str:
        story = self._reading.story
        if story is None or self._reading.wanted is None:
            return "open one first"
        return "there is one target only" if story.places < 2 else ""

    def _search(self, words: str) -> None:
        self._list.search(words)
        self._update()

    def _close_bar(self, words: str) -> None:
        self._bar.close()
        if words != self._list.words:
            self._search(words)
        self._go_to_list()
        self._update()

    def _close(self) -> None:
        self._reading.want(None)
        self._panes.remove_class("opened")
        self._go_to_list()
        self.update_frame()

    def _go_to_list(self) -> None:
        self.remove_class("-reading")
        self._list.focus(scroll_visible=False)

    def _update(self) -> None:
        self._empty.display = not self._list.rows
        self._heading.update()
        self._empty.update()
        self.update_frame()

    def _heading_lines(self, width: int) -> list[Line]:
        shown, keymap = self._list, self.console.keymap
        return people_text.heading_lines(
            shown.kind, self._count, shown.words, shown.found, shown.is_searching, keymap, width
        )

    def _empty_lines(self, width: int) -> list[Line]:
        return people_text.empty_lines(self._list.kind, self._list.words, self.console.keymap, width)
