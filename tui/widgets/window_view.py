"""WindowView: a list of any length, of which only the visible rows are ever read.

It pulls: a tick asks the source for its newest id and does nothing when that is unchanged, so an idle console sends no
byte and a busy one costs the rows on screen, however many arrived. It holds its place by row id, not by position, and
has no virtual size, since that would lay out the screen for each new row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from tui.actions import bindings
from tui.plain import fit
from tui.widgets.position_bar import thumb
from tui.widgets.window_source import Row, Source

_CACHED_STRIPS = 4096
_MARK, _NO_MARK = "> ", "  "  # the cursor shows without colour too
_BAR_WIDTH = 1


class WindowView(Widget, can_focus=True):
    """A list over a `Source`, with a cursor, a position bar, and two modes.

    Following, it shows the newest rows. Moving the cursor holds it: the rows stay while `head` goes on counting. `end`
    follows again. A subclass adds component classes for the styles that its cells name.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("window-view--row", "window-view--dim", "window-view--good", "window-view--warning", "window-view--bad"),
        *("window-view--cursor", "window-view--bar", "window-view--thumb"),
    }
    DEFAULT_CSS = """
    WindowView {
        height: 1fr;
        & > .window-view--row { color: $foreground; }
        & > .window-view--dim { color: $foreground-muted; }
        & > .window-view--good { color: $success; }
        & > .window-view--warning { color: $warning; }
        & > .window-view--bad { color: $error; text-style: bold; }
        & > .window-view--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
        &:blur > .window-view--cursor {
            color: $block-cursor-blurred-foreground; background: $block-cursor-blurred-background;
        }
        & > .window-view--bar { color: $panel; }
        & > .window-view--thumb { color: $primary; }
        &:ansi > .window-view--dim { color: $foreground; text-style: dim; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]

    following: var[bool] = var(True)
    """Whether new rows move the view."""
    head: var[int] = var(0)
    """The newest id of the source at the last tick."""
    top: var[int] = var(0)
    """The id of the first visible row, 0 when there is none."""
    cursor: var[int] = var(0)
    """The id of the row under the cursor, 0 when there is none."""

    @dataclass
    class Highlighted(Message):
        """The cursor came to another row."""

        view: "WindowView"
        row: Row

        def can_replace(self, message: Message) -> bool:
            """Only the last of several highlights matters."""
            return isinstance(message, WindowView.Highlighted) and message.view is self.view

        @property
        def control(self) -> "WindowView":
            """The view, for `@on` selectors."""
            return self.view

    @dataclass
    class Opened(Message):
        """The row under the cursor was opened."""

        view: "WindowView"
        row: Row

        @property
        def control(self) -> "WindowView":
            """The view, for `@on` selectors."""
            return self.view

    def __init__(self, source: Source, *, id: str | None = None) -> None:
        """Show `source`. Whoever owns the view calls `tick` when there may be something new."""
        self._strips: LRUCache[tuple[Row, int, bool], Strip] = LRUCache(_CACHED_STRIPS)
        self._styles_of: dict[str, Style] = {}
        """By component; asked for with each cell of each row that comes."""
        self._rows: tuple[Row, ...] = ()
        self._thumb = range(0)
        super().__init__(id=id)
        self._source = source

    @property
    def rows(self) -> tuple[Row, ...]:
        """The visible rows."""
        return self._rows

    def on_resize(self, event: events.Resize) -> None:
        """Fill the new height: following from the newest row, holding from the same top."""
        self.reload()

    def notify_style_update(self) -> None:
        """Forget the strips drawn in the old styles."""
        self._strips.clear()
        self._styles_of.clear()
        super().notify_style_update()

    def tick(self) -> None:
        """Ask for the newest id; read one window if it changed what is visible."""
        head = self._source.head()
        if head == self.head or not self.size.height:
            return
        self.head = head
        if self.following:
            self._show(self._source.window_ending(head, self.size.height), cursor=head)
        elif len(self._rows) < self.size.height:
            self._show(self._source.window(self.top, self.size.height), cursor=self.cursor)
        else:
            self._update_bar()

    def reload(self) -> None:
        """Read the visible rows again, after the source's rows themselves changed (a filter, an edit, an expiry)."""
        if not (height := self.size.height):
            return
        self.head = self._source.head()
        if self.following:
            self._show(self._source.window_ending(self.head, height), cursor=self.head)
            return
        rows = self._source.window(self.top, height)
        if not rows or rows[-1].id < self.cursor:
            rows = self._source.window_ending(self.cursor, height)
        if len(rows) < height:
            rows = self._source.window_ending(self.head, height)
        self._show(rows, cursor=self.cursor)

    def switch(self, source: Source, at: int | None = None) -> None:
        """Show another source: hold at the row `at`, or at its nearest neighbour; `None` follows the newest."""
        self._source = source
        self.following, self.top, self.cursor = at is None, at or 0, at or 0
        self.reload()

    def render_line(self, y: int) -> Strip:
        """One row, or an empty line, with its piece of the position bar."""
        width = max(0, self.size.width - _BAR_WIDTH)
        body = self._strip(self._rows[y], width) if y < len(self._rows) else Strip.blank(width, self.rich_style)
        sign, part = ("▐", "window-view--thumb") if y in self._thumb else ("│", "window-view--bar")
        return Strip.join([body, Strip([Segment(sign, self._style(part, at_cursor=False))], _BAR_WIDTH)])

    def action_cursor_up(self) -> None:
        """One row up; at the top, the view follows the cursor."""
        self._hold()
        if not self._rows:
            return
        index = self._index()
        if index > 0:
            self._move_cursor(self._rows[index - 1].id)
        elif older := tuple(self._source.window_ending(self._rows[0].id - 1, 1)):
            self._show((older + self._rows)[: self.size.height], cursor=older[0].id)

    def action_cursor_down(self) -> None:
        """One row down; at the bottom, the view follows the cursor."""
        self._hold()
        if not self._rows:
            return
        index = self._index()
        if index + 1 < len(self._rows):
            self._move_cursor(self._rows[index + 1].id)
        elif newer := tuple(self._source.window(self._rows[-1].id + 1, 1)):
            self._show((self._rows + newer)[-self.size.height :], cursor=newer[0].id)

    def action_page_up(self) -> None:
        """A screenful up, one row kept in sight; at the oldest row, the cursor goes there."""
        self._hold()
        if not self._rows:
            return
        rows = self._source.window_ending(self._rows[0].id, self.size.height)
        if len(rows) < self.size.height:
            rows = self._source.window(0, self.size.height)
        self._turn_page(rows, edge=0)

    def action_page_down(self) -> None:
        """A screenful down, one row kept in sight; at the newest row, the cursor goes there."""
        self._hold()
        if not self._rows:
            return
        rows = self._source.window(self._rows[-1].id, self.size.height)
        if len(rows) < self.size.height:
            rows = self._source.window_ending(self._source.head(), self.size.height)
        self._turn_page(rows, edge=-1)

    def action_oldest(self) -> None:
        """Hold at the oldest row."""
        self._hold()
        if rows := self._source.window(0, self.size.height):
            self._show(rows, cursor=rows[0].id)

    def action_follow(self) -> None:
        """Go to the newest row and follow again."""
        self.following = True
        self.reload()

    def action_open(self) -> None:
        """Say that the row under the cursor is to be opened, and hold, so that it is still there afterwards."""
        self._hold()
        if self._rows:
            self.post_message(self.Opened(self, self._rows[self._index()]))

    def _hold(self) -> None:
        """Hold the rows; an empty list has none to hold, so it goes on following."""
        self.following = self.following and not self._rows

    def _index(self) -> int:
        """Where the cursor stands among the visible rows."""
        return next(index for index, row in enumerate(self._rows) if row.id == self.cursor)

    def _turn_page(self, rows: Sequence[Row], edge: int) -> None:
        """Show the page with the cursor on the same line, or on its edge row when there is no further page."""
        if not rows:
            return
        same_page = rows[0].id == self.top
        row = rows[edge] if same_page else rows[min(self._index(), len(rows) - 1)]
        self._show(rows, cursor=row.id)

    def _show(self, rows: Sequence[Row], cursor: int) -> None:
        """Take these rows as the visible ones, the cursor on the wanted row or on its nearest neighbour."""
        drawn, before = self._drawn(), self.cursor
        self._rows = tuple(rows)
        self.top = self._rows[0].id if self._rows else 0
        self.cursor = min((row.id for row in rows), key=lambda id: abs(id - cursor), default=0)
        self._update_bar()
        if changed := [y for y, (old, new) in enumerate(zip_longest(drawn, self._drawn())) if old != new]:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))
        if self.cursor and self.cursor != before:
            self.post_message(self.Highlighted(self, self._rows[self._index()]))

    def _drawn(self) -> list[tuple[Row, bool]]:
        """What the lines show: each row, and whether the cursor is on it."""
        return [(row, row.id == self.cursor) for row in self._rows]

    def _move_cursor(self, cursor: int) -> None:
        """Move within the visible rows: two lines are drawn again."""
        old = self._index()
        self.cursor = cursor
        new = self._index()
        self.refresh(*(Region(0, y, self.size.width, 1) for y in (old, new)))
        self.post_message(self.Highlighted(self, self._rows[new]))

    def _update_bar(self) -> None:
        if (thumb := self._thumb_lines()) != self._thumb:
            self._thumb = thumb
            self.refresh(Region(self.size.width - _BAR_WIDTH, 0, _BAR_WIDTH, self.size.height))

    def _thumb_lines(self) -> range:
        if not self._rows:
            return range(0)
        return thumb(self.size.height, self._rows[0].id, self._rows[-1].id, self._source.tail(), self.head)

    def _strip(self, row: Row, width: int) -> Strip:
        at_cursor = row.id == self.cursor
        key = (row, width, at_cursor)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = Strip(
                list(Segment.simplify(self._segments(row, width, at_cursor)))
            ).adjust_cell_length(width, self._style("window-view--row", at_cursor))
        return strip

    def _segments(self, row: Row, width: int, at_cursor: bool) -> list[Segment]:
        """The cells as plain text, one column between them."""
        room = max(0, width - len(_MARK))
        segments = [Segment(_MARK if at_cursor else _NO_MARK, self._style("window-view--row", at_cursor))]
        for cell in row.cells:
            cells = room if cell.width is None else min(cell.width, room)
            gap = " " if cells < room else ""
            segments.append(Segment(fit(cell.text, cells) + gap, self._style(cell.style, at_cursor)))
            room -= cells + len(gap)
        return segments

    def _style(self, name: str, at_cursor: bool) -> Style:
        wanted = "window-view--cursor" if at_cursor else name
        style = self._styles_of.get(wanted)
        if style is None:
            style = self._styles_of[wanted] = self.get_component_rich_style(wanted)
        return style
